// SPDX-License-Identifier: MIT
#pragma once

// Every time, size and count of the node that is not part of the wire format. The unit is the last
// word of a name; each has its reason. Options may lower most of them (config/options.hpp); nothing
// else in the house invents a number.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace offstage::limits {

using namespace std::chrono_literals;

// -- Life of an instance

/// A worker without events is asked to stop after this; browsers use the same.
inline constexpr auto idle_delay = 30s;
/// An instance that still runs then is given this long to finish; browsers use the same.
inline constexpr auto idle_grace = 30s;
/// From launch to the answer of the constructor message; a loaded machine needs seconds.
inline constexpr auto start_time_max = 10s;
/// From asking an instance to end to killing its process.
inline constexpr auto stop_time_max = 2s;
/// A worker without events gives unused memory back after this; sooner would slow busy ones.
inline constexpr auto tidy_delay = 1s;
/// A script that does not return to its event loop for this long is interrupted, and its process
/// killed soon after.
inline constexpr auto execution_time_max = 30s;
/// How much longer than execution_time_max the parent waits before it kills.
inline constexpr auto execution_kill_grace = 1s;
/// How often one event is dispatched if instances keep dying under it.
inline constexpr uint32_t event_attempts_max = 3;
/// Instances that die while starting, one after the other, before events fail at once for a while.
inline constexpr uint32_t start_failures_max = 3;
/// How long events of a worker that cannot start fail at once.
inline constexpr auto start_failure_pause = 5s;
/// Events of one worker that are queued or running; more are refused as overload.
inline constexpr uint32_t events_per_worker_max = 10'000;
/// Events that one instance handles at once; the others wait.
inline constexpr uint32_t events_in_instance_max = 256;

// -- Requests between actors

/// Any request inside the node that has no time of its own; it ends a wait that a bug would make
/// endless.
inline constexpr auto internal_request_max = 30s;
/// A service call of a worker: as long as the longest event.
inline constexpr auto service_call_max = 300s;
/// One pull of a body stream; a peer that is slower is dead.
inline constexpr auto pull_time_max = 300s;
/// importScripts of one call, all scripts together.
inline constexpr auto import_time_max = 60s;
/// A register or update job from fetch to installed.
inline constexpr auto job_time_max = 660s;
/// Jobs that wait in one job queue.
inline constexpr size_t jobs_per_scope_max = 256;

// -- Registrations

/// A registration whose last check is older is stale. Spec: ServiceWorker#soft-update-algorithm
inline constexpr auto update_check_stale_after = 86'400s;
/// A soft update check runs this long after the first functional event that asked for it.
inline constexpr auto soft_update_delay = 1s;
/// New events wait this long for the active worker to be idle when another one may replace it.
inline constexpr auto activation_gate_max = 2s;
/// A worker that may activate waits this long for the active one to be idle: no event lasts longer.
inline constexpr auto activation_wait_max = 300s;
/// Intercepted requests whose abort is forwarded; an older one is not aborted but runs to its end.
inline constexpr size_t intercepts_remembered_max = size_t{64} << 10;
/// Pause before a site's worker is registered again after a failure, doubled up to the second
/// value.
inline constexpr auto register_retry_min = 1s;
inline constexpr auto register_retry_max = 30s;
/// Clients that the node remembers; the oldest are forgotten.
inline constexpr size_t clients_max = 10'000;
/// A client that made no request for this long is forgotten.
inline constexpr auto client_idle_max = 600s;

// -- Scripts

/// One script.
inline constexpr size_t script_bytes_max = size_t{32} << 20;
/// What an engine makes of one script is a few times as long as the script.
inline constexpr size_t artifact_bytes_max = size_t{64} << 20;
/// How long a start waits for an artifact that another one makes; then it makes its own.
inline constexpr auto artifact_wait_max = 50ms;
/// Imported scripts of one worker.
inline constexpr size_t imports_max = 1024;
/// Heap of one worker.
inline constexpr size_t heap_bytes_max = size_t{256} << 20;
/// Stack of a script thread: Duktape's compiler recurses natively.
inline constexpr size_t script_stack_bytes = size_t{8} << 20;
/// Nesting of a script's syntax; deeper ones are refused as SyntaxError.
inline constexpr uint32_t syntax_depth_max = 2'000;
/// Backtracking steps of one regular expression match.
inline constexpr uint32_t regexp_match_steps_max = 5'000'000;
/// One line of console output; the rest is cut.
inline constexpr size_t console_text_bytes_max = size_t{16} << 10;
/// Console lines per second and worker that reach the log; the rest is counted.
inline constexpr uint32_t console_lines_per_s_max = 1'000;

