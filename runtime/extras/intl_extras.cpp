// SPDX-License-Identifier: MIT
// What runtime/js/extras/intl.js needs: locales, and ICU's formatters and collators in boxes.
// Options come as ICU's skeletons and attribute values, which that file makes.
#include <cmath>
#include <vector>

#include "runtime/engine_text.hpp"
#include "runtime/extras/boxed.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/values.hpp"

#include <unicode/ucal.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/unumberformatter.h>

namespace offstage {

namespace {

// Longer language tags name nothing that ICU has.
constexpr std::size_t tag_bytes_max = 128;
// The longest text that one number or date becomes; ICU says when it is not enough.
constexpr std::size_t formatted_units_max = 1024;

template <auto Close>
struct icu_closer {
  template <class T>
  void operator()(T* value) const {
    Close(value);
  }
};

struct number_box {
  static constexpr const char* box_key = DUK_HIDDEN_SYMBOL("number format");
  std::unique_ptr<UNumberFormatter, icu_closer<unumf_close>> formatter;
  std::unique_ptr<UFormattedNumber, icu_closer<unumf_closeResult>> result;
};

struct date_box {
  static constexpr const char* box_key = DUK_HIDDEN_SYMBOL("date format");
  std::unique_ptr<UDateFormat, icu_closer<udat_close>> format;
};

struct collator_box {
  static constexpr const char* box_key = DUK_HIDDEN_SYMBOL("collator");
  std::unique_ptr<UCollator, icu_closer<ucol_close>> collator;
};

std::u16string units_argument(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  return text == nullptr ? std::u16string{} : utf16_from_cesu({text, size});
}

js_result<int> push_units(duk_context* ctx, std::u16string_view units) {
  const auto text = cesu_from_utf16(units);
  if (auto pushed = protect(
          ctx, 1, [&](duk_context* inner) { duk_push_lstring(inner, text.data(), text.size()); });
      !pushed)
    return pushed.error();
  return 1;
}

template <class Box>
js_result<int> push_box(duk_context* ctx, std::unique_ptr<Box> box, UErrorCode status) {
  if (U_FAILURE(status))
    return js_error::range("The options are not supported");
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_boxed(inner, box); }); !pushed)
    return pushed.error();
  return 1;
}

// ICU's name of a language tag; empty if it is none.
std::string icu_locale(std::string_view tag) {
  char name[ULOC_FULLNAME_CAPACITY] = {};
  int32_t parsed = 0;
  UErrorCode status = U_ZERO_ERROR;
  const std::string text{tag};
  if (text.empty() || text.size() > tag_bytes_max)
    return {};
  uloc_forLanguageTag(text.c_str(), name, sizeof name, &parsed, &status);
  return U_SUCCESS(status) && parsed == static_cast<int32_t>(text.size()) ? name : std::string{};
}

std::string tag_of(const std::string& locale) {
  char tag[ULOC_FULLNAME_CAPACITY] = {};
  UErrorCode status = U_ZERO_ERROR;
  uloc_toLanguageTag(locale.c_str(), tag, sizeof tag, 1, &status);
  return U_SUCCESS(status) ? tag : "";
}

// canonicalLocale(tag): undefined if it is no language tag.
js_result<int> canonical_locale(duk_context* ctx) {
  const auto locale = icu_locale(text_argument(ctx, 0));
  char canonical[ULOC_FULLNAME_CAPACITY] = {};
  UErrorCode status = U_ZERO_ERROR;
  uloc_canonicalize(locale.c_str(), canonical, sizeof canonical, &status);
  if (locale.empty() || U_FAILURE(status))
    return 0;
  return push_utf8(ctx, tag_of(canonical));
}

bool is_available(std::string_view locale) {
  for (int32_t i = 0; i < uloc_countAvailable(); ++i)
    if (uloc_getAvailable(i) == locale)
      return true;
  return false;
}

