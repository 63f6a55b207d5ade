// SPDX-License-Identifier: MIT
#include "runtime/bindings/ready_script.hpp"

#include <optional>
#include <utility>

#include "config/limits.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/engine_build.hpp"

// Format: artifact := engine build:16 characters, three times size:u32 (little-endian) bytes, which
// are the tables and the repaired source of lowered_script, Duktape's bytecode of its code

namespace offstage {

namespace {

void append_sized(std::string& out, std::string_view bytes) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(bytes.size() >> shift);
  out += bytes;
}

bool take_sized(std::string_view& rest, std::string& out) {
  if (rest.size() < 4)
    return false;
  size_t size = 0;
  for (size_t i = 0; i < 4; ++i)
    size |= size_t{static_cast<uint8_t>(rest[i])} << (8 * i);
  if (rest.size() - 4 < size)
    return false;
  out = rest.substr(4, size);
  rest.remove_prefix(4 + size);
  return true;
}

/// The tables of an artifact of this engine's build, and how many bytes come before its bytecode.
struct artifact_head {
  lowered_script script;
  size_t bytes = 0;
};

std::optional<artifact_head> read_head(const shared_bytes& artifact) {
  if (!artifact.view().starts_with(engine_build()))
    return std::nullopt;
  artifact_head head;
  auto rest = artifact.view().substr(engine_build().size());
  if (!take_sized(rest, head.script.places) || !take_sized(rest, head.script.functions)
      || !take_sized(rest, head.script.repaired) || rest.empty())
    return std::nullopt;
  head.bytes = artifact.size() - rest.size();
  return head;
}

std::string write_head(const lowered_script& script) {
  std::string out{engine_build()};
  append_sized(out, script.places);
  append_sized(out, script.functions);
  append_sized(out, script.repaired);
  return out;
}

} // namespace

std::variant<ready_script, lowering_error>
ready_script::prepare(realm& owner, const std::string& url, const shared_bytes& source) {
  ready_script result{owner, url};
  auto* artifact = owner.artifact_of(url, source);
  if (auto head = artifact != nullptr ? read_head(*artifact) : std::nullopt) {
    result.bytecode_ = artifact->slice(head->bytes, artifact->size() - head->bytes);
    owner.js().maps().add(url, map_of(head->script, source));
    return result;
  }
  auto lowered = lower_script(source.view());
  if (auto* error = std::get_if<lowering_error>(&lowered))
    return std::move(*error);
  auto& script = std::get<lowered_script>(lowered);
  result.artifact_ = artifact;
  result.head_ = artifact != nullptr ? write_head(script) : std::string{};
  result.code_ = std::move(script.code);
  owner.js().maps().add(url, map_of(script, source));
  return result;
}

void ready_script::push(duk_context* ctx) const {
  if (bytecode_.empty())
    push_compiled(ctx);
  else
    push_artifact(ctx);
}

// Duktape only reads a buffer that it loads from.
void ready_script::push_artifact(duk_context* ctx) const {
  duk_push_external_buffer(ctx);
  duk_config_buffer(ctx, -1, const_cast<uint8_t*>(bytecode_.data()), bytecode_.size());
  duk_load_function(ctx);
}

void ready_script::push_compiled(duk_context* ctx) const {
  duk_push_lstring(ctx, url_.data(), url_.size());
  duk_compile_lstring_filename(ctx, DUK_COMPILE_NOSOURCE, code_.data(), code_.size());
  if (artifact_ != nullptr)
    hand_over(ctx);
}

void ready_script::hand_over(duk_context* ctx) const {
  duk_dup_top(ctx);
  duk_dump_function(ctx);
  duk_size_t size = 0;
  const auto* bytecode = static_cast<const char*>(duk_get_buffer(ctx, -1, &size));
  if (size <= limits::artifact_bytes_max) {
    auto bytes = head_;
    bytes.append(bytecode, size);
    *artifact_ = shared_bytes{std::move(bytes)};
    owner_.host().keep({url_, *artifact_});
  }
  duk_pop(ctx);
}

} // namespace offstage
