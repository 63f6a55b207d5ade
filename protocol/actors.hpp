// SPDX-License-Identifier: MIT
#pragma once

// Every typed actor interface of the house: this header is the design. One line per clause: what it
// does, when the answer comes, which errors. Behaviours live in actors/, storage/, gateway/ and
// app/.
//
// Ownership is one downward tree: service_worker_manager - registration - service_worker_private -
// instance_parent - event_parent. Children monitor, nobody owns upward. A child process holds
// instance_child and event_child, and can address exactly one actor of the parent per instance: its
// instance_parent. Clauses marked "local" refuse messages from another node.

#include <cstdint>
#include <string>

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/atoms.hpp"
#include "protocol/body.hpp"
#include "protocol/cache.hpp"
#include "protocol/client.hpp"
#include "protocol/events.hpp"
#include "protocol/ids.hpp"
#include "protocol/instance.hpp"
#include "protocol/outcomes.hpp"
#include "protocol/process_link.hpp"
#include "protocol/registration.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"
#include "protocol/script.hpp"
#include "protocol/service.hpp"
#include "protocol/status.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

// -- Services of the parent

/// Fetches from the network, or from a site's upstream when the URL belongs to a configured site.
/// Lives in gateway/.
using network_fetcher_actor = caf::typed_actor<
    // Answers with the response's head as soon as it is there; the body is a stream. A network
    // error is a response of type error, never an error. The id is unique per sender.
    caf::replies_to<fetch_atom, call_id, fetch_request>::with<fetch_response>,
    // Cancels a fetch of the same sender whose head is not there yet; afterwards its body is
    // cancelled instead.
    caf::reacts_to<abort_atom, call_id>>;

/// The caches of one storage key. Lives in storage/; dies with the storage actor.
using cache_storage_actor = caf::typed_actor<
    // One Cache API operation. Answers once it is durable as the Cache API asks (puts: after the
    // write-ahead log). Errors: storage_error::{quota_exceeded, corrupted, body_failed, refused,
    // io_failed, closed}.
    caf::replies_to<cache_atom, cache_operation>::with<cache_result>>;

/// Who is told what a service has to tell. The instance_parent of a worker is one.
using notice_sink_actor = caf::typed_actor<caf::reacts_to<notify_atom, service_notice>>;

/// The databases of one storage key. Lives in storage/; dies with the storage actor, and answers
/// what is open then as failed.
using indexed_db_actor = caf::typed_actor<
    // One request of the worker behind this sink, which is also who is told about its connections.
    // May take for ever: the answer of a submit waits for other transactions, that of an open or a
    // delete for other connections. Requests of one sink are taken in their order. When the sink
    // dies its connections are closed and its transactions aborted. Errors: closed.
    caf::replies_to<call_atom, notice_sink_actor, idb_call>::with<idb_answer>>;

/// Everything on disk, routed by storage key. Lives in storage/ on a detached thread of its own for
/// writes.
using storage_actor = caf::typed_actor<
    // The caches of a storage key, created on demand.
    caf::replies_to<open_atom, storage_key>::with<cache_storage_actor>,
    // The databases of a storage key, on demand likewise.
    caf::replies_to<connect_atom, storage_key>::with<indexed_db_actor>,
    // Stores a script under the digest of its bytes and answers with the digest (lower-case hex
    // SHA-256).
    caf::replies_to<put_atom, shared_bytes>::with<std::string>,
    // The script with this digest. Errors: not_found, corrupted.
    caf::replies_to<get_atom, std::string>::with<shared_bytes>,
    // All scripts of a worker, the main script first, each with its artifact of this engine build.
    // Who gets a script without one is expected to put it; whoever asks meanwhile waits for that,
    // but not longer than limits::artifact_wait_max. Errors: not_found, corrupted.
    caf::replies_to<get_atom, worker_scripts_query>::with<script_sources>,
    // Keeps an artifact while the worker's main script is stored. Errors: refused, quota_exceeded.
    caf::replies_to<put_atom, artifact_name, shared_bytes>::with<bool>,
    // Every readable registration; damaged ones are quarantined and named in the log.
    caf::replies_to<load_atom>::with<stored_registration_list>,
    // Replaces the registration with this storage key and scope; durable when answered.
    caf::replies_to<store_atom, stored_registration>::with<bool>,
    // Removes it; scripts that no registration names are removed too. Answers whether it existed.
    caf::replies_to<remove_atom, storage_key, std::string>::with<bool>,
    // What a storage key uses of its quota: caches, databases, registrations, scripts, artifacts.
    caf::replies_to<status_atom, storage_key>::with<storage_figures>,
    // Whether the storage key may be evicted. Durable when answered.
    caf::replies_to<control_atom, storage_key, bool>::with<bool>,
    // Removes all caches, databases and artifacts of a storage key: nobody finds them any more when
    // answered, though who reads one may read on. Its registrations stay.
    caf::replies_to<remove_atom, storage_key>::with<bool>,
    // The sender runs script of this storage key as long as it lives: the key is not evicted.
    caf::reacts_to<run_atom, storage_key>,
    // A worker id that was never given out by this data directory.
    caf::replies_to<spawn_atom>::with<worker_id>,
    // Answers once everything acknowledged before is on disk.
    caf::replies_to<flush_atom>::with<bool>>;

