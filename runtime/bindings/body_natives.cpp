// SPDX-License-Identifier: MIT
// Bodies between script and the streams of the link: reading them whole or by chunks, tee, and
// feeding the parent from a ReadableStream.
#include <algorithm>

#include "protocol/errors.hpp"
#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

/// A callback of script and what it is to be called with, later or at once.
class body_callback {
public:
  body_callback(realm& owner, handle_table::handle callback) : owner_(owner), callback_(callback) {}

  // Script that is running must not be entered again on another stack: the answer becomes a task.
  void answer(chunk_result chunk) const {
    if (owner_.js().heap().depth() == 0)
      return call(chunk);
    owner_.js().loop().post(
        [self = *this, chunk = std::move(chunk)](engine&) { self.call(chunk); });
  }

private:
  void call(const chunk_result& chunk) const {
    auto* ctx = owner_.js().context();
    const stack_guard guard{ctx};
    const std::string reason = chunk ? std::string{} : describe(chunk.error());
    const auto pushed = protect(ctx, 6, [&](duk_context* inner) {
      owner_.handles().push(inner, callback_);
      owner_.handles().drop(inner, callback_);
      duk_push_undefined(inner);
      push_arguments(inner, chunk, reason);
    });
    if (!pushed)
      return;
    owner_.succeeded(owner_.call(ctx, 4));
  }

  static void push_arguments(duk_context* ctx, const chunk_result& chunk,
                             const std::string& reason) {
    if (!chunk) {
      duk_push_undefined(ctx);
      duk_push_literal(ctx, "TypeError");
      push_text(ctx, reason);
      duk_push_true(ctx);
      return;
    }
    push_bytes(ctx, chunk->bytes.view());
    duk_push_undefined(ctx);
    duk_push_undefined(ctx);
    duk_push_boolean(ctx, chunk->last);
  }

  realm& owner_;
  handle_table::handle callback_;
};

js_result<handle_table::handle> keep_callback(duk_context* ctx, duk_idx_t index) {
  handle_table::handle kept = 0;
  auto stored = protect(
      ctx, 0, [&](duk_context* inner) { kept = realm::of(inner).handles().keep(inner, index); });
  if (!stored)
    return stored.error();
  return kept;
}

/// readAll(source, callback): callback(bytes) or callback(undefined, name, message).
js_result<int> read_whole(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  auto source = owner.take_source(source_number(ctx, 0));
  if (!source)
    return js_error::type("The body is already used");
  auto kept = keep_callback(ctx, 1);
  if (!kept)
    return kept.error();
  const body_callback callback{owner, *kept};
  read_all(std::move(source), [callback](caf::expected<std::string> bytes) {
    if (bytes)
      callback.answer(body_chunk{shared_bytes{std::move(*bytes)}, true});
    else
      callback.answer(bytes.error());
  });
  return 0;
}

/// pull(source, callback): callback(bytes, undefined, undefined, last) or an error.
js_result<int> pull_chunk(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  const auto source = owner.source(source_number(ctx, 0));
  if (!source)
    return js_error::type("The body is already used");
  auto kept = keep_callback(ctx, 1);
  if (!kept)
    return kept.error();
  const body_callback callback{owner, *kept};
  source->pull(wire::inline_bytes_max,
               [callback](chunk_result chunk) { callback.answer(std::move(chunk)); });
  return 0;
}

js_result<int> cancel_source(duk_context* ctx) {
  if (auto source = realm::of(ctx).take_source(source_number(ctx, 0)))
    source->cancel();
  return 0;
}

