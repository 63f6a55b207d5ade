// SPDX-License-Identifier: MIT
#include "runtime/clone_of_json.hpp"

#include <cmath>

#include <boost/json/parse.hpp>

#include "protocol/errors.hpp"
#include "runtime/clone_writer.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

namespace json = boost::json;

void write_string(clone_writer& to, std::string_view utf8) {
  to.put_string(cesu_from_utf8(utf8));
}

// The parser bounds the depth.
void write_value(clone_writer& to, const json::value& value) {
  switch (value.kind()) {
  case json::kind::null:
    return to.put('0');
  case json::kind::bool_:
    return to.put(value.get_bool() ? 't' : 'f');
  case json::kind::int64:
  case json::kind::uint64:
  case json::kind::double_:
    return to.put_number(value.to_number<double>());
  case json::kind::string:
    to.put('s');
    return write_string(to, value.get_string());
  case json::kind::array:
    to.put('d');
    to.put_varint(value.get_array().size());
    for (const auto& element : value.get_array())
      write_value(to, element);
    return to.put('z');
  case json::kind::object:
    to.put('o');
    for (const auto& [key, member] : value.get_object()) {
      to.put('k');
      write_string(to, key);
      write_value(to, member);
    }
    return to.put('z');
  }
}

} // namespace

caf::expected<structured_clone> clone_of_json(std::string_view text) {
  boost::system::error_code failure;
  const auto value = json::parse(text, failure);
  if (failure)
    return fail(node_error::bad_configuration, "not JSON: " + failure.message());
  std::string bytes{clone_writer::format_version};
  clone_writer to{bytes};
  write_value(to, value);
  structured_clone result;
  result.bytes = shared_bytes{std::move(bytes)};
  return result;
}

} // namespace offstage