/// Told about the controllers of clients.
using client_watcher_actor = caf::typed_actor<
    // A client is new or has another controller: its id, storage key and the controller's scope
    // (empty: uncontrolled). An empty storage key: the client is gone.
    caf::reacts_to<control_atom, std::string, storage_key, std::string>,
    // The registration with this scope lost a client.
    caf::reacts_to<idle_atom, storage_key, std::string>>;

/// The service worker clients of the node. Lives in actors/.
using clients_actor = caf::typed_actor<
    // Adds or replaces a client. Answers with its description.
    caf::replies_to<put_atom, client_descriptor>::with<client_descriptor>,
    // The client with this id and storage key: a list of one, or an empty one.
    caf::replies_to<get_atom, storage_key, std::string>::with<client_list>,
    // Finds the client of a request that names its page: most recent one with this storage key, URL
    // and tag (the gateway's fingerprint of the peer). A list of one, or an empty one.
    caf::replies_to<match_atom, storage_key, std::string, std::string>::with<client_list>,
    // Spec: ServiceWorker#clients-matchall. Clients controlled by the scope, or all of the storage
    // key.
    caf::replies_to<list_atom, storage_key, std::string, client_query>::with<client_list>,
    // The registration with this scope takes this client, or with an empty id every client in its
    // scope. Answers with those that changed.
    caf::replies_to<control_atom, storage_key, std::string, std::string>::with<client_list>,
    // Hands a message to the client's port. Answers false if the client is gone.
    caf::replies_to<message_atom, storage_key, std::string, structured_clone>::with<bool>,
    // The client went away.
    caf::reacts_to<remove_atom, std::string>,
    // From here on this actor is told who controls which client.
    caf::reacts_to<subscribe_atom, client_watcher_actor>>;

// -- Both ends of an instance

/// Where an instance_parent reports what became of an event.
using event_sink_actor =
    caf::typed_actor<caf::reacts_to<enter_atom>, caf::reacts_to<respond_atom, fetch_outcome>,
                     caf::reacts_to<finish_atom, event_result>,
                     // Respond and finish at once.
                     caf::reacts_to<finish_atom, fetch_outcome, event_result>>;

/// What an instance still has to do.
struct instance_load {
  uint32_t events = 0;
  uint32_t calls = 0;
  uint32_t streams = 0;

  bool empty() const { return events + calls + streams == 0; }
};

/// One running instance as the parent sees it; everything the child says comes here and is checked
/// here.
using instance_parent_actor = caf::typed_actor<
    // From the child: the script has seen the event. Comes before anything else that the script
    // does can be noticed outside of its process; respond and finish imply it.
    caf::reacts_to<enter_atom, event_id>,
    // From the child: respondWith() settled.
    caf::reacts_to<respond_atom, event_id, fetch_outcome>,
    // From the child: the event finished. With an outcome: respondWith() settled, too.
    caf::reacts_to<finish_atom, event_id, event_result>,
    caf::reacts_to<finish_atom, event_id, fetch_outcome, event_result>,
    // From the child: a service is wanted.
    caf::replies_to<call_atom, call_id, service_request>::with<service_result>,
    caf::reacts_to<abort_atom, call_id>,
    // From the child: pulls a stream that the parent holds for it.
    caf::replies_to<pull_atom, stream_id, uint32_t>::with<body_chunk>,
    caf::reacts_to<cancel_atom, stream_id>,
    // From the child: console output and uncaught errors, for the log.
    caf::reacts_to<console_atom, console_message>, caf::reacts_to<report_atom, script_error>,
    // From the child: what it made of one of its scripts.
    caf::reacts_to<store_atom, script_artifact>,
    // Local: dispatches an event on behalf of its event_parent.
    caf::reacts_to<dispatch_atom, event_id, worker_event, event_sink_actor>,
    // Local: the client of the event went away, or the event's deadline passed.
    caf::reacts_to<abort_atom, event_id>,
    // Local: pulls a stream of the child on behalf of a body relay; without a size: cancels it.
    caf::replies_to<provide_atom, stream_id, uint32_t>::with<body_chunk>,
    caf::reacts_to<provide_atom, stream_id>,
    // Local: the registration changed.
    caf::reacts_to<update_atom, registration_descriptor>,
    // Local: a service has something to tell the script.
    caf::reacts_to<notify_atom, service_notice>,
    // Local: what the child has not finished.
    caf::replies_to<idle_atom>::with<instance_load>,
    // Local: ends the instance by the ladder: ask, interrupt, kill.
    caf::reacts_to<terminate_atom>,
    // Local: its own timer.
    caf::reacts_to<tick_atom>>;

