// SPDX-License-Identifier: MIT
#pragma once
// Callbacks of script as tasks of the event loop, in the order they were posted. They wait in the
// heap and go with it.

#include <cstdint>

#include <duktape.h>

namespace offstage {

// A worker with more waiting tasks than this is flooding itself.
inline constexpr std::uint32_t posted_tasks_max = 100'000;

// postTask(callback): runs it as a task of its own; what it throws is reported. Plain.
duk_ret_t post_task(duk_context* ctx);

} // namespace offstage
