// SPDX-License-Identifier: MIT
#include "protocol/url_host.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <vector>

#include <unicode/uidna.h>

namespace offstage::url_detail {

namespace {

bool is_one_of(unsigned char c, std::string_view set) {
  return set.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_forbidden_host_byte(char c) {
  return c == '\0' || is_one_of(static_cast<unsigned char>(c), "\t\n\r #/:<>?@[\\]^|");
}

bool is_forbidden_domain_byte(char c) {
  return is_forbidden_host_byte(c) || static_cast<unsigned char>(c) <= 0x1f || c == '%'
         || c == '\x7f';
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t start = 0;;) {
    const auto end = text.find(separator, start);
    if (end == std::string_view::npos) {
      parts.push_back(text.substr(start));
      return parts;
    }
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
}

struct ipv4_number {
  bool valid = false;
  uint64_t value = 0; ///< Saturated above 32 bits.
};

// Spec: URL#ipv4-number-parser
ipv4_number parse_ipv4_number(std::string_view text) {
  if (text.empty())
    return {};
  int base = 10;
  if (text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0 || digit >= base)
      return {};
    value = std::min<uint64_t>(value * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit),
                               uint64_t{1} << 40);
  }
  return {true, value};
}

// Spec: URL#ends-in-a-number-checker
bool ends_in_a_number(std::string_view input) {
  auto parts = split(input, '.');
  if (parts.back().empty()) {
    if (parts.size() == 1)
      return false;
    parts.pop_back();
  }
  const auto last = parts.back();
  if (!last.empty() && std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; }))
    return true;
  return parse_ipv4_number(last).valid;
}

// Spec: URL#concept-ipv4-parser
std::optional<std::string> parse_ipv4(std::string_view input) {
  auto parts = split(input, '.');
  if (parts.back().empty() && parts.size() > 1)
    parts.pop_back();
  if (parts.size() > 4)
    return std::nullopt;
  std::vector<uint64_t> numbers;
  for (const auto part : parts) {
    const auto number = parse_ipv4_number(part);
    if (!number.valid)
      return std::nullopt;
    numbers.push_back(number.value);
  }
  for (size_t i = 0; i + 1 < numbers.size(); ++i)
    if (numbers[i] > 255)
      return std::nullopt;
  const auto room = uint64_t{1} << (8 * (5 - numbers.size()));
  if (numbers.back() >= room)
    return std::nullopt;
  auto address = numbers.back();
  for (size_t i = 0; i + 1 < numbers.size(); ++i)
    address += numbers[i] << (8 * (3 - i));
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8)
    text += std::to_string((address >> shift) & 255) + (shift > 0 ? "." : "");
  return text;
}

using ipv6_pieces = std::array<uint16_t, 8>;

// The part of an IPv6 address that is written as an IPv4 address; fills two pieces.
bool parse_embedded_ipv4(std::string_view text, ipv6_pieces& pieces, size_t& piece) {
  if (piece > 6)
    return false;
  const auto parts = split(text, '.');
  if (parts.size() != 4)
    return false;
  for (size_t i = 0; i < 4; ++i) {
    const auto part = parts[i];
    const auto digits = std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    if (part.empty() || part.size() > 3 || !digits || (part.size() > 1 && part[0] == '0'))
      return false;
    const int value = std::stoi(std::string{part});
    if (value > 255)
      return false;
    pieces[piece] = static_cast<uint16_t>(pieces[piece] * 256 + value);
    if (i % 2 == 1)
      ++piece;
  }
  return true;
}

// Spec: URL#concept-ipv6-parser
std::optional<ipv6_pieces> parse_ipv6(std::string_view input) {
  ipv6_pieces pieces{};
  size_t piece = 0;
  std::optional<size_t> compress;
  size_t at = 0;
  if (input.starts_with(':')) {
    if (!input.starts_with("::"))
      return std::nullopt;
    at = 2;
    compress = ++piece;
  }
  while (at < input.size()) {
    if (piece == 8)
      return std::nullopt;
    if (input[at] == ':') {
      if (compress)
        return std::nullopt;
      ++at;
      compress = ++piece;
      continue;
    }
    const auto start = at;
    unsigned value = 0;
    while (at < input.size() && at - start < 4 && hex_value(input[at]) >= 0)
      value = value * 16 + static_cast<unsigned>(hex_value(input[at++]));
    if (at < input.size() && input[at] == '.') {
      if (at == start || !parse_embedded_ipv4(input.substr(start), pieces, piece))
        return std::nullopt;
      break;
    }
    if (at < input.size() && input[at] == ':') {
      if (++at == input.size())
        return std::nullopt;
    } else if (at < input.size()) {
      return std::nullopt;
    }
    pieces[piece++] = static_cast<uint16_t>(value);
  }
  if (compress) {
    std::rotate(pieces.begin() + static_cast<ptrdiff_t>(*compress),
                pieces.begin() + static_cast<ptrdiff_t>(piece), pieces.end());
    return pieces;
  }
  return piece == 8 ? std::optional{pieces} : std::nullopt;
}

