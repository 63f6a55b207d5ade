// SPDX-License-Identifier: MIT
#pragma once

// What a worker process may not do, tried from inside it.

#include <string>

namespace offstage::test {

/// Tries one thing by its name ("open", "fork", ...). Answers with the symbol of the error
/// ("EPERM"), "done" if it went through, or a figure for names that ask for one.
std::string attempt(const std::string& what);

} // namespace offstage::test
