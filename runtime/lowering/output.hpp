// SPDX-License-Identifier: MIT
// The text of the lowered program as it grows. It knows its line, and lets the emitter leave gaps
// to be filled once it knows what belongs there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offstage::lowering {

class output {
public:
  using gap = std::size_t;

  // Text without line ends.
  void put(std::string_view text) { text_ += text; }
  void put(char c) { text_ += c; }

  // Source text that may have line ends, as string literals do.
  void put_source(std::string_view text) {
    text_ += text;
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')))
        ++line_;
  }

  // Catches up with a source line. Never behind `return` and its like.
  void go_to_line(std::uint32_t line) {
    if (line <= line_)
      return;
    text_.append(line - line_, '\n');
    line_ = line;
  }

  gap leave_gap() {
    gaps_.push_back({text_.size(), {}});
    return gaps_.size() - 1;
  }
  // Text without line ends.
  void fill(gap g, std::string_view text) { gaps_[g].text += text; }

  std::size_t size() const { return text_.size(); }
  std::string_view since(std::size_t offset) const {
    return std::string_view(text_).substr(offset);
  }
  char last() const { return text_.empty() ? '\n' : text_.back(); }

  std::string finish() const {
    std::string out;
    std::size_t done = 0;
    for (const filling& f : gaps_) {
      out.append(text_, done, f.offset - done);
      out += f.text;
      done = f.offset;
    }
    return out.append(text_, done);
  }

private:
  struct filling {
    std::size_t offset;
    std::string text;
  };

  std::string text_;
  std::vector<filling> gaps_;
  std::uint32_t line_ = 1;
};

} // namespace offstage::lowering
