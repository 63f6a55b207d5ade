// SPDX-License-Identifier: MIT
#pragma once

// What an eval run prints: the script's own lines on stdout, or on stderr if they are warnings and
// errors; problems on stderr.

#include <string_view>

#include "protocol/script.hpp"

namespace offstage {

void print_eval_console(const console_message& message);

/// "FILE:LINE:COLUMN: Uncaught NAME: MESSAGE" and the stack. What is unknown is left out.
void report_eval_error(const script_error& error);

void report_eval_problem(std::string_view text);

/// The same with the place where script was, if it is known.
void report_eval_stop(const script_error& place, std::string_view text);

} // namespace offstage
