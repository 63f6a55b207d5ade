// SPDX-License-Identifier: MIT
// Expected texts are Node 20's.
#include <doctest/doctest.h>

#include "test/unit/runtime_extras/extras_runner.hpp"

namespace offstage::test {

TEST_CASE("numbers are written as locales and options want") {
  extras_runner script;
  const auto number = [&](const std::string& arguments, const std::string& value) {
    return script.evaluate("new Intl.NumberFormat(" + arguments + ").format(" + value + ")");
  };
  CHECK(script.evaluate("(1234567.891).toLocaleString()") == "1,234,567.891");
  CHECK(script.evaluate("(1234567.891).toLocaleString('de-DE')") == "1.234.567,891");
  CHECK(script.evaluate("(0.256).toLocaleString('en-US', {style: 'percent'})") == "26%");
  CHECK(script.evaluate("(12).toLocaleString('fr-FR', {minimumFractionDigits: 2})") == "12,00");
  CHECK(number("'en-US', {style: 'currency', currency: 'eur'}", "1234.5") == "\u20AC1,234.50");
  CHECK(number("'ja-JP', {style: 'currency', currency: 'JPY'}", "1234.5") == "\uFFE51,235");
  CHECK(number("'en', {notation: 'compact'}", "1234567") == "1.2M");
  CHECK(number("'en', {maximumSignificantDigits: 3}", "123456") == "123,000");
  CHECK(number("'en', {minimumIntegerDigits: 3, useGrouping: false}", "5") == "005");
  CHECK(number("'en-IN'", "1234567") == "12,34,567");
  CHECK(number("", "NaN") == "NaN");
  CHECK(number("", "-Infinity") == "-\u221E");
}

TEST_CASE("dates are written as locales, zones and options want") {
  extras_runner script;
  script.run("var d = new Date(Date.UTC(2024, 1, 29, 13, 5, 9)), utc = {timeZone: 'UTC'};");
  CHECK(script.evaluate("d.toLocaleDateString('en-US', utc)") == "2/29/2024");
  CHECK(script.evaluate("d.toLocaleDateString('de-DE', utc)") == "29.2.2024");
  CHECK(script.evaluate("d.toLocaleDateString('en-GB', {timeZone: 'UTC', weekday: 'long', year: "
                        "'numeric', month: 'long', day: 'numeric'})")
        == "Thursday, 29 February 2024");
  CHECK(script.evaluate("d.toLocaleTimeString('de-DE', utc)") == "13:05:09");
  CHECK(script.evaluate("d.toLocaleString('en-GB', utc)") == "29/02/2024, 13:05:09");
  CHECK(script.evaluate("d.toLocaleString('en-US', {timeZone: 'America/New_York', hour: '2-digit', "
                        "minute: '2-digit', hour12: false})")
        == "08:05");
  CHECK(script.evaluate("new Intl.DateTimeFormat('fr', {timeZone: 'UTC', dateStyle: 'full'})"
                        ".format(d)")
        == "jeudi 29 f\u00E9vrier 2024");
  CHECK(script.evaluate("Intl.DateTimeFormat('en-GB', {dateStyle: 'short', timeStyle: 'short'})"
                        ".format(d)")
        == "29/02/2024, 13:05");
  CHECK(script.evaluate("new Intl.DateTimeFormat('ja-JP').format(0)") == "1970/1/1");
  CHECK(script.evaluate("d.toLocaleDateString('en-US', {month: 'short', year: '2-digit'})")
        == "Feb 24");
  CHECK(script.evaluate("new Date(NaN).toLocaleString()") == "Invalid Date");
}

TEST_CASE("text is ordered as locales and options want") {
  extras_runner script;
  const auto sorted = [&](const std::string& list, const std::string& arguments) {
    return script.evaluate("[" + list + "].sort(new Intl.Collator(" + arguments
                           + ").compare).join()");
  };
  CHECK(sorted("'z', 'a', '\u00E4', 'Z'", "'de'") == "a,\u00E4,z,Z");
  CHECK(sorted("'z', 'a', '\u00E4'", "'sv'") == "a,z,\u00E4");
  CHECK(sorted("'a10', 'a2'", "'en', {numeric: true}") == "a2,a10");
  const auto compare = [&](const std::string& sensitivity, const std::string& right) {
    return script.evaluate("new Intl.Collator('en', {sensitivity: '" + sensitivity
                           + "'}).compare('a', '" + right + "')");
  };
  CHECK(compare("base", "\u00C1") == "0");
  CHECK(compare("accent", "A") == "0");
  CHECK(compare("accent", "\u00E1") == "-1");
  CHECK(compare("case", "A") == "-1");
  CHECK(compare("case", "\u00E1") == "0");
  CHECK(script.evaluate("'a'.localeCompare('b') + 'a'.localeCompare('a')") == "-1");
  CHECK(script.evaluate("'r\u00E9sum\u00E9'.localeCompare('resume', 'fr')") == "1");
}

TEST_CASE("locales and options that are wrong are errors of the right kind") {
  extras_runner script;
  for (const auto* code :
       {"new Intl.NumberFormat('x')", "new Intl.NumberFormat('en_US')",
        "new Intl.NumberFormat('en', {style: 'none'})",
        "new Intl.NumberFormat('en', {style: 'currency', currency: 'E'})",
        "new Intl.NumberFormat('en', {maximumFractionDigits: 101})",
        "new Intl.NumberFormat('en', {minimumFractionDigits: 3, maximumFractionDigits: 2})",
        "new Intl.DateTimeFormat('en', {timeZone: 'Nowhere/City'})",
        "new Intl.DateTimeFormat('en', {month: 'wide'})",
        "new Intl.DateTimeFormat('en').format(NaN)",
        "new Intl.Collator('en', {sensitivity: 'none'})"}) {
    CAPTURE(code);
    CHECK(script.evaluate(code).find("RangeError") == 0);
  }
  for (const auto* code : {"new Intl.NumberFormat(null)", "new Intl.NumberFormat([1])",
                           "new Intl.NumberFormat('en', {style: 'currency'})",
                           "new Intl.DateTimeFormat('en', {dateStyle: 'full', day: 'numeric'})",
                           "Intl.NumberFormat.prototype.resolvedOptions.call({})",
                           "Number.prototype.toLocaleString.call('1')",
                           "String.prototype.localeCompare.call(null, '')"}) {
    CAPTURE(code);
    CHECK(script.evaluate(code).find("TypeError") == 0);
  }
}

TEST_CASE("Intl says what it resolved") {
  extras_runner script;
  CHECK(script.evaluate("String(Intl)") == "[object Intl]");
  CHECK(script.evaluate("new Intl.NumberFormat('de-XX').resolvedOptions().locale") == "de");
  CHECK(script.evaluate("new Intl.NumberFormat('xx').resolvedOptions().locale") == "en-US");
  CHECK(script.evaluate("new Intl.DateTimeFormat().resolvedOptions().timeZone") == "UTC");
  CHECK(script.evaluate("Intl.Collator.supportedLocalesOf(['de-AT', 'xx'])") == "de-AT");
  CHECK(script.evaluate("Intl.getCanonicalLocales('EN-us')") == "en-US");
  CHECK(script.evaluate("(function () { var f = new Intl.NumberFormat('en').format; return "
                        "[1, 2000].map(f).join(); })()")
        == "1,2,000");
  CHECK(
      script.evaluate("typeof Intl.PluralRules + typeof Intl.NumberFormat.prototype.formatToParts")
      == "undefinedundefined");
}

} // namespace offstage::test