/// Nesting of a value that is cloned; the walk recurses natively.
inline constexpr uint32_t clone_depth_max = 5'000;
/// Streams that script holds without reading; beyond it garbage is collected to let go of forgotten
/// ones.
inline constexpr size_t unread_streams_max = 32;
/// What one branch of a cloned body may hold for its reader while the other branch runs ahead.
inline constexpr size_t tee_bytes_max = size_t{64} << 20;

// -- Gateway

/// Open connections; more wait in the kernel's queue.
inline constexpr size_t connections_max = 10'000;
/// Head of one request.
inline constexpr size_t request_head_bytes_max = size_t{64} << 10;
/// Request bodies are streamed; this bounds what one request may send in all.
inline constexpr uint64_t request_body_bytes_max = uint64_t{4} << 30;
/// Bytes of a body that are in memory for one connection and direction.
inline constexpr size_t body_window_bytes = size_t{256} << 10;
/// A client that sends no complete head in this time is slow on purpose.
inline constexpr auto head_time_max = 30s;
/// A client that takes or sends no byte of a body in this time is gone.
inline constexpr auto body_idle_max = 60s;
/// An idle keep-alive connection is closed after this.
inline constexpr auto keep_alive_max = 75s;
/// After a last answer a connection is read so long, so that the answer is not lost by a reset.
inline constexpr auto linger_time_max = 2s;
/// Pause before the next accept when the system is out of descriptors.
inline constexpr auto accept_pause = 100ms;
/// Unread rest of a request body that is worth reading to keep its connection.
inline constexpr uint64_t discard_bytes_max = uint64_t{1} << 20;
/// On SIGTERM: running requests may take this long.
inline constexpr auto drain_time_max = 4s;
/// An idle connection stays open for a request that was sent before its client knew of the end.
inline constexpr auto drain_grace = 250ms;

// -- Network

inline constexpr auto connect_time_max = 10s;
/// A response that sends no byte in this time has failed.
inline constexpr auto network_idle_max = 60s;
inline constexpr uint32_t redirects_max = 20; ///< As Fetch has it.
inline constexpr size_t response_head_bytes_max = size_t{256} << 10;
/// Fetches at once; more wait.
inline constexpr size_t network_fetches_max = 256;
/// Fetches that wait for their turn; more are network errors.
inline constexpr size_t network_fetches_waiting_max = 10'000;
/// Idle connections that are kept for the next fetch.
inline constexpr long network_idle_connections_max = 64;

// -- Storage

/// A stored body is cut into records of this size.
inline constexpr size_t body_record_bytes = size_t{256} << 10;
/// Bodies up to this size are stored beside their response.
inline constexpr size_t body_inline_bytes_max = size_t{16} << 10;
/// Body bytes that wait for the writer; producers are not pulled beyond it.
inline constexpr size_t write_window_bytes = size_t{8} << 20;
/// One record's key and value as the reader accepts them.
inline constexpr size_t record_bytes_max = size_t{16} << 20;
/// Usage of one storage key.
inline constexpr uint64_t quota_bytes_default = uint64_t{2} << 30;
/// Usage of all storage keys; beyond it the least recently used ones are evicted.
inline constexpr uint64_t storage_budget_bytes_default = uint64_t{20} << 30;
/// How often it is looked whether that is exceeded, if anybody has used storage meanwhile.
inline constexpr auto eviction_interval = 60s;
/// When a storage key was used last is written at most so often.
inline constexpr auto last_use_resolution = 3'600s;
inline constexpr size_t cache_name_bytes_max = size_t{64} << 10;
inline constexpr size_t caches_per_key_max = 10'000;
/// Blocks of tables that stay in memory; hot entries and indexes of a small site fit.
inline constexpr size_t block_cache_bytes_default = size_t{16} << 20;
/// Unflushed writes of all column families together.
inline constexpr size_t write_buffers_bytes = size_t{48} << 20;
/// Write-ahead log that a restart may have to replay.
inline constexpr size_t write_ahead_bytes_max = size_t{96} << 20;
/// Table files that are open at once.
inline constexpr int table_files_open_max = 256;
/// One commit of the writer: enough to share a sync, little enough to answer soon.
inline constexpr size_t group_commit_bytes = size_t{4} << 20;
/// The least a body's producer is asked for, however many bodies arrive at once.
inline constexpr size_t body_pull_bytes_min = size_t{4} << 10;
/// Bodies that arrive at once; the least pulls of all of them are twice the window.
inline constexpr size_t bodies_arriving_max = 4096;
/// Empty chunks in a row before a producer counts as broken.
inline constexpr uint32_t empty_chunks_max = 64;
/// A write waits at most this long for the disk; longer stalls are a broken disk.
inline constexpr auto write_time_max = 300s;
/// One put from its first to its last byte; who streams longer than a day does not cache.
inline constexpr auto put_time_max = 86'400s;
/// Pause between two attempts to bring a failed database back.
inline constexpr auto database_resume_pause = 1s;
/// What the disk has to take before that attempt; a fresh log and a few tables fit.
inline constexpr size_t resume_probe_bytes = size_t{4} << 20;
/// Entries of a deleted cache that one step reclaims, so that others are not kept waiting.
inline constexpr size_t reclaim_rows_max = 512;
/// A serialised origin: scheme, a host name of at most 253 bytes and a port.
inline constexpr size_t origin_bytes_max = 512;
/// Fields that one Vary header may name.
inline constexpr size_t vary_fields_max = 256;

