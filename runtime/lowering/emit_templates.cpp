// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstdio>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/emitter.hpp"

namespace offstage::lowering {
namespace {

void append_unit(std::string& out, char32_t unit) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(unit));
  out += text.data();
}

// `\u{1f600}` as one or two escapes of four digits; `i` stands on the brace.
void append_code_point(std::string& out, std::string_view raw, std::size_t& i) {
  char32_t value = 0;
  for (++i; raw[i] != '}'; ++i)
    value = value * 16 + hex_value(raw[i]);
  ++i;
  if (value >= 0x10000) {
    append_unit(out, 0xd800 + ((value - 0x10000) >> 10));
    value = 0xdc00 + ((value - 0x10000) & 0x3ff);
  }
  append_unit(out, value);
}

void append_escape(std::string& out, std::string_view raw, std::size_t& i) {
  const char c = raw[++i];
  if (c == '\r' || c == '\n') {
    i += c == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n' ? 2 : 1;
  } else if (c == '0') {
    out += "\\x00";
    ++i;
  } else if (c == 'u' && i + 1 < raw.size() && raw[i + 1] == '{') {
    append_code_point(out, raw, ++i);
  } else if (is_ascii(c)) {
    out += '\\';
    out += c;
    ++i;
  } else {
    // A continued line if it is one of the wide line ends, else the character itself.
    const decoded d = decode_utf8(raw, i);
    if (d.value != line_separator && d.value != paragraph_separator)
      out += raw.substr(i, d.next - i);
    i = d.next;
  }
}

// The cooked value of a template piece as a string literal on one line.
std::string cooked_literal(std::string_view raw) {
  std::string out = "\"";
  for (std::size_t i = 0; i < raw.size();) {
    const char c = raw[i];
    if (c == '\\') {
      append_escape(out, raw, i);
    } else if (c == '\r' || c == '\n') {
      out += "\\n";
      i += c == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n' ? 2 : 1;
    } else if (c == '"') {
      out += "\\\"";
      ++i;
    } else if (is_ascii(c)) {
      if (static_cast<unsigned char>(c) < 0x20)
        append_unit(out, static_cast<unsigned char>(c));
      else
        out += c;
      ++i;
    } else {
      const decoded d = decode_utf8(raw, i);
      if (d.value == line_separator || d.value == paragraph_separator)
        append_unit(out, d.value);
      else
        out += raw.substr(i, d.next - i);
      i = d.next;
    }
  }
  return out += '"';
}

std::string raw_literal(std::string_view raw) {
  std::string normalized;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool pair = raw[i] == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n';
    if (!pair)
      normalized += raw[i] == '\r' ? '\n' : raw[i];
  }
  return quote(normalized);
}

// Whether the engine may refuse the pattern though it is one: named groups and lookbehind, and
// escapes and ranges that only the web's legacy grammar allows.
bool has_legacy_syntax(std::string_view body) {
  for (std::size_t i = 0; i + 1 < body.size(); ++i) {
    const char next = body[i + 1];
    if (body[i] == '\\') {
      if (is_digit(next) || next == 'c' || next == 'u' || next == 'x'
          || (i + 2 < body.size() && body[i + 2] == '-'))
        return true;
      ++i;
    } else if (body[i] == '-' && next == '\\') {
      return true;
    }
  }
  return body.find("(?<") != std::string_view::npos;
}

} // namespace

// String.prototype.concat converts as templates do: with ToString, not with the default hint of
// `+`.
void emitter::template_(const template_literal& t) {
  put(cooked_literal(t.pieces[0].raw));
  if (t.expressions.empty())
    return;
  put(".concat(");
  for (std::size_t i = 0; i < t.expressions.size(); ++i) {
    put(i ? "," : "");
    out_.at(t.expressions[i]->begin);
    expression(t.expressions[i], binds::assignment);
    if (!t.pieces[i + 1].raw.empty())
      put("," + cooked_literal(t.pieces[i + 1].raw));
  }
  put(")");
}

void emitter::tagged(const tagged_template& t) {
  frame* top = frame_;
  while (top->up)
    top = top->up;
  const std::string site = scopes_.made_up_name("site", top->global ? scope_analysis::reach::global
                                                                    : scope_analysis::reach::local);
  (top->global ? top->globals : top->variables).push_back(site);
  const bool special = is_special_member(t.tag);
  if (special)
    put(callee_keeping_receiver(t.tag).insert(0, ".call(") + ",");
  else
    expression(t.tag, binds::call);
  std::string cooked;
  std::string raw;
  for (const template_piece& piece : t.quasi->pieces) {
    cooked += cooked.empty() ? "" : ",";
    cooked += piece.cooked ? cooked_literal(piece.raw) : "void 0";
    raw += (raw.empty() ? "" : ",") + raw_literal(piece.raw);
  }
  put((special ? "" : "(") + site + "||(" + site + "=__os_template([" + cooked + "],[" + raw
      + "]))");
  for (const node* value : t.quasi->expressions) {
    put(",");
    out_.at(value->begin);
    expression(value, binds::assignment);
  }
  out_.at(t.begin);
  put(")");
}

void emitter::regex(const regex_literal& r) {
  for (std::size_t i = 0; i < r.flags.size(); ++i)
    if (std::string_view("dgimsuvy").find(r.flags[i]) == std::string_view::npos
        || r.flags.find(r.flags[i], i + 1) != std::string_view::npos)
      throw syntax_error{"invalid regular expression flags", r.line, r.begin};
  const bool engine_knows =
      r.flags.find_first_of("dsuvy") == std::string_view::npos && !has_legacy_syntax(r.body);
  if (engine_knows) {
    put(out_.last() == '/' ? " /" : "/");
    put(r.body);
    put("/");
    return put(r.flags);
  }
  put("__re(" + quote(r.body) + "," + quote(r.flags) + ")");
}

} // namespace offstage::lowering
