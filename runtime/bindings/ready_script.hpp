// SPDX-License-Identifier: MIT
#pragma once

// A classic script on its way into the heap: its artifact if the worker was given a good one, or
// the output of the lowering compiler, of which a new artifact is then made for the host. The only
// place that knows what an artifact is. Used on the script thread, for the time of one evaluation.

#include <string>
#include <variant>

#include <duktape.h>

#include "protocol/shared_bytes.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage {

class realm;

class ready_script {
public:
  /// Takes the artifact of the script with this URL from the realm, or lowers the source.
  static std::variant<ready_script, lowering_error> prepare(realm& owner, const std::string& url,
                                                            const shared_bytes& source);

  /// Pushes the script as a function to call without arguments. Plain: may throw.
  void push(duk_context* ctx) const;

private:
  ready_script(realm& owner, const std::string& url) : owner_(owner), url_(url) {}

  void push_artifact(duk_context* ctx) const;
  void push_compiled(duk_context* ctx) const;
  void hand_over(duk_context* ctx) const;

  realm& owner_;
  const std::string& url_;
  shared_bytes bytecode_;            ///< Or, if that is empty:
  std::string code_;                 ///< the lowered code,
  shared_bytes* artifact_ = nullptr; ///< what to make of it, unless null,
  std::string head_;                 ///< and what comes before the bytecode there.
};

} // namespace offstage
