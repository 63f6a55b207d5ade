// SPDX-License-Identifier: MIT
#pragma once

// Ownership of an actor as a value: the owned actor ends with its owner's state, however the owner
// ends (CAF destroys the state of a killed actor, too). This is what makes the tree of actors a
// tree.

#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

namespace offstage {

template <class Handle>
class owned {
public:
  owned() = default;
  explicit owned(Handle actor) : actor_(std::move(actor)) {}
  owned(owned&& other) noexcept : actor_(other.release()) {}
  owned& operator=(owned&& other) noexcept {
    if (this != &other) {
      reset();
      actor_ = other.release();
    }
    return *this;
  }
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() { reset(); }

  const Handle& get() const { return actor_; }
  explicit operator bool() const { return static_cast<bool>(actor_); }

  /// Asks the actor to end.
  void reset() {
    if (actor_)
      caf::anon_send_exit(release(), caf::exit_reason::user_shutdown);
  }

  /// Gives ownership up: the actor ended by itself, or somebody else has it.
  Handle release() { return std::exchange(actor_, Handle{}); }

private:
  Handle actor_;
};

} // namespace offstage
