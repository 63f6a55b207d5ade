// SPDX-License-Identifier: MIT
#include "runtime/lowering/lowering.hpp"

#include <exception>

#include "runtime/lowering/arena.hpp"
#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"
#include "runtime/lowering/lexer.hpp"
#include "runtime/lowering/parser.hpp"
#include "runtime/lowering/scopes.hpp"

namespace offstage {
namespace {

using namespace lowering;

// A name beginning that the source does not contain. Escapes could spell it all the same, so their
// presence asks for one that nobody would write.
std::string unused_prefix(std::string_view source, bool saw_escaped_name) {
  std::string prefix = saw_escaped_name ? "$_offstage_" : "_$";
  for (int i = 0; source.find(prefix) != std::string_view::npos; ++i)
    prefix = "_$" + std::to_string(i) + "_";
  return prefix;
}

// Global made-up names must differ between the scripts of a realm: they carry a hash of the source.
std::string source_mark(std::string_view source) {
  std::uint64_t hash = 14695981039346656037u;
  for (char c : source)
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::string out;
  for (int i = 0; i < 6; ++i, hash /= 36)
    out += "0123456789abcdefghijklmnopqrstuvwxyz"[hash % 36];
  return out + "_";
}

lowering_error located(const syntax_error& error, std::string_view source) {
  const std::size_t offset = std::min<std::size_t>(error.offset, source.size());
  const std::size_t line_end = source.find_last_of("\r\n", offset ? offset - 1 : 0);
  std::size_t i = offset == 0 || line_end == std::string_view::npos ? 0 : line_end + 1;
  std::uint32_t column = 1;
  while (i < offset) {
    const decoded c = decode_utf8(source, i);
    column += c.value >= 0x10000 ? 2 : 1;
    i = c.next;
  }
  return {error.message, error.line, column};
}

lowered_script lower(std::string_view source, const lowering_options& options) {
  arena memory;
  parser syntax(source, memory, options);
  program p = syntax.parse_program();
  const std::string prefix = unused_prefix(source, p.saw_escaped_name);
  scope_analysis scopes(options, prefix, prefix + source_mark(source));
  const scope& top = scopes.analyze(p);
  return emitter(scopes, options).emit_program(p, top);
}

} // namespace

lowering_result lower_script(std::string_view source, const lowering_options& options) {
  std::string text;
  try {
    if (source.size() > lowering_limits::source_bytes_max)
      return lowering_error{"the script is too long"};
    text = repair_utf8(source);
    auto result = lower(text, options);
    if (text != source)
      result.repaired = std::move(text);
    return result;
  } catch (const syntax_error& error) {
    return located(error, text);
  } catch (const std::exception& error) {
    return lowering_error{std::string("cannot compile: ") + error.what()};
  }
}

} // namespace offstage
