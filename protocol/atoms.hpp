// SPDX-License-Identifier: MIT
#pragma once

// The verbs of the house's messages: at most ten characters each, in the imperative. Verbs that CAF
// already names (open, spawn, cancel's kin, ...) are spelled here once more so that one table shows
// them all.

#include <caf/atom.hpp>

namespace offstage {

#define OFFSTAGE_ATOMS(X)                                                                          \
  X(abort)                                                                                         \
  X(activate)                                                                                      \
  X(cache)                                                                                         \
  X(call)                                                                                          \
  X(cancel)                                                                                        \
  X(claim)                                                                                         \
  X(connect)                                                                                       \
  X(console)                                                                                       \
  X(control)                                                                                       \
  X(dispatch)                                                                                      \
  X(drain)                                                                                         \
  X(enter)                                                                                         \
  X(evaluate)                                                                                      \
  X(fetch)                                                                                         \
  X(finish)                                                                                        \
  X(flush)                                                                                         \
  X(get)                                                                                           \
  X(idle)                                                                                          \
  X(install)                                                                                       \
  X(intercept)                                                                                     \
  X(launch)                                                                                        \
  X(list)                                                                                          \
  X(load)                                                                                          \
  X(lost)                                                                                          \
  X(match)                                                                                         \
  X(message)                                                                                       \
  X(note)                                                                                          \
  X(notify)                                                                                        \
  X(open)                                                                                          \
  X(ping)                                                                                          \
  X(provide)                                                                                       \
  X(pull)                                                                                          \
  X(put)                                                                                           \
  X(register)                                                                                      \
  X(remove)                                                                                        \
  X(report)                                                                                        \
  X(respond)                                                                                       \
  X(restore)                                                                                       \
  X(resume)                                                                                        \
  X(run)                                                                                           \
  X(settle)                                                                                        \
  X(skipwait)                                                                                      \
  X(spawn)                                                                                         \
  X(start)                                                                                         \
  X(status)                                                                                        \
  X(store)                                                                                         \
  X(subscribe)                                                                                     \
  X(terminate)                                                                                     \
  X(tick)                                                                                          \
  X(unregister)                                                                                    \
  X(update)

#define OFFSTAGE_ATOM(verb)                                                                        \
  using verb##_atom = caf::atom_constant<caf::atom(#verb)>;                                        \
  inline constexpr verb##_atom verb##_atom_v{};
OFFSTAGE_ATOMS(OFFSTAGE_ATOM)
#undef OFFSTAGE_ATOM

} // namespace offstage
