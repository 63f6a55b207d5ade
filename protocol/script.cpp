// SPDX-License-Identifier: MIT
#include "protocol/script.hpp"

namespace offstage {

std::string to_string(const script_error& error) {
  std::string text = error.name;
  if (!error.message.empty())
    text += ": " + error.message;
  if (!error.file.empty()) {
    text += " (" + error.file;
    if (error.line != 0)
      text += ":" + std::to_string(error.line);
    if (error.column != 0)
      text += ":" + std::to_string(error.column);
    text += ")";
  }
  return text;
}

} // namespace offstage
