// SPDX-License-Identifier: MIT
#pragma once
// Limits of the JavaScript engine. Every one is a default that engine_options may lower; none is
// reachable from script.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace offstage {

// Firefox and Chromium give a worker far more; the largest real worker script measured needs 7 MB.
inline constexpr std::size_t js_heap_bytes_max = 256u << 20;
// Room that only the host may use once script has filled its heap: reporting the error must not
// fail.
inline constexpr std::size_t js_heap_reserve_bytes = 256u << 10;
// A script that catches this many failed allocations makes no progress and only burns garbage
// collections.
inline constexpr std::uint32_t js_allocation_failures_max = 64;
// Frames that are searched for one of the script's own when it is stopped.
inline constexpr int js_frames_searched_max = 16;
// Source of eval and `new Function` that is kept for stack traces and Function.prototype.toString;
// template engines that compile every view stay below it.
inline constexpr std::size_t js_eval_text_bytes_max = 4u << 20;
// How many of them; bounds the tables.
inline constexpr std::size_t js_eval_count_max = 1'000;
// What stays free of the native stack when Duktape is told to stop recursing; regexp compilation
// needs most.
inline constexpr std::size_t js_stack_reserve_bytes = 192u << 10;
// Assumed when the thread's bounds cannot be read (a sealed child has no /proc).
inline constexpr std::size_t js_stack_fallback_bytes = 768u << 10;
// HTML: timers nested deeper than this are clamped.
inline constexpr int timer_nesting_max = 5;
inline constexpr std::int64_t timer_clamp_ms = 4;
// HTML stores the delay in a signed 32 bit integer.
inline constexpr double timer_delay_ms_max = 2147483647.0;
// A worker with more live timers than this is leaking them.
inline constexpr std::size_t timer_count_max = 100'000;
// PCRE2 steps one match may take: about 50 ms, then the match fails with an error.
inline constexpr std::uint32_t regexp_match_steps_max = 5'000'000;
// Memory one match may use for backtracking, in KiB as PCRE2 counts it.
inline constexpr std::uint32_t regexp_heap_kib_max = 64u << 10;
// Longest pattern, in UTF-16 units: compiling it cannot be interrupted and takes a quarter of a
// second at this size. The longest in the packages of the tests has 40,000.
inline constexpr std::size_t regexp_pattern_units_max = 1u << 17;
// Captures of one pattern; each costs every match memory.
inline constexpr std::uint32_t regexp_groups_max = 5000;
// Instructions of a pattern for the backtracking matcher: 4 MiB.
inline constexpr std::size_t regexp_code_max = 1u << 18;
// What the backtracking matcher may remember, 24 bytes each.
inline constexpr std::size_t regexp_stack_entries_max = 1u << 20;
// Deepest parentheses PCRE2 may compile.
inline constexpr std::uint32_t regexp_nesting_max = 1000;
// Bits of a BigInt: writing one of this size in decimal takes a quarter of a second, uninterrupted.
inline constexpr int bigint_bits_max = 1 << 18;
// Error texts and stacks leave the engine as data; anything longer is cut.
inline constexpr std::size_t script_error_text_bytes_max = 16u << 10;

// Events of IndexedDB in a row, before timers and messages of the worker get their turn.
inline constexpr std::chrono::milliseconds idb_delivery_slice{5};

} // namespace offstage