// bestLocale(tag): the nearest that there is data for, or undefined.
js_result<int> best_locale(duk_context* ctx) {
  char base[ULOC_FULLNAME_CAPACITY] = {};
  UErrorCode status = U_ZERO_ERROR;
  uloc_getBaseName(icu_locale(text_argument(ctx, 0)).c_str(), base, sizeof base, &status);
  std::string name{U_SUCCESS(status) ? base : ""};
  while (!name.empty() && !is_available(name)) {
    const auto cut = name.rfind('_');
    name.resize(cut == std::string::npos ? 0 : cut);
  }
  if (name.empty())
    return 0;
  return push_utf8(ctx, tag_of(name));
}

// makeNumber(locale, skeleton)
js_result<int> make_number(duk_context* ctx) {
  const auto skeleton = units_argument(ctx, 1);
  UErrorCode status = U_ZERO_ERROR;
  auto box = std::make_unique<number_box>();
  box->formatter.reset(
      unumf_openForSkeletonAndLocale(skeleton.data(), static_cast<int32_t>(skeleton.size()),
                                     icu_locale(text_argument(ctx, 0)).c_str(), &status));
  box->result.reset(unumf_openResult(&status));
  return push_box(ctx, std::move(box), status);
}

// formatNumber(format, number)
js_result<int> format_number(duk_context* ctx) {
  auto* box = boxed_at<number_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a number format");
  UErrorCode status = U_ZERO_ERROR;
  unumf_formatDouble(box->formatter.get(), duk_get_number(ctx, 1), box->result.get(), &status);
  std::u16string out(formatted_units_max, u'\0');
  const auto size = unumf_resultToString(box->result.get(), out.data(),
                                         static_cast<int32_t>(out.size()), &status);
  if (U_FAILURE(status))
    return js_error::range("The number cannot be formatted");
  return push_units(ctx, std::u16string_view{out}.substr(0, static_cast<std::size_t>(size)));
}

// The pattern that suits a locale best for a skeleton.
std::u16string best_pattern(const std::string& locale, const std::u16string& skeleton,
                            UErrorCode& status) {
  const std::unique_ptr<UDateTimePatternGenerator, icu_closer<udatpg_close>> generator{
      udatpg_open(locale.c_str(), &status)};
  std::u16string pattern(formatted_units_max, u'\0');
  if (U_FAILURE(status))
    return {};
  const auto size = udatpg_getBestPatternWithOptions(generator.get(), skeleton.data(),
                                                     static_cast<int32_t>(skeleton.size()),
                                                     UDATPG_MATCH_HOUR_FIELD_LENGTH, pattern.data(),
                                                     static_cast<int32_t>(pattern.size()), &status);
  pattern.resize(U_SUCCESS(status) ? static_cast<std::size_t>(size) : 0);
  return pattern;
}

UDateFormatStyle style_argument(duk_context* ctx, duk_idx_t index) {
  constexpr UDateFormatStyle styles[] = {UDAT_NONE, UDAT_FULL, UDAT_LONG, UDAT_MEDIUM, UDAT_SHORT};
  const auto which = static_cast<std::size_t>(duk_get_uint(ctx, index));
  return styles[which < std::size(styles) ? which : 0];
}

// makeDate(locale, zone, skeleton, dateStyle, timeStyle): styles count if the skeleton is empty.
js_result<int> make_date(duk_context* ctx) {
  const auto locale = icu_locale(text_argument(ctx, 0));
  const auto zone = units_argument(ctx, 1);
  const auto skeleton = units_argument(ctx, 2);
  UErrorCode status = U_ZERO_ERROR;
  const auto pattern = skeleton.empty() ? skeleton : best_pattern(locale, skeleton, status);
  const auto date = skeleton.empty() ? style_argument(ctx, 3) : UDAT_PATTERN;
  const auto time = skeleton.empty() ? style_argument(ctx, 4) : UDAT_PATTERN;
  auto box = std::make_unique<date_box>();
  if (U_SUCCESS(status))
    box->format.reset(udat_open(time, date, locale.c_str(), zone.data(),
                                static_cast<int32_t>(zone.size()), pattern.data(),
                                static_cast<int32_t>(pattern.size()), &status));
  return push_box(ctx, std::move(box), status);
}

