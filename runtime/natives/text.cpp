// SPDX-License-Identifier: MIT
// Unicode text through ICU: normalize, localeCompare; and well-formedness.
#include <string>

#include "runtime/engine_native.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"

#include <unicode/unorm2.h>

namespace offstage {

namespace {

std::u16string units_at(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  return utf16_from_cesu(std::string_view{text == nullptr ? "" : text, size});
}

js_result<int> push_units(duk_context* ctx, const std::u16string& units) {
  const auto text = cesu_from_utf16(units);
  const auto pushed = protect(
      ctx, 1, [&](duk_context* inner) { duk_push_lstring(inner, text.data(), text.size()); });
  if (!pushed)
    return js_error::thrown();
  return 1;
}

const UNormalizer2* normalizer(std::string_view form, UErrorCode& status) {
  if (form == "NFC")
    return unorm2_getNFCInstance(&status);
  if (form == "NFD")
    return unorm2_getNFDInstance(&status);
  if (form == "NFKC")
    return unorm2_getNFKCInstance(&status);
  return form == "NFKD" ? unorm2_getNFKDInstance(&status) : nullptr;
}

// normalize(string, form)
js_result<int> normalize(duk_context* ctx) {
  auto status = U_ZERO_ERROR;
  const auto* form = normalizer(string_at(ctx, 1).value_or(""), status);
  if (form == nullptr || U_FAILURE(status) != 0)
    return js_error::range("The normalization form should be one of NFC, NFD, NFKC, NFKD.");
  const auto text = units_at(ctx, 0);
  std::u16string normal(text.size() + text.size() / 2 + 16, u'\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    status = U_ZERO_ERROR;
    const auto size =
        unorm2_normalize(form, text.data(), static_cast<std::int32_t>(text.size()), normal.data(),
                         static_cast<std::int32_t>(normal.size()), &status);
    normal.resize(static_cast<std::size_t>(size));
    if (status != U_BUFFER_OVERFLOW_ERROR)
      break;
  }
  if (U_FAILURE(status) != 0)
    return js_error::range("the string cannot be normalized");
  return push_units(ctx, normal);
}

// wellFormed(string): lone surrogates replaced.
js_result<int> well_formed(duk_context* ctx) {
  auto units = units_at(ctx, 0);
  const auto lead = [](char16_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; };
  const auto trail = [](char16_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; };
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (lead(units[i]) && i + 1 < units.size() && trail(units[i + 1]))
      ++i;
    else if (lead(units[i]) || trail(units[i]))
      units[i] = 0xFFFD;
  }
  return push_units(ctx, units);
}

constexpr native_entry functions[] = {
    {"normalize", native<normalize>, 2, 2},
    {"wellFormed", native<well_formed>, 1, 1},
};

} // namespace

void install_text(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
