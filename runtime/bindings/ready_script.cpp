// SPDX-License-Identifier: MIT
#include "runtime/bindings/ready_script.hpp"

#include <utility>

#include "config/limits.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/engine_build.hpp"

// Format: artifact := engine build:16 characters, Duktape's bytecode of the lowered script

namespace offstage {

namespace {

bool is_ours(const shared_bytes& artifact) {
  const auto build = engine_build();
  return artifact.size() > build.size() && artifact.view().starts_with(build);
}

} // namespace

std::variant<ready_script, lowering_error>
ready_script::prepare(realm& owner, const std::string& url, const shared_bytes& source) {
  auto* artifact = owner.artifact_of(url, source);
  if (artifact != nullptr && is_ours(*artifact))
    return ready_script{owner, url, artifact, {}};
  auto lowered = lower_script(source.view());
  if (auto* error = std::get_if<lowering_error>(&lowered))
    return std::move(*error);
  return ready_script{owner, url, artifact, std::move(std::get<lowered_script>(lowered).code)};
}

void ready_script::push(duk_context* ctx) const {
  if (artifact_ != nullptr && is_ours(*artifact_))
    push_artifact(ctx);
  else
    push_compiled(ctx);
}

// Duktape only reads a buffer that it loads from.
void ready_script::push_artifact(duk_context* ctx) const {
  const auto header = engine_build().size();
  duk_push_external_buffer(ctx);
  duk_config_buffer(ctx, -1, const_cast<uint8_t*>(artifact_->data()) + header,
                    artifact_->size() - header);
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
    std::string bytes{engine_build()};
    bytes.append(bytecode, size);
    *artifact_ = shared_bytes{std::move(bytes)};
    owner_.host().keep({url_, *artifact_});
  }
  duk_pop(ctx);
}

} // namespace offstage
