// SPDX-License-Identifier: MIT
#include <string_view>

#include "runtime/engine_native.hpp"
#include "runtime/natives/natives.hpp"

namespace offstage {

namespace {

// Those Duktape does not define. ECMAScript: table-1
#define OFFSTAGE_SYMBOL(name)                                                                      \
  { name, DUK_WELLKNOWN_SYMBOL("Symbol." name), sizeof(DUK_WELLKNOWN_SYMBOL("Symbol." name)) - 1 }
struct symbol_entry {
  const char* name;
  const char* bytes;
  duk_size_t size;
};

constexpr symbol_entry symbols[] = {
    OFFSTAGE_SYMBOL("asyncIterator"), OFFSTAGE_SYMBOL("species"),     OFFSTAGE_SYMBOL("match"),
    OFFSTAGE_SYMBOL("matchAll"),      OFFSTAGE_SYMBOL("replace"),     OFFSTAGE_SYMBOL("search"),
    OFFSTAGE_SYMBOL("split"),         OFFSTAGE_SYMBOL("unscopables"),
};
#undef OFFSTAGE_SYMBOL

} // namespace

void install_symbols(duk_context* ctx) {
  duk_get_global_literal(ctx, "Symbol");
  for (const auto& entry : symbols) {
    duk_push_string(ctx, entry.name);
    duk_push_lstring(ctx, entry.bytes, entry.size);
    duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WEC);
  }
  duk_pop(ctx);
}

} // namespace offstage
