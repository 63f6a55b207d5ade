// SPDX-License-Identifier: MIT
#pragma once

// A process that does nothing but fork worker processes: forked before the node has a second
// thread, it holds what every worker process needs (a heap with the prelude, say) and shares it
// with them copy-on-write. Trusted, and never given a byte of a script. Worker processes are its
// children: it collects them, and they die with it, as it dies with the node. Used by the process
// launcher; when the zygote is gone worker processes come from the fallback.

#include <functional>
#include <memory>
#include <string>

#include <caf/expected.hpp>

#include "app/child/child_main.hpp"
#include "app/link/process_source.hpp"

namespace offstage {

struct zygote_options {
  /// Runs once in the zygote, before the first fork; must leave no thread and no open file behind.
  std::function<void()> preload;

  worker_process_factory factory;

  /// Where processes come from without the zygote; none: they fail to start.
  std::unique_ptr<process_source> fallback;
};

class zygote final : public process_source {
public:
  /// Needs a process with one thread: call it before anything else, above all before the first
  /// actor system. What the process knows by then its worker processes can read. Errors:
  /// launch_failed.
  static caf::expected<std::shared_ptr<zygote>> start(zygote_options options);

  zygote(descriptor control, child_process_ptr process, std::unique_ptr<process_source> fallback);
  ~zygote() override;

  caf::expected<child_process_ptr> start(const std::string& label, descriptor socket) override;

  int32_t pid() const { return process_->pid(); }

private:
  caf::expected<child_process_ptr> fork_child(const std::string& label, int socket);

  descriptor control_;
  child_process_ptr process_;
  std::unique_ptr<process_source> fallback_;
  bool usable_ = true;
};

} // namespace offstage
