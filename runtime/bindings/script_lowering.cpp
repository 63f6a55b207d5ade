// SPDX-License-Identifier: MIT
#include "runtime/bindings/script_lowering.hpp"

namespace offstage {

lower_result lower(std::string_view source, lower_goal, std::string_view) {
  return {std::string{source}, std::nullopt};
}

lowered_main lower_main(std::string_view source, const std::string&) {
  return {std::string{source}, {}};
}

} // namespace offstage