/// Records of one answer of a transaction: what does not fit into a worker's heap cannot be read.
inline constexpr uint64_t idb_answer_bytes_max = uint64_t{192} << 20;
/// Values that a cursor gets ahead of its script; more would be read in vain when it stops early.
inline constexpr uint64_t idb_ahead_bytes = uint64_t{256} << 10;
/// What a transaction has changed and not committed; it is in memory until then.
inline constexpr uint64_t idb_changes_bytes_max = uint64_t{512} << 20;
/// Connections of one worker, with those that are being opened; a script that opens one per event
/// and closes none is found by it.
inline constexpr size_t idb_connections_max = 10'000;
/// Unfinished transactions of one connection; as many as a worker may have calls for, and some.
inline constexpr size_t idb_transactions_max = 20'000;
/// Values of records from this size on lie beside their table, where compaction leaves them alone.
inline constexpr uint64_t idb_blob_bytes_min = uint64_t{64} << 10;
/// Ids of stores and indexes; a script's number holds every smaller one.
inline constexpr uint64_t idb_ids_max = uint64_t{1} << 53;

// -- Processes

/// Worker processes at once.
inline constexpr size_t processes_max = 512;
/// Address space of a worker process beyond the heaps of its workers.
inline constexpr size_t process_overhead_bytes = size_t{256} << 20;
/// Messages to actors that a process may not address before it is dropped.
inline constexpr uint64_t refused_messages_max = 64;
/// Descriptors of one link and direction that were sent but not claimed: a burst of long payloads
/// has to fit.
inline constexpr size_t descriptors_in_flight_max = 512;
/// Bytes in those descriptors that a child sent: a few of the longest payloads.
inline constexpr uint64_t descriptor_bytes_in_flight_max = uint64_t{512} << 20;
/// Bytes that wait for a process to read them; one that does not read is ended.
inline constexpr size_t link_queue_bytes_max = size_t{64} << 20;
/// A handshake names a node and an interface.
inline constexpr size_t handshake_bytes_max = size_t{64} << 10;
/// Actors of one process that sent a message and did not end; each costs a proxy in the parent.
inline constexpr size_t senders_per_process_max = 4'096;
/// Revoked receivers that the guard remembers: late messages to them are no offence.
inline constexpr size_t revoked_receivers_max = 1'024;
/// A zygote that has not forked in this time is stuck.
inline constexpr auto fork_time_max = 2s;
/// How often ended processes are looked after until the kernel has let them go.
inline constexpr auto reap_interval = 2ms;
/// Heaps that one worker process has room for: its address space is limited for so many.
inline constexpr size_t heaps_per_process_max = 8;
/// The label of a process in process lists.
inline constexpr size_t process_label_bytes_max = 128;

/// A thread that was joined is gone from the kernel's list after this, on a loaded machine too.
inline constexpr auto thread_exit_max = 200ms;

// -- The verb eval

/// A forgotten script ends some day; --time-limit says otherwise.
inline constexpr auto eval_time_default = 600s;
/// Nobody waits longer for a script.
inline constexpr auto eval_time_max = 24h;
/// How long a script that was told to stop may stay in code that does not listen.
inline constexpr auto eval_stop_grace = 1s;
/// Below it the platform itself has no room.
inline constexpr uint64_t eval_memory_mb_min = 8;
/// More than any worker is given; beyond it the machine is at risk.
inline constexpr uint64_t eval_memory_mb_max = 4'096;

} // namespace offstage::limits
