// SPDX-License-Identifier: MIT
#pragma once

// An engine with the platform in it, as every realm starts. Making one is most of the time that a
// worker needs to start, and it depends on nothing of the worker: it can be made ahead.

#include <memory>

#include "runtime/engine.hpp"

namespace offstage {

/// Aborts the process when there is no memory for it.
std::unique_ptr<engine> make_platform_engine(engine_options options);

} // namespace offstage
