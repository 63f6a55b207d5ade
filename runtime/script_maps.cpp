// SPDX-License-Identifier: MIT
#include "runtime/script_maps.hpp"

#include <algorithm>
#include <utility>

#include "runtime/engine_limits.hpp"

namespace offstage {

namespace {

class number_reader {
public:
  explicit number_reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }

  std::uint32_t next() {
    std::uint32_t value = 0;
    for (int shift = 0; !at_end() && shift < 35; shift += 7) {
      const auto byte = static_cast<unsigned char>(text_[at_++]);
      value |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
      if (byte < 0x80)
        break;
    }
    return value;
  }

  std::uint32_t next_signed() {
    const auto value = next();
    return (value >> 1) ^ (value & 1 ? ~0u : 0u);
  }

private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Columns count UTF-16 code units.
source_place place_of(std::string_view source, std::size_t offset) {
  const auto before = source.substr(0, offset);
  source_place place{1, 1};
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool is_end = before[i] == '\n'
                        || (before[i] == '\r' && (i + 1 == source.size() || source[i + 1] != '\n'));
    if (!is_end)
      continue;
    ++place.line;
    line_start = i + 1;
  }
  for (const char c : before.substr(line_start))
    place.column += is_continuation(c) ? 0 : static_cast<unsigned char>(c) >= 0xf0 ? 2 : 1;
  return place;
}

std::size_t size_of(const script_map& map) {
  return map.source.size() + map.places.size() + map.functions.size();
}

} // namespace

void script_maps::add(const std::string& file, script_map map) {
  maps_.insert_or_assign(file, std::move(map));
}

const std::string& script_maps::add_eval(script_map map) {
  last_eval_ = "<eval " + std::to_string(++eval_count_) + ">";
  eval_bytes_ += size_of(map);
  evals_.push_back(last_eval_);
  maps_.insert_or_assign(last_eval_, std::move(map));
  while (evals_.size() > 1
         && (eval_bytes_ > js_eval_text_bytes_max || evals_.size() > js_eval_count_max)) {
    const auto oldest = maps_.find(evals_.front());
    eval_bytes_ -= size_of(oldest->second);
    maps_.erase(oldest);
    evals_.pop_front();
  }
  return last_eval_;
}

source_place script_maps::find(std::string_view file, std::uint32_t line) const {
  const auto at = maps_.find(file);
  if (at == maps_.end() || line == 0)
    return {line, 0};
  number_reader places{at->second.places};
  std::uint32_t offset = 0;
  for (std::uint32_t i = 0; i < line && !places.at_end(); ++i)
    offset += places.next_signed();
  return place_of(at->second.source, std::min<std::size_t>(offset, at->second.source.size()));
}

std::optional<std::string_view> script_maps::function_text(std::string_view file,
                                                           std::uint32_t line) const {
  const auto at = maps_.find(file);
  if (at == maps_.end() || line == 0)
    return std::nullopt;
  number_reader functions{at->second.functions};
  while (!functions.at_end()) {
    const auto first = functions.next();
    const auto lines = functions.next();
    const auto begin = functions.next();
    const auto length = functions.next();
    if (line - 1 >= first && line - 1 - first < lines)
      return at->second.source.substr(std::min<std::size_t>(begin, at->second.source.size()),
                                      length);
  }
  return std::nullopt;
}

} // namespace offstage
