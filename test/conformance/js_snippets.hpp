// SPDX-License-Identifier: MIT
// The 106 snippets of modern JavaScript, run through whatever evaluates scripts: each in a realm of
// its own.
#pragma once

#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace offstage::test {

struct snippet {
  std::string name;
  std::string source; // assigns true, or a promise of it, to R
};

// Evaluates a modern classic script in a new realm, runs what it leaves pending, and says what it
// printed with print().
using evaluate_script = std::function<std::string(const std::string& source)>;

inline std::string read_text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The fixture is a program itself: it hands over its list in a printable form.
inline std::vector<snippet> read_snippets(const std::string& folder,
                                          const evaluate_script& evaluate) {
  const std::string list =
      evaluate("var module = {};\n" + read_text(folder + "/fixtures/js_snippets.js")
               + "\nmodule.exports.forEach(function (s) {"
                 " print(encodeURIComponent(s.name) + ' ' + encodeURIComponent(s.src)); });");
  const auto decode = [](const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%' && i + 2 < text.size()) {
        out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  };
  std::vector<snippet> out;
  std::istringstream lines(list);
  for (std::string name, source; lines >> name >> source;)
    out.push_back({decode(name), decode(source)});
  return out;
}

inline bool passes(const snippet& s, const evaluate_script& evaluate) {
  return evaluate(
             "var R; " + s.source
             + "\n;Promise.resolve(R).then(function (v) { print(v === true ? 'pass' : 'fail'); },"
               " function (e) { print('rejected ' + e); });")
         == "pass\n";
}

inline std::set<std::string> read_expected_failures(const std::string& folder) {
  std::set<std::string> out;
  std::istringstream lines(read_text(folder + "/js_snippets_expected_failures.txt"));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != '#')
      out.insert(line);
  return out;
}

} // namespace offstage::test
