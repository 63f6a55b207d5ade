// SPDX-License-Identifier: MIT
// What lowered code expects to find in its realm: runtime/js/language defines these, as globals
// that cannot be replaced or enumerated. Globals because a lookup there is faster in the engine
// than a property of an object is. Names that begin with
// __os_ belong to the compiler. The files need from the host object: global, hiddenSymbol, define,
// newPromise, resolvePromise, rejectPromise and await(value, step, context). The engine's eval
// lowers by itself.
//
// Two marks of lowered code: `_$name1` and the like are made up by the compiler, with a prefix the
// source does not contain;
// `{v: value}` is a variable that each iteration of a loop has anew.
#pragma once

#include <array>
#include <string_view>

namespace offstage::lowering {

struct helper {
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array helpers{
    // basics.js
    helper{"__os_lexical", "(name...) declares a script's let, const, class and temporaries"},
    helper{"__os_unset", "the value of a variable before its initialization"},
    helper{"__os_uninitialized", "(name) throws the ReferenceError of such a read"},
    helper{"__os_constant", "(name) throws the TypeError of an assignment to a constant"},
    helper{"__os_name", "(f, key) names a function after the key it is stored under"},
    helper{"__os_template", "(cooked, raw) the first argument of a template's tag"},
    // iteration.js
    helper{"__os_of", "(iterable) walks it: next(), value, done, close(), fail(error)"},
    helper{"__os_of_async",
           "(iterable) the same for await: next(), take(result), closing(), close(), check(r)"},
    helper{"__os_take", "(iterable, n) an array of its first n items, all when n is negative"},
    helper{"__os_spread",
           "(kind, part, ...) one array; kind 1: iterate the part, 0: it is an array"},
    helper{"__os_rest_parameter", "(arguments, from)"},
    // objects.js
    helper{"__os_key", "(x) ToPropertyKey"},
    helper{"__os_object", "(x) throws unless x can be destructured"},
    helper{"__os_rest", "(object, keys) a copy without these keys"},
    helper{"__os_merge",
           "(object, kind, value, ...) the parts of an object literal, see emit_objects.cpp"},
    helper{"__os_methods", "(target, literal) moves methods and accessors, not enumerable"},
    helper{"__os_method", "(target, key, f)"},
    helper{"__os_accessor", "(target, key, \"get\" or \"set\", f)"},
    helper{"__os_field", "(object, key, value) defines an own property"},
    // classes.js
    helper{"__os_class", "(C, parent or 0[, name]) makes the function C a class"},
    helper{"__os_target",
           "(C) new.target of a constructor that super() called; throws if nobody did"},
    helper{"__os_super", "(C, target, this, arguments, bound) super(): what `this` is from now on"},
    helper{"__os_construct", "(F, arguments[, target]) new"},
    helper{"__os_this", "(x) throws while super() was not called"},
    helper{"__os_return", "(value, this) the return value of a derived constructor"},
    helper{"__os_super_get", "(home, key, this)"},
    helper{"__os_super_set", "(home, key, value, this)"},
    helper{"__os_private", "(name) a new key no script can know"},
    helper{"__os_private_get", "(object, key)"},
    helper{"__os_private_set", "(object, key, value)"},
    helper{"__os_private_has", "(object, key) `#key in object`"},
    helper{"__os_private_field", "(object, key, value)"},
    helper{"__os_private_method", "(object, key, f)"},
    helper{"__os_private_accessor", "(object, key, \"get\" or \"set\", f)"},
    // coroutines.js
    helper{"__os_async", "(body) runs it as an async function's; a promise"},
    helper{"__os_await", "(value) inside such a body"},
    helper{"__os_async_function", "(f[, name]) gives f the prototype of an async function"},
    helper{"__os_generator_function", "(f[, name]) gives f the prototypes of a generator function"},
    helper{"__os_generator", "(body, f) a generator of f"},
    helper{"__os_yield", "(value)"},
    helper{"__os_yield_all", "(iterable) yield*"},
    helper{"__os_return_signal", "what return() throws through a body; no handler keeps it"},
    // async_generators.js
    helper{"__os_async_generator_function", "(f[, name])"},
    helper{"__os_async_generator", "(body, f)"},
    helper{"__os_await_in_generator", "(value)"},
    helper{"__os_yield_async", "(value)"},
    helper{"__os_yield_all_async", "(iterable)"},
    // of others
    helper{"__re", "(source, flags) a regular expression the engine does not know"},
    helper{"__big", "(digits) a BigInt literal"},
    helper{"__import", "(record of the module or 0, specifier[, options]) import()"},
};

} // namespace offstage::lowering