/// One running instance in its own process: owns the worker and its script thread. Never blocked by
/// the script.
using instance_child_actor = caf::typed_actor<
    // Dispatches one event; enter, respond and finish go to the instance_parent.
    caf::reacts_to<dispatch_atom, event_id, worker_event>, caf::reacts_to<abort_atom, event_id>,
    // Pulls a stream that the script feeds.
    caf::replies_to<pull_atom, stream_id, uint32_t>::with<body_chunk>,
    caf::reacts_to<cancel_atom, stream_id>, caf::reacts_to<update_atom, registration_descriptor>,
    caf::reacts_to<notify_atom, service_notice>,
    // Answers at once, whatever the script does.
    caf::replies_to<ping_atom>::with<bool>,
    // Interrupts the script and quits.
    caf::reacts_to<terminate_atom>>;

/// The root actor of a worker process.
using worker_process_actor = caf::typed_actor<
    // Starts an instance from its constructor message. Errors: incompatible, start_failed.
    caf::replies_to<spawn_atom, instance_constructor,
                    instance_parent_actor>::with<instance_child_actor>>;

/// A worker process: its root actor and the link to it. Stays in the parent.
struct worker_process {
  worker_process_actor root;
  process_link_ptr link;
};

// -- The tree

/// Told about everything an operator may want to see. Lives wherever it likes; a dead one is
/// forgotten.
using observer_actor = caf::typed_actor<caf::reacts_to<note_atom, lifecycle_note>>;

/// Owns all registrations. Lives in the parent only. Its death ends the node.
using service_worker_manager_actor = caf::typed_actor<
    // Spec: ServiceWorker#register-algorithm. Answers when the job's promise would settle: once the
    // worker is installing. Errors: type_error, security_error, script_evaluation_failed, stopping.
    caf::replies_to<register_atom, registration_request>::with<registration_descriptor>,
    // Spec: ServiceWorker#unregister-algorithm. Answers whether there was such a registration.
    caf::replies_to<unregister_atom, storage_key, std::string>::with<bool>,
    // Spec: ServiceWorker#update-algorithm on the registration with this scope. Errors as register.
    caf::replies_to<update_atom, storage_key, std::string>::with<registration_descriptor>,
    // All registrations.
    caf::replies_to<list_atom>::with<registration_list>,
    // Spec: ServiceWorker#on-fetch-request-algorithm. Answers with the outcome once the worker has
    // decided; falls back when no registration matches or its worker does not handle fetch.
    caf::replies_to<intercept_atom, call_id, fetch_request>::with<fetch_outcome>,
    // Who asked went away: the event's signal is aborted. Same sender and id as intercept.
    caf::reacts_to<abort_atom, call_id>,
    // Dispatches a message, push or sync event to the active worker of a registration; answers when
    // it finished.
    caf::replies_to<dispatch_atom, storage_key, std::string, worker_event>::with<event_result>,
    // Brings the stored registrations back. Answers with how many there are.
    caf::replies_to<restore_atom>::with<uint32_t>,
    // Which instances run, and where.
    caf::replies_to<status_atom>::with<node_status>, caf::reacts_to<subscribe_atom, observer_actor>,
    // Refuses new events, lets running ones finish within the limit, ends all instances. Answers
    // when nothing runs.
    caf::replies_to<drain_atom>::with<bool>>;

