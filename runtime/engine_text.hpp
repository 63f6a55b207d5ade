// SPDX-License-Identifier: MIT
#pragma once
// Duktape keeps strings as CESU-8: a character outside the BMP is two surrogates of three bytes
// each, and a lone surrogate is possible. A string whose first byte is 0x80..0xFF of the symbol
// range would be a symbol, so host bytes enter script only through `push_text`, which replaces
// whatever is not UTF-8.

#include <cstddef>
#include <string>
#include <string_view>

#include <duktape.h>

namespace offstage {

// CESU-8 (or UTF-8) to UTF-8; lone surrogates and broken bytes become U+FFFD (a Web IDL USVString).
std::string utf8_from_cesu(std::string_view text);
// UTF-8 to CESU-8; broken bytes become U+FFFD, one for each maximal broken part.
std::string cesu_from_utf8(std::string_view text);
// CESU-8 to UTF-16 with lone surrogates kept, and back.
std::u16string utf16_from_cesu(std::string_view text);
std::string cesu_from_utf16(std::u16string_view text);

// The same into given room: one unit for each byte is always enough, three bytes for each unit.
// Give the count written.
std::size_t utf16_from_cesu(std::string_view text, char16_t* out);
std::size_t cesu_from_utf16(std::u16string_view text, char* out);

bool is_plain_ascii(std::string_view text);

// Pushes host text. Throws into script when the heap is full: call it inside `protect`, or with no
// destructor pending.
void push_text(duk_context* ctx, std::string_view utf8);

} // namespace offstage