// Spec: URL#concept-ipv6-serializer
std::string serialize_ipv6(const ipv6_pieces& pieces) {
  size_t best = 8;
  size_t best_length = 1;
  for (size_t i = 0; i < 8; ++i) {
    size_t length = 0;
    while (i + length < 8 && pieces[i + length] == 0)
      ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string text;
  for (size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += i == 0 ? "::" : ":";
      i += best_length - 1;
      continue;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    bool leading = true;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const auto digit = static_cast<size_t>((pieces[i] >> shift) & 15);
      leading = leading && digit == 0 && shift > 0;
      if (!leading)
        text += digits[digit];
    }
    if (i < 7)
      text += ':';
  }
  return text;
}

bool is_plain_ascii_domain(std::string_view domain) {
  return std::ranges::all_of(domain, [](char c) { return static_cast<unsigned char>(c) < 0x80; })
         && domain.find("xn--") == std::string_view::npos;
}

// Spec: URL#concept-domain-to-ascii. ICU does the mapping; a plain ASCII domain does not need it.
std::optional<std::string> domain_to_ascii(std::string domain) {
  std::ranges::transform(domain, domain.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  if (is_plain_ascii_domain(domain))
    return domain;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, void (*)(UIDNA*)> idna{
      uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII
                          | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                      &status),
      uidna_close};
  if (U_FAILURE(status))
    return std::nullopt;
  std::string result(domain.size() * 4 + 256, '\0');
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  const auto length =
      uidna_nameToASCII_UTF8(idna.get(), domain.data(), static_cast<int32_t>(domain.size()),
                             result.data(), static_cast<int32_t>(result.size()), &info, &status);
  // These are errors of DNS, not of the URL Standard, which verifies neither lengths nor hyphens.
  constexpr uint32_t ignored = UIDNA_ERROR_EMPTY_LABEL | UIDNA_ERROR_LABEL_TOO_LONG
                               | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG | UIDNA_ERROR_LEADING_HYPHEN
                               | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;
  if (U_FAILURE(status) || (info.errors & ~ignored) != 0 || length <= 0)
    return std::nullopt;
  result.resize(static_cast<size_t>(length));
  return result;
}

} // namespace

bool in_c0_control_set(unsigned char c) {
  return c <= 0x1f || c >= 0x7f;
}
bool in_fragment_set(unsigned char c) {
  return in_c0_control_set(c) || is_one_of(c, " \"<>`");
}
bool in_query_set(unsigned char c) {
  return in_c0_control_set(c) || is_one_of(c, " \"#<>");
}
bool in_special_query_set(unsigned char c) {
  return in_query_set(c) || c == '\'';
}
bool in_path_set(unsigned char c) {
  return in_query_set(c) || is_one_of(c, "?^`{}");
}
bool in_userinfo_set(unsigned char c) {
  return in_path_set(c) || is_one_of(c, "/:;=@[\\]|");
}

void append_encoded(std::string& to, unsigned char c, encode_set set) {
  if (!set(c)) {
    to += static_cast<char>(c);
    return;
  }
  constexpr std::string_view digits = "0123456789ABCDEF";
  to += '%';
  to += digits[c >> 4];
  to += digits[c & 15];
}

std::string encode(std::string_view text, encode_set set) {
  std::string result;
  for (const char c : text)
    append_encoded(result, static_cast<unsigned char>(c), set);
  return result;
}

std::string percent_decode(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0
        && hex_value(text[i + 2]) >= 0) {
      result += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::optional<std::string> parse_host(std::string_view input, bool is_opaque) {
  if (input.starts_with('[')) {
    if (!input.ends_with(']') || input.size() < 2)
      return std::nullopt;
    const auto pieces = parse_ipv6(input.substr(1, input.size() - 2));
    if (!pieces)
      return std::nullopt;
    return "[" + serialize_ipv6(*pieces) + "]";
  }
  if (is_opaque) {
    if (std::ranges::any_of(input, is_forbidden_host_byte))
      return std::nullopt;
    return encode(input, in_c0_control_set);
  }
  const auto domain = domain_to_ascii(percent_decode(input));
  if (!domain || domain->empty() || std::ranges::any_of(*domain, is_forbidden_domain_byte))
    return std::nullopt;
  if (ends_in_a_number(*domain))
    return parse_ipv4(*domain);
  return domain;
}

} // namespace offstage::url_detail
