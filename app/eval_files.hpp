// SPDX-License-Identifier: MIT
#pragma once

// Scripts of an eval run on disk: those it was called with, and the modules that they import.

#include <optional>
#include <string>
#include <variant>

#include "app/eval_options.hpp"
#include "protocol/script.hpp"

namespace offstage {

struct eval_script {
  script_source source; ///< A classic script's URL is its path, for errors to name it.
  worker_type type = worker_type::classic;
};

/// The script, or why it cannot be read. `url` is that of the first file; modules are beside it.
std::variant<eval_script, std::string> read_eval_script(const eval_file& file,
                                                        const std::string& url);

/// Which URLs are files: as many directories of the first file as its URL has.
class eval_modules {
public:
  eval_modules(const std::string& first_file, const std::string& url);

  /// The module, nothing if there is no such file or it is none that may be read.
  std::optional<script_source> find(const std::string& url) const;

private:
  std::string url_;       ///< Up to the common directories, with a slash at the end.
  std::string directory_; ///< What is there on disk.
};

} // namespace offstage
