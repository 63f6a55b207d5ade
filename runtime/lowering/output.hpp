// SPDX-License-Identifier: MIT
// The text of the lowered program as it grows. The engine knows the line of an instruction and no
// column, so every place of the source that may be asked for begins a line of its own. Gaps are
// filled once the emitter knows what belongs there.
#pragma once

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
        places_.push_back(places_.back());
  }

  // What follows is at this offset of the source. Never behind `return` and its like, nor before
  // `++`.
  void at(std::uint32_t offset) {
    if (offset != places_.back())
      new_line(offset);
  }
  std::uint32_t place() const { return places_.back(); }

  // A function's instructions are on lines that nothing else is on, which is how it is found.
  void begin_body(std::uint32_t offset) {
    new_line(offset);
    open_bodies_.push_back(lines() - 1);
  }
  // `begin` and `end`: its text in the source.
  void end_body(std::uint32_t begin, std::uint32_t end, std::uint32_t outside) {
    const std::uint32_t first = open_bodies_.back();
    open_bodies_.pop_back();
    bodies_.push_back({first, lines() - first, begin, end});
    new_line(outside);
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

  // Format: see runtime/script_maps.hpp.
  std::string place_table() const {
    std::string out;
    std::uint32_t before = 0;
    for (const std::uint32_t place : places_) {
      const auto step = static_cast<std::int32_t>(place - before);
      append_number(out, (static_cast<std::uint32_t>(step) << 1) ^ (step < 0 ? ~0u : 0u));
      before = place;
    }
    return out;
  }
  std::string body_table() const {
    std::string out;
    for (const body& b : bodies_) {
      append_number(out, b.first_line);
      append_number(out, b.lines);
      append_number(out, b.begin);
      append_number(out, b.end - b.begin);
    }
    return out;
  }

private:
  struct filling {
    std::size_t offset;
    std::string text;
  };
  struct body {
    std::uint32_t first_line; // from 0
    std::uint32_t lines;
    std::uint32_t begin;
    std::uint32_t end;
  };

  std::uint32_t lines() const { return static_cast<std::uint32_t>(places_.size()); }

  void new_line(std::uint32_t offset) {
    text_ += '\n';
    places_.push_back(offset);
  }

  static void append_number(std::string& out, std::uint32_t value) {
    for (; value >= 0x80; value >>= 7)
      out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  }

  std::string text_;
  std::vector<filling> gaps_;
  std::vector<std::uint32_t> places_{0}; // of each line
  std::vector<std::uint32_t> open_bodies_;
  std::vector<body> bodies_;
};

} // namespace offstage::lowering