// formatDate(format, milliseconds)
js_result<int> format_date(duk_context* ctx) {
  auto* box = boxed_at<date_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a date format");
  UErrorCode status = U_ZERO_ERROR;
  std::u16string out(formatted_units_max, u'\0');
  const auto size = udat_format(box->format.get(), duk_get_number(ctx, 1), out.data(),
                                static_cast<int32_t>(out.size()), nullptr, &status);
  if (U_FAILURE(status))
    return js_error::range("The date cannot be formatted");
  return push_units(ctx, std::u16string_view{out}.substr(0, static_cast<std::size_t>(size)));
}

// canonicalZone(name): undefined if there is no such time zone.
js_result<int> canonical_zone(duk_context* ctx) {
  const auto name = units_argument(ctx, 0);
  UErrorCode status = U_ZERO_ERROR;
  UChar zone[128] = {};
  UBool is_system = 0;
  const auto size =
      ucal_getCanonicalTimeZoneID(name.data(), static_cast<int32_t>(name.size()), zone,
                                  static_cast<int32_t>(std::size(zone)), &is_system, &status);
  if (U_FAILURE(status) || !is_system)
    return 0;
  const std::u16string_view found{zone, static_cast<std::size_t>(size)};
  return push_units(ctx, found == u"Etc/UTC" || found == u"Etc/GMT" ? u"UTC" : found);
}

// makeCollator(locale, strength, numeric, ignorePunctuation): strength as ICU counts it, with the
// level of case as 10.
js_result<int> make_collator(duk_context* ctx) {
  constexpr duk_uint_t primary_with_case = 10;
  UErrorCode status = U_ZERO_ERROR;
  auto box = std::make_unique<collator_box>();
  box->collator.reset(ucol_open(icu_locale(text_argument(ctx, 0)).c_str(), &status));
  if (U_FAILURE(status))
    return js_error::range("There is no such collator");
  auto* collator = box->collator.get();
  const auto strength = duk_get_uint(ctx, 1);
  ucol_setAttribute(collator, UCOL_NORMALIZATION_MODE, UCOL_ON, &status);
  if (strength == primary_with_case)
    ucol_setAttribute(collator, UCOL_CASE_LEVEL, UCOL_ON, &status);
  ucol_setStrength(collator, strength == 1   ? UCOL_SECONDARY
                             : strength == 2 ? UCOL_TERTIARY
                                             : UCOL_PRIMARY);
  if (duk_get_boolean(ctx, 2))
    ucol_setAttribute(collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
  if (duk_get_boolean(ctx, 3))
    ucol_setAttribute(collator, UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED, &status);
  return push_box(ctx, std::move(box), status);
}

// compare(collator, left, right)
js_result<int> compare(duk_context* ctx) {
  auto* box = boxed_at<collator_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a collator");
  const auto left = units_argument(ctx, 1);
  const auto right = units_argument(ctx, 2);
  duk_push_int(ctx,
               ucol_strcoll(box->collator.get(), left.data(), static_cast<int32_t>(left.size()),
                            right.data(), static_cast<int32_t>(right.size())));
  return 1;
}

constexpr native_entry functions[] = {
    {"canonicalLocale", native<canonical_locale>, 1, 1},
    {"bestLocale", native<best_locale>, 1, 1},
    {"makeNumber", native<make_number>, 2, 2},
    {"formatNumber", native<format_number>, 2, 2},
    {"makeDate", native<make_date>, 5, 5},
    {"formatDate", native<format_date>, 2, 2},
    {"canonicalZone", native<canonical_zone>, 1, 1},
    {"makeCollator", native<make_collator>, 4, 4},
    {"compare", native<compare>, 3, 3},
};

} // namespace

void install_intl_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage
