// SPDX-License-Identifier: MIT
// What every prelude file needs to define built-ins that look native.
#include <algorithm>
#include <string_view>

#include "runtime/engine_native.hpp"
#include "runtime/natives/natives.hpp"

namespace offstage {

namespace {

// Calls define(key, value) for every own property; stack there: [target source enum key value].
template <class Define>
duk_ret_t for_own_properties(duk_context* ctx, Define define) {
  duk_enum(ctx, 1, DUK_ENUM_OWN_PROPERTIES_ONLY | DUK_ENUM_INCLUDE_SYMBOLS);
  while (duk_next(ctx, 2, 1))
    define();
  duk_dup(ctx, 0);
  return 1;
}

void set_name(duk_context* ctx, duk_idx_t function) {
  duk_push_literal(ctx, "name");
  duk_insert(ctx, -2);
  duk_def_prop(ctx, function,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WE | DUK_DEFPROP_SET_CONFIGURABLE
                   | DUK_DEFPROP_FORCE);
}

// Methods whose key is quoted in the literal get no name from the engine.
void name_method(duk_context* ctx, duk_idx_t key, duk_idx_t function) {
  if (!duk_is_function(ctx, function) || duk_is_symbol(ctx, key))
    return;
  duk_get_prop_literal(ctx, function, "name");
  const auto named = duk_get_length(ctx, -1) > 0;
  duk_pop(ctx);
  if (named)
    return;
  duk_dup(ctx, key);
  set_name(ctx, function);
}

// methods(target, {name() {...}}): every property, not enumerable. Values need not be functions.
duk_ret_t define_methods(duk_context* ctx) {
  return for_own_properties(ctx, [ctx] {
    name_method(ctx, 3, 4);
    duk_def_prop(ctx, 0,
                 DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE
                     | DUK_DEFPROP_FORCE);
  });
}

// Pushes a symbol's description, undefined if it has none. Format: a byte, the description, FF,
// what makes the symbol unique, and FF once more when there is no description.
void push_description(duk_context* ctx, duk_idx_t symbol) {
  duk_size_t size = 0;
  const auto* bytes = duk_get_lstring(ctx, symbol, &size);
  const std::string_view text{bytes + 1, size - 1};
  const auto end = text.find('\xFF');
  if (end == 0 && text.back() == '\xFF')
    duk_push_undefined(ctx);
  else
    duk_push_lstring(ctx, text.data(), std::min(end, text.size()));
}

// descriptionOf(symbol)
duk_ret_t description_of(duk_context* ctx) {
  if (!duk_is_symbol(ctx, 0))
    return duk_type_error(ctx, "not a symbol");
  push_description(ctx, 0);
  return 1;
}

// "get size", "get [Symbol.species]".
void name_accessor(duk_context* ctx, const char* prefix, duk_idx_t key, duk_idx_t function) {
  duk_push_string(ctx, prefix);
  if (duk_is_symbol(ctx, key)) {
    duk_push_literal(ctx, "[");
    push_description(ctx, key);
    duk_push_literal(ctx, "]");
    duk_concat(ctx, 4);
  } else {
    duk_dup(ctx, key);
    duk_concat(ctx, 2);
  }
  set_name(ctx, function);
}

// getters(target, {name() {...}}): every function as a getter, configurable, not enumerable unless
// the third argument is true (Web IDL attributes are enumerable).
duk_ret_t define_getters(duk_context* ctx) {
  const auto enumerable = duk_to_boolean(ctx, 2) != 0;
  duk_set_top(ctx, 2);
  return for_own_properties(ctx, [ctx, enumerable] {
    name_accessor(ctx, "get ", 3, 4);
    duk_def_prop(ctx, 0,
                 DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_SET_CONFIGURABLE
                     | DUK_DEFPROP_HAVE_ENUMERABLE | (enumerable ? DUK_DEFPROP_ENUMERABLE : 0u)
                     | DUK_DEFPROP_FORCE);
  });
}

duk_ret_t return_this(duk_context* ctx) {
  duk_push_this(ctx);
  return 1;
}

// species(constructor)
duk_ret_t host_species(duk_context* ctx) {
  define_species(ctx);
  return 0;
}

// tag(prototype, name)
duk_ret_t host_tag(duk_context* ctx) {
  const auto* name = duk_require_string(ctx, 1);
  duk_dup(ctx, 0);
  define_tag(ctx, name);
  return 0;
}

// hiddenSymbol(name): a key no script can make, list or reach through a proxy.
duk_ret_t hidden_symbol(duk_context* ctx) {
  duk_push_sprintf(ctx, "\xFF%s", duk_require_string(ctx, 0));
  return 1;
}

// define(object, key, value): not enumerable, even on frozen objects.
duk_ret_t force_define(duk_context* ctx) {
  duk_def_prop(ctx, 0,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE
                   | DUK_DEFPROP_FORCE);
  return 0;
}

// rename(function, name)
duk_ret_t rename_function(duk_context* ctx) {
  set_name(ctx, 0);
  duk_dup(ctx, 0);
  return 1;
}

// constants(target, {NAME: value}): as Web IDL has constants, enumerable and fixed.
duk_ret_t define_constants(duk_context* ctx) {
  return for_own_properties(ctx, [ctx] {
    duk_def_prop(ctx, 0,
                 DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WC | DUK_DEFPROP_SET_ENUMERABLE);
  });
}

// Pushes the descriptor's field; false, and nothing pushed, if it has none.
bool push_field(duk_context* ctx, duk_idx_t descriptor, const char* name) {
  if (duk_get_prop_string(ctx, descriptor, name))
    return true;
  duk_pop(ctx);
  return false;
}

// The literal's accessor is named as Web IDL wants: "get size". Stack: [... key descriptor].
void name_accessor_of(duk_context* ctx, duk_idx_t key, duk_idx_t descriptor) {
  for (const auto* kind : {"get", "set"}) {
    if (!push_field(ctx, descriptor, kind))
      continue;
    if (duk_is_function(ctx, -1)) {
      duk_push_sprintf(ctx, "%s ", kind);
      duk_dup(ctx, key);
      duk_concat(ctx, 2);
      set_name(ctx, duk_get_top_index(ctx) - 1);
    }
    duk_pop(ctx);
  }
}

// nameAccessors(object): for all own accessors.
duk_ret_t name_accessors(duk_context* ctx) {
  duk_enum(ctx, 0, DUK_ENUM_OWN_PROPERTIES_ONLY);
  const auto names = duk_get_top_index(ctx);
  while (duk_next(ctx, names, 0)) {
    duk_dup_top(ctx);
    duk_get_prop_desc(ctx, 0, 0);
    name_accessor_of(ctx, names + 1, names + 2);
    duk_set_top(ctx, names + 1);
  }
  duk_pop(ctx);
  return 0;
}

// copyMembers(target, {...}): enumerable methods and accessors as they are in the literal.
duk_ret_t copy_members(duk_context* ctx) {
  duk_enum(ctx, 1, DUK_ENUM_OWN_PROPERTIES_ONLY);
  while (duk_next(ctx, 2, 0)) {
    duk_dup_top(ctx);
    duk_get_prop_desc(ctx, 1, 0);
    const auto descriptor = duk_get_top_index(ctx);
    name_accessor_of(ctx, descriptor - 1, descriptor);
    duk_dup(ctx, descriptor - 1);
    duk_uint_t flags = DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_SET_ENUMERABLE;
    if (push_field(ctx, descriptor, "value"))
      flags |= DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE;
    if (push_field(ctx, descriptor, "get"))
      flags |= DUK_DEFPROP_HAVE_GETTER;
    if (push_field(ctx, descriptor, "set"))
      flags |= DUK_DEFPROP_HAVE_SETTER;
    duk_def_prop(ctx, 0, flags);
    duk_set_top(ctx, 3);
  }
  return 0;
}

// exposeInterface(name, constructor, prototype): a Web IDL interface on the global object. Methods
// with the name of a keyword come quoted and without a name.
duk_ret_t expose_interface(duk_context* ctx) {
  for (const auto* keyword : {"get", "set", "delete"}) {
    if (duk_get_prop_string(ctx, 2, keyword) && duk_is_function(ctx, -1)) {
      duk_push_string(ctx, keyword);
      set_name(ctx, 3);
    }
    duk_set_top(ctx, 3);
  }
  duk_push_c_function(ctx, name_accessors, 1);
  duk_dup(ctx, 2);
  duk_call(ctx, 1);
  duk_pop(ctx);
  duk_push_literal(ctx, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"));
  duk_dup(ctx, 0);
  duk_def_prop(ctx, 2,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WE | DUK_DEFPROP_SET_CONFIGURABLE);
  duk_dup(ctx, 1);
  duk_dup(ctx, 2);
  link_constructor(ctx);
  duk_set_top(ctx, 2);
  define_global(ctx, duk_require_string(ctx, 0));
  return 0;
}

constexpr native_entry functions[] = {
    {"constants", define_constants, 2, 2},
    {"descriptionOf", description_of, 1, 1},
    {"copyMembers", copy_members, 2, 2},
    {"exposeInterface", expose_interface, 3, 3},
    {"nameAccessors", name_accessors, 1, 1},
    {"methods", define_methods, 2, 2},
    {"getters", define_getters, 3, 3},
    {"species", host_species, 1, 1},
    {"tag", host_tag, 2, 2},
    {"hiddenSymbol", hidden_symbol, 1, 1},
    {"define", force_define, 3, 3},
    {"rename", rename_function, 2, 2},
};

} // namespace

void define_tag(duk_context* ctx, const char* name) {
  duk_push_literal(ctx, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"));
  duk_push_string(ctx, name);
  duk_def_prop(ctx, -3,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WE | DUK_DEFPROP_SET_CONFIGURABLE
                   | DUK_DEFPROP_FORCE);
}

void define_species(duk_context* ctx) {
  duk_push_literal(ctx, DUK_WELLKNOWN_SYMBOL("Symbol.species"));
  push_native(ctx, {"get [Symbol.species]", return_this, 0, 0});
  duk_def_prop(ctx, -3,
               DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_SET_CONFIGURABLE
                   | DUK_DEFPROP_CLEAR_ENUMERABLE);
}

void install_host(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
