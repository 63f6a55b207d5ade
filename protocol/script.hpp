// SPDX-License-Identifier: MIT
#pragma once

// Scripts and what goes wrong in them, as data: a script's exception never leaves runtime/ as an
// exception.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/shared_bytes.hpp"

namespace offstage {

struct script_source {
  std::string url;         ///< As requested; the key of the script resource map.
  shared_bytes bytes;      ///< UTF-8 as received.
  shared_bytes artifact{}; ///< See script_artifact; empty: there is none.

  template <class Inspector>
  friend auto inspect(Inspector& f, script_source& x) {
    return f(caf::meta::type_name("script_source"), x.url, x.bytes, x.artifact);
  }
};

/// What an engine made of a script so that it need not do so again. Opaque to all but runtime/, and
/// believed by it: whoever can choose the bytes owns the process that runs them. So only a worker
/// process ever gets one, and only one that was made for its own worker.
struct script_artifact {
  std::string url; ///< Of the script.
  shared_bytes bytes;

  template <class Inspector>
  friend auto inspect(Inspector& f, script_artifact& x) {
    return f(caf::meta::type_name("script_artifact"), x.url, x.bytes);
  }
};

struct script_sources {
  std::vector<script_source> scripts;

  template <class Inspector>
  friend auto inspect(Inspector& f, script_sources& x) {
    return f(caf::meta::type_name("script_sources"), x.scripts);
  }
};

struct script_error {
  std::string name; ///< "TypeError"; empty if there was no error.
  std::string message;
  std::string file;
  uint32_t line = 0;   ///< From 1; 0 if unknown.
  uint32_t column = 0; ///< From 1; 0 if unknown.
  std::string stack;

  explicit operator bool() const { return !name.empty(); }

  template <class Inspector>
  friend auto inspect(Inspector& f, script_error& x) {
    return f(caf::meta::type_name("script_error"), x.name, x.message, x.file, x.line, x.column,
             x.stack);
  }
};

/// "TypeError: x is not a function (https://a.example/sw.js:12)".
std::string to_string(const script_error& error);

enum class console_level : uint8_t { debug, log, info, warn, error };

struct console_message {
  console_level level = console_level::log;
  std::string text;
  std::string file;
  uint32_t line = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, console_message& x) {
    return f(caf::meta::type_name("console_message"), x.level, x.text, x.file, x.line);
  }
};

} // namespace offstage