/// tee(source): two sources, the argument is used up.
js_result<int> tee_source(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  auto source = owner.take_source(source_number(ctx, 0));
  if (!source)
    return js_error::type("The body is already used");
  auto branches = tee(std::move(source));
  const auto first = owner.add_source(std::move(branches.first));
  const auto second = owner.add_source(std::move(branches.second));
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_array(inner);
    push_source(inner, first);
    duk_put_prop_index(inner, -2, 0);
    push_source(inner, second);
    duk_put_prop_index(inner, -2, 1);
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

/// failSource(source, name, message): what reads it from now on fails.
js_result<int> fail_source(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  const auto number = source_number(ctx, 0);
  auto message = to_utf8(ctx, 2);
  if (!message)
    return message.error();
  if (auto source = owner.take_source(number)) {
    source->cancel();
    owner.replace_source(number, make_failed_source(fail(node_error::aborted, *message)));
  }
  return 0;
}

/// A ReadableStream of script, read by lib.pump: pump.read(callback) and pump.cancel(reason).
class pumped_source : public byte_source {
public:
  pumped_source(realm& owner, handle_table::handle pump) : owner_(owner), pump_(pump) {}
  ~pumped_source() override { owner_.drop_later(pump_); }

  void pull(uint32_t bytes_max, chunk_receiver receiver) override {
    bytes_max_ = bytes_max;
    receiver_ = std::move(receiver);
    if (!rest_.empty() || over_)
      return answer();
    call_pump("read");
  }

  void cancel() override {
    if (!std::exchange(over_, true))
      call_pump("cancel");
  }

  void arrived(chunk_result chunk) {
    if (!chunk) {
      over_ = true;
      if (receiver_)
        std::exchange(receiver_, nullptr)(chunk.error());
      return;
    }
    rest_ = chunk->bytes;
    over_ = over_ || chunk->last;
    if (rest_.empty() && !over_)
      return call_pump("read");
    answer();
  }

private:
  void answer() {
    if (!receiver_)
      return;
    const auto count = std::min<size_t>(rest_.size(), bytes_max_);
    body_chunk chunk{rest_.slice(0, count), over_ && count == rest_.size()};
    rest_ = rest_.slice(count, rest_.size());
    std::exchange(receiver_, nullptr)(std::move(chunk));
  }

  void call_pump(const char* method) {
    auto* ctx = owner_.js().context();
    const stack_guard guard{ctx};
    const auto pushed = protect(ctx, 2, [&](duk_context* inner) {
      owner_.handles().push(inner, pump_);
      duk_get_prop_string(inner, -1, method);
      duk_insert(inner, -2);
    });
    if (pushed)
      owner_.succeeded(owner_.call(ctx, 0));
  }

  realm& owner_;
  handle_table::handle pump_;
  chunk_receiver receiver_;
  shared_bytes rest_;
  uint32_t bytes_max_ = 0;
  bool over_ = false;
};

/// What a pump's reads call back: (number, bytes or undefined, last, error text or undefined).
js_result<int> pumped(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  const auto source = std::dynamic_pointer_cast<pumped_source>(owner.pump(duk_get_uint(ctx, 0)));
  if (!source)
    return 0;
  chunk_result chunk{body_chunk{}};
  if (const auto message = string_at(ctx, 3)) {
    chunk = fail(storage_error::body_failed, *message);
  } else {
    if (const auto bytes = bytes_at(ctx, 1))
      chunk->bytes = shared_bytes::copy_of(bytes->data(), bytes->size());
    chunk->last = duk_get_boolean(ctx, 2) != 0;
  }
  owner.js().loop().post(
      [source, chunk = std::move(chunk)](engine&) mutable { source->arrived(std::move(chunk)); });
  return 0;
}

constexpr native_entry functions[] = {
    {"readAll", native<read_whole>, 2, 2},         {"pull", native<pull_chunk>, 2, 2},
    {"cancelSource", native<cancel_source>, 1, 1}, {"tee", native<tee_source>, 1, 1},
    {"failSource", native<fail_source>, 3, 3},     {"pumped", native<pumped>, 4, 4},
};

} // namespace

js_result<byte_source_ptr> make_script_source(duk_context* ctx, duk_idx_t index) {
  auto& owner = realm::of(ctx);
  const stack_guard guard{ctx};
  index = duk_normalize_index(ctx, index);
  const auto number = owner.next_pump();
  handle_table::handle kept = 0;
  auto made = protect(ctx, 0, [&](duk_context* inner) {
    owner.push_function(inner, "makePump");
    duk_dup(inner, index);
    duk_push_uint(inner, number);
    duk_call(inner, 2);
    kept = owner.handles().keep(inner, -1);
    duk_pop(inner);
  });
  if (!made)
    return made.error();
  byte_source_ptr source = std::make_shared<pumped_source>(owner, kept);
  owner.add_pump(number, source);
  return source;
}

void install_body_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage
