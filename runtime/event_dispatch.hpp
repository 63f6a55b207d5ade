// SPDX-License-Identifier: MIT
#pragma once

// From an event of the parent to listeners of the script: one overload for each alternative of
// worker_event, so that one without a dispatcher does not compile. Each announces the event
// (worker_host::entered) before the first listener runs and settles it (responded, finished) when
// nothing extends it any more, which may be long after dispatch() returned. Runs on the script
// thread; called by duktape_worker only.

#include "protocol/events.hpp"
#include "runtime/bindings/realm.hpp"

namespace offstage {

void dispatch(realm& owner, event_id id, const evaluate_script& event);
void dispatch(realm& owner, event_id id, const install_event& event);
void dispatch(realm& owner, event_id id, const activate_event& event);
void dispatch(realm& owner, event_id id, const fetch_event& event);
void dispatch(realm& owner, event_id id, const message_event& event);
void dispatch(realm& owner, event_id id, const push_event& event);
void dispatch(realm& owner, event_id id, const sync_event& event);

/// Who asked for a fetch event went away.
void abort_fetch(realm& owner, event_id id);

} // namespace offstage