/// One service worker registration: its three workers. Its jobs come one at a time from the
/// manager's job queue of its scope.
using registration_actor = caf::typed_actor<
    // Dispatches a fetch event to the active worker, waiting while it activates.
    caf::replies_to<intercept_atom, call_id, fetch_request>::with<fetch_outcome>,
    caf::reacts_to<abort_atom, call_id>,
    // Dispatches any other event to the active worker, waiting while it activates if the event is
    // functional. Errors: no_registration if there is no active worker.
    caf::replies_to<dispatch_atom, worker_event>::with<event_result>,
    // Runs a register job. Answers when the job's promise settles; the job itself goes on until the
    // worker is installed, and the manager is told.
    caf::replies_to<run_atom, registration_request>::with<registration_descriptor>,
    // Runs an update job for the newest worker.
    caf::replies_to<update_atom>::with<registration_descriptor>,
    // Spec: ServiceWorker#unregister-algorithm. Answers once storage forgot it.
    caf::replies_to<unregister_atom>::with<bool>,
    // The worker called skipWaiting().
    caf::replies_to<skipwait_atom, worker_id>::with<bool>,
    // The worker called clients.claim(). Errors: invalid_state.
    caf::replies_to<claim_atom, worker_id>::with<bool>,
    // The first worker sends a message to the second. Answers whether that is one of this
    // registration; the event goes on by itself.
    caf::replies_to<message_atom, worker_id, worker_id, structured_clone>::with<bool>,
    // The worker called registration.update() or unregister(); they go through the job queue.
    caf::replies_to<update_atom, worker_id>::with<registration_descriptor>,
    caf::replies_to<unregister_atom, worker_id>::with<bool>,
    // A client of this registration went away.
    caf::reacts_to<idle_atom>,
    // Its own timers.
    caf::reacts_to<tick_atom>, caf::reacts_to<resume_atom, uint64_t>,
    caf::replies_to<get_atom>::with<registration_descriptor>,
    caf::replies_to<status_atom>::with<node_status>,
    // Refuses new events; answers when no instance runs.
    caf::replies_to<drain_atom>::with<bool>>;

/// One event: its outcome, attempts and cause. Settles exactly once, tells its
/// service_worker_private and quits.
using event_parent_actor = event_sink_actor::extend<
    // Starts, or starts again, on this instance.
    caf::reacts_to<start_atom, instance_parent_actor>,
    // The instance died, was terminated or could not be started.
    caf::reacts_to<lost_atom, event_cause>,
    // Who asked went away.
    caf::reacts_to<abort_atom>,
    // The deadline passed.
    caf::reacts_to<tick_atom>,
    // Answers with the settled result.
    caf::replies_to<dispatch_atom>::with<event_result>,
    // Answers with the fetch outcome.
    caf::replies_to<fetch_atom>::with<fetch_outcome>>;

/// The note's ServiceWorkerPrivate: decides when its worker runs and when it stops. One per service
/// worker version.
using service_worker_private_actor = caf::typed_actor<
    // Starts an instance if none runs, dispatches, answers when the event is settled. Never an
    // error: what goes wrong is the result's status and cause.
    caf::replies_to<dispatch_atom, worker_event>::with<event_result>,
    // The same for a fetch event; answers as soon as the outcome is known. The event goes on until
    // it is settled.
    caf::replies_to<fetch_atom, call_id, fetch_request>::with<fetch_outcome>,
    caf::reacts_to<abort_atom, call_id>,
    // An event_parent settled; its keep-alive token returns.
    caf::reacts_to<settle_atom, event_id, event_result>,
    // An event_parent wants its event dispatched again on a fresh instance.
    caf::reacts_to<resume_atom, event_id>,
    // The instance_parent has its child and takes events.
    caf::reacts_to<start_atom>,
    // Scripts that the instance imported from the network.
    caf::reacts_to<put_atom, script_sources>,
    // Answers with all of them.
    caf::replies_to<get_atom>::with<script_sources>,
    // What its instance made of one of its scripts.
    caf::reacts_to<store_atom, script_artifact>,
    // The worker is installed: further instances get their scripts from storage.
    caf::reacts_to<store_atom, stored_worker>,
    // Its own timer: deadlines and idleness.
    caf::reacts_to<tick_atom>,
    // Answers once no event is pending.
    caf::replies_to<idle_atom>::with<bool>,
    // Ends the instance; events are settled as terminated. Answers when it is gone.
    caf::replies_to<terminate_atom>::with<bool>,
    // Lets running events finish for a while, then as terminate.
    caf::replies_to<drain_atom>::with<bool>,
    // Registration state for the running instance, if there is one.
    caf::reacts_to<update_atom, registration_descriptor>,
    caf::replies_to<status_atom>::with<instance_status>>;

/// The note's ServiceWorkerInstanceSpawner: gives an instance a process by the strategy it was made
/// with.
using instance_spawner_actor = caf::typed_actor<
    // A process in which an instance of this worker may run, launched if need be. Errors:
    // launch_failed.
    caf::replies_to<spawn_atom, storage_key, worker_id>::with<worker_process>,
    // The instance is gone; a process that nobody uses is ended.
    caf::reacts_to<remove_atom, storage_key, worker_id>, caf::replies_to<drain_atom>::with<bool>>;

/// Launches worker processes; lives in app/link. Monitoring the root actor of a process tells when
/// it died.
using process_launcher_actor = caf::typed_actor<
    // A fresh process; the label is for its name in process lists and logs. Errors: launch_failed,
    // incompatible.
    caf::replies_to<launch_atom, std::string>::with<worker_process>>;

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::instance_load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::worker_process)
