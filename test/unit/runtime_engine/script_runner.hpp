// SPDX-License-Identifier: MIT
#pragma once
// An engine for tests: virtual time, console lines collected, errors as "Name: message".

#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "runtime/engine.hpp"

namespace offstage::test {

class script_runner {
public:
  explicit script_runner(std::size_t heap_bytes_max = js_heap_bytes_max)
      : js_{{heap_bytes_max, [this] { return now_; }, hooks()}} {
    define_print();
  }

  engine& js() { return js_; }

  // What the script's completion value is as a string, or its error. Leaves the stack as it was.
  std::string evaluate(const std::string& code) {
    const stack_guard guard{js_.context()};
    last_ = js_.evaluate({"__result = (function () { return " + code + "; })()", "test.js"});
    if (!last_)
      return text_of(*last_.error);
    static_cast<void>(protect(js_.context(), 1, [](duk_context* ctx) {
      duk_get_global_string(ctx, "__result");
      duk_safe_to_string(ctx, -1);
    }));
    return string_at(js_.context(), -1).value_or("?");
  }

  // Runs statements and everything they leave pending, timers in virtual time; gives what was
  // printed.
  std::string run(const std::string& code) {
    lines_.clear();
    const stack_guard guard{js_.context()};
    last_ = js_.evaluate({code, "test.js"});
    if (!last_)
      lines_ += "throws " + text_of(*last_.error) + "\n";
    for (auto due = js_.loop().next_due(); due; due = js_.loop().next_due()) {
      now_ = std::max(now_, *due);
      js_.loop().run_due(now_);
    }
    return lines_;
  }

  const thrown_error& error() const { return *last_.error; }
  bool failed() const { return last_.error.has_value(); }
  void advance(std::chrono::milliseconds by) { now_ += by; }
  event_loop::time_point now() const { return now_; }
  void print(const std::string& line) { lines_ += line + "\n"; }

  static std::string text_of(const thrown_error& error) {
    return error.name + ": " + error.message;
  }

private:
  static script_runner& of(duk_context* ctx) {
    duk_push_global_stash(ctx);
    duk_get_prop_string(ctx, -1, "runner");
    auto* runner = static_cast<script_runner*>(duk_get_pointer(ctx, -1));
    duk_pop_2(ctx);
    return *runner;
  }

  static js_result<int> print_native(duk_context* ctx) {
    std::string line;
    for (duk_idx_t i = 0; i < duk_get_top(ctx); ++i) {
      auto text = to_utf8(ctx, i);
      if (!text)
        return text.error();
      line += (i > 0 ? " " : "") + *text;
    }
    of(ctx).print(line);
    return 0;
  }

  void define_print() {
    static_cast<void>(protect(js_.context(), 0, [this](duk_context* ctx) {
      duk_push_global_stash(ctx);
      duk_push_pointer(ctx, this);
      duk_put_prop_string(ctx, -2, "runner");
      push_native(ctx, {"print", native<print_native>, 0});
      duk_put_global_string(ctx, "print");
      duk_pop(ctx);
    }));
  }

  engine_hooks hooks() {
    engine_hooks made;
    made.fatal = [](std::string_view message) { FAIL_CHECK(message); };
    made.report = [this](engine&, const thrown_error& error) {
      print("reported " + text_of(error));
    };
    made.promise_rejection = [this](engine& engine, rejection what) {
      const auto reason = string_at(engine.context(), -1).value_or("?");
      print((what == rejection::unhandled ? "unhandled " : "handled ") + reason);
    };
    return made;
  }

  event_loop::time_point now_{};
  std::string lines_;
  engine js_;
  script_outcome last_;
};

} // namespace offstage::test
