// SPDX-License-Identifier: MIT
#pragma once
// How C++ functions are given to script. Duktape throws by longjmp, which skips destructors, and no
// C++ exception may cross it. Two kinds of natives follow:
// - plain: a duk_c_function that owns nothing with a destructor and may use the whole Duktape API
// (hot paths);
// - guarded: `native<body>`; the body returns js_result<int> (count of results on the stack, 0 or
// 1), owns what it likes,
//   and wraps every Duktape call that can throw in `protect`. The trampoline turns its error into a
//   script exception after everything of the body is destroyed; a C++ exception of the body
//   (std::bad_alloc) becomes a RangeError.
// duk_get_*, duk_is_*, duk_opt_*, duk_push_{undefined,null,boolean,number,this} and stack moves do
// not throw.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <duktape.h>

// Under which key a function has the name of its file, and its table of lines.
#define OFFSTAGE_FILE_NAME                                                                         \
  "\x82"                                                                                           \
  "Source"
#define OFFSTAGE_LINE_TABLE                                                                        \
  "\x82"                                                                                           \
  "Pc2line"

namespace offstage {

struct js_error {
  enum class kind : std::uint8_t {
    error,
    type_error,
    range_error,
    syntax_error,
    reference_error,
    dom_exception, // name says which
    thrown,        // the exception value is the top of the Duktape stack
  };

  kind what = kind::error;
  std::string message;
  std::string name;

  static js_error type(std::string message) { return {kind::type_error, std::move(message), {}}; }
  static js_error range(std::string message) { return {kind::range_error, std::move(message), {}}; }
  static js_error syntax(std::string message) {
    return {kind::syntax_error, std::move(message), {}};
  }
  static js_error dom(std::string name, std::string message) {
    return {kind::dom_exception, std::move(message), std::move(name)};
  }
  static js_error thrown() { return {kind::thrown, {}, {}}; }
};

template <class T>
class [[nodiscard]] js_result {
public:
  js_result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  js_result(js_error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  js_error& error() { return std::get<1>(state_); }

private:
  std::variant<T, js_error> state_;
};

template <>
class [[nodiscard]] js_result<void> {
public:
  js_result() = default;
  js_result(js_error error) : error_(std::move(error)) {}

  explicit operator bool() const { return !error_.has_value(); }
  js_error& error() { return *error_; }

private:
  std::optional<js_error> error_;
};

// Restores the stack height, so that early returns leave nothing behind.
class stack_guard {
public:
  explicit stack_guard(duk_context* ctx) : ctx_(ctx), top_(duk_get_top(ctx)) {}
  ~stack_guard() { duk_set_top(ctx_, top_); }
  stack_guard(const stack_guard&) = delete;
  stack_guard& operator=(const stack_guard&) = delete;

private:
  duk_context* ctx_;
  duk_idx_t top_;
};

// Runs raw Duktape steps, `void(duk_context*)`, that may throw; they see the same stack; the top
// `results` values they leave stay on it.
// On error the thrown value is the top. The steps own nothing with a destructor (captures by
// reference are fine).
template <class Steps>
js_result<void> protect(duk_context* ctx, duk_idx_t results, Steps&& steps) {
  struct holder {
    std::remove_reference_t<Steps>& steps;
    duk_idx_t results;
  } held{steps, results};
  const auto thunk = [](duk_context* inner, void* udata) -> duk_ret_t {
    auto& call = *static_cast<holder*>(udata);
    call.steps(inner);
    return call.results;
  };
  const auto code = duk_safe_call(ctx, thunk, &held, 0, results > 0 ? results : 1);
  if (code != DUK_EXEC_SUCCESS) {
    if (results > 1)
      duk_pop_n(ctx, results - 1);
    return js_error::thrown();
  }
  if (results == 0)
    duk_pop(ctx);
  return {};
}

using native_body = js_result<int> (*)(duk_context*);

// Runs the body and pushes its error; returns the count of results or -1 when the top of the stack
// is to be thrown.
duk_ret_t run_native(duk_context* ctx, native_body body);

template <native_body Body>
duk_ret_t native(duk_context* ctx) {
  const auto results = run_native(ctx, Body);
  return results >= 0 ? results : duk_throw(ctx);
}

// Conversions a script can hook into (toString, valueOf): they may run script and fail.
js_result<std::string> to_utf8(duk_context* ctx, duk_idx_t index);        // USVString, as UTF-8
js_result<std::string> to_byte_string(duk_context* ctx, duk_idx_t index); // ByteString, as Latin-1
js_result<double> to_number(duk_context* ctx, duk_idx_t index);
// Only what the value already is; nullopt for anything but a string.
std::optional<std::string> string_at(duk_context* ctx, duk_idx_t index);
// Bytes of an ArrayBuffer or view; nullopt for anything else. Valid until script runs or the value
// dies.
std::optional<std::span<const std::byte>> bytes_at(duk_context* ctx, duk_idx_t index);

// Pushes the script value of an error (not yet thrown); never throws itself.
void push_error(duk_context* ctx, const js_error& error);

// One row of a table of natives.
struct native_entry {
  const char* name;
  duk_c_function function;
  duk_idx_t length; // the `length` script sees; the native gets as many arguments unless
                    // `arguments` says otherwise
  duk_idx_t arguments = DUK_VARARGS;
  duk_int_t magic = 0;
};

// Defines natives as script expects them: writable, configurable, not enumerable, with name and
// length, not constructible. Plain (may throw). The target object is at `target`.
void define_natives(duk_context* ctx, duk_idx_t target, std::span<const native_entry> entries);
// Pushes one such function.
void push_native(duk_context* ctx, const native_entry& entry);

} // namespace offstage
