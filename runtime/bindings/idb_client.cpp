// SPDX-License-Identifier: MIT
#include "runtime/bindings/idb_client.hpp"

#include <algorithm>
#include <utility>

#include <caf/variant.hpp>

#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_limits.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

bool is_read(const idb_operation& operation) {
  return caf::holds_alternative<idb_read>(operation)
         || caf::holds_alternative<idb_count>(operation);
}

size_t size_of(const idb_operation& operation) {
  constexpr size_t fixed = 64;
  if (const auto* put = caf::get_if<idb_put>(&operation)) {
    auto size = fixed + put->key.size() + std::min(put->value.size(), wire::inline_bytes_max);
    for (const auto& index : put->index_keys)
      for (const auto& key : index.keys)
        size += key.size() + sizeof(uint64_t);
    return size;
  }
  if (const auto* fill = caf::get_if<idb_fill_index>(&operation)) {
    auto size = fixed + fill->primary_key.size();
    for (const auto& key : fill->keys)
      size += key.size() + sizeof(uint64_t);
    return size;
  }
  if (const auto* read = caf::get_if<idb_read>(&operation))
    return fixed + read->range.lower.size() + read->range.upper.size() + read->after_key.size()
           + read->after_primary_key.size();
  if (const auto* count = caf::get_if<idb_count>(&operation))
    return fixed + count->range.lower.size() + count->range.upper.size();
  if (const auto* gone = caf::get_if<idb_delete>(&operation))
    return fixed + gone->range.lower.size() + gone->range.upper.size();
  return fixed;
}

idb_result result_of(service_result& answer) {
  if (auto* known = caf::get_if<idb_answer>(&answer))
    return std::move(known->result);
  idb_failure failure{"UnknownError", "storage gave no answer"};
  if (const auto* failed = caf::get_if<call_failure>(&answer))
    failure = {failed->name.empty() ? "UnknownError" : failed->name, failed->message};
  return failure;
}

void push_failure(duk_context* ctx, const idb_failure& failure) {
  push_text(ctx, failure.name.empty() ? "UnknownError" : failure.name);
  push_text(ctx, failure.message);
}

// [name, message] by place, or undefined.
void push_failures(duk_context* ctx, const idb_results& results) {
  duk_push_undefined(ctx);
  for (size_t i = 0; i < results.outcomes.size(); ++i) {
    const auto* failure = caf::get_if<idb_failure>(&results.outcomes[i]);
    if (failure == nullptr)
      continue;
    if (duk_is_undefined(ctx, -1)) {
      duk_pop(ctx);
      duk_push_bare_object(ctx);
    }
    duk_push_bare_array(ctx);
    push_failure(ctx, *failure);
    duk_put_prop_index(ctx, -3, 1);
    duk_put_prop_index(ctx, -2, 0);
    duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(i));
  }
}

void push_numbers(duk_context* ctx, const std::vector<uint32_t>& numbers) {
  duk_push_bare_array(ctx);
  for (size_t i = 0; i < numbers.size(); ++i) {
    duk_push_uint(ctx, numbers[i]);
    duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(i));
  }
}

} // namespace

uint32_t idb_client::begin(idb_submit head) {
  const auto number = ++last_;
  if (head.mode == idb_mode::version_change) {
    head.transaction = idb_upgrade_transaction;
  } else {
    head.transaction = idb_transaction_id{number};
    head.begin = true;
  }
  auto& made = transactions_[number];
  made.dirty = head.begin;
  has_dirty_ = has_dirty_ || made.dirty;
  made.next = std::move(head);
  return number;
}

bool idb_client::add(uint32_t number, step next) {
  const auto at = transactions_.find(number);
  if (at == transactions_.end())
    return false;
  auto& to = at->second;
  const auto blocked = to.strong || (to.barriers > 0 && !is_read(next.operation));
  if (!next.goes_on && (blocked || !to.held.empty()))
    to.held.push_back(std::move(next));
  else
    append(to, std::move(next));
  return true;
}

void idb_client::append(transaction& to, step next) {
  if (next.kind != barrier::none)
    ++to.barriers;
  to.strong = to.strong || next.kind == barrier::strong;
  to.bytes += size_of(next.operation);
  to.next.operations.push_back(std::move(next.operation));
  to.numbers.push_back(next.number);
  to.dirty = has_dirty_ = true;
  if (to.numbers.size() >= wire::idb_operations_max || to.bytes >= wire::idb_submit_bytes_max)
    flush();
}

void idb_client::release(uint32_t number) {
  const auto at = transactions_.find(number);
  if (at == transactions_.end() || at->second.barriers == 0)
    return;
  auto& from = at->second;
  if (--from.barriers > 0)
    return;
  from.strong = false;
  while (!from.held.empty() && !from.strong
         && (from.barriers == 0 || is_read(from.held.front().operation))) {
    auto next = std::move(from.held.front());
    from.held.pop_front();
    append(from, std::move(next));
  }
}

void idb_client::finish(uint32_t number, idb_finish how) {
  const auto at = transactions_.find(number);
  if (at == transactions_.end())
    return;
  auto& ended = at->second;
  if (how == idb_finish::abort) {
    ended.next.operations.clear();
    ended.numbers.clear();
    ended.held.clear();
    if (ended.next.begin) {
      const auto connection = ended.next.connection;
      transactions_.erase(at);
      return forget_if_closed(connection);
    }
  }
  ended.next.finish = how;
  ended.dirty = has_dirty_ = true;
}

void idb_client::flush() {
  if (!std::exchange(has_dirty_, false))
    return;
  for (auto at = transactions_.begin(); at != transactions_.end();) {
    const auto current = at++;
    if (!current->second.dirty)
      continue;
    const auto connection = current->second.next.connection;
    const auto ends = current->second.next.finish != idb_finish::none;
    send(current->first, current->second);
    if (ends) {
      transactions_.erase(current);
      forget_if_closed(connection);
    }
  }
}

void idb_client::send(uint32_t number, transaction& from) {
  idb_submit following;
  following.connection = from.next.connection;
  following.transaction = from.next.transaction;
  following.mode = from.next.mode;
  following.durability = from.next.durability;
  auto sent = std::exchange(from.next, std::move(following));
  from.bytes = 0;
  from.dirty = false;
  const auto finish = sent.finish;
  call(std::move(sent),
       [this, number, finish, numbers = std::exchange(from.numbers, {})](idb_result result) {
         answered(number, numbers, finish, std::move(result));
       });
}

void idb_client::call(idb_request request, std::function<void(idb_result)> receiver) {
  if (open_calls_ >= wire::idb_calls_max) {
    backlog_.emplace_back(std::move(request), std::move(receiver));
    return;
  }
  ++open_calls_;
  owner_.start_call(idb_call{std::move(request)},
                    [this, receiver = std::move(receiver)](service_result answer) {
                      --open_calls_;
                      receiver(result_of(answer));
                      sent_is_answered();
                    });
}

void idb_client::sent_is_answered() {
  if (backlog_.empty())
    return;
  auto [request, receiver] = std::move(backlog_.front());
  backlog_.pop_front();
  call(std::move(request), std::move(receiver));
}

void idb_client::answered(uint32_t number, const std::vector<uint32_t>& numbers, idb_finish finish,
                          idb_result result) {
  if (finish == idb_finish::abort)
    return;
  auto results = std::make_unique<idb_results>();
  const auto* failure = caf::get_if<idb_failure>(&result);
  if (auto* known = caf::get_if<idb_results>(&result))
    *results = std::move(*known);
  idb_failure unfit{"UnknownError", "the answer does not fit"};
  if (failure == nullptr && results->outcomes.size() != numbers.size())
    failure = &unfit;
  const auto known = failure == nullptr ? numbers : std::vector<uint32_t>{};
  owner_.call_function("idbAnswered", 7, [&](duk_context* ctx) {
    duk_push_uint(ctx, number);
    const auto& outcomes = *results;
    push_numbers(ctx, known);
    push_failures(ctx, outcomes);
    if (failure != nullptr) {
      push_failure(ctx, *failure);
    } else {
      duk_push_undefined(ctx);
      duk_push_undefined(ctx);
    }
    duk_push_boolean(ctx, finish == idb_finish::commit);
    push_idb_answer(ctx, results);
  });
}

void idb_client::ask(idb_request request, uint32_t number) {
  flush();
  idb_connection_id connection{0};
  if (const auto* open = caf::get_if<idb_open>(&request))
    connection = open->connection;
  if (const auto* close = caf::get_if<idb_close>(&request)) {
    closing_.insert(close->connection);
    forget_if_closed(close->connection);
  }
  call(std::move(request),
       [this, number, connection](idb_result result) { replied(number, connection, result); });
}

void idb_client::forget_if_closed(idb_connection_id connection) {
  const auto is_of_it = [&](const auto& entry) {
    return entry.second.next.connection == connection;
  };
  if (!closing_.contains(connection)
      || std::any_of(transactions_.begin(), transactions_.end(), is_of_it))
    return;
  closing_.erase(connection);
  shapes_.erase(connection);
}

void idb_client::replied(uint32_t number, idb_connection_id connection, const idb_result& result) {
  if (number == 0)
    return;
  if (const auto* opened = caf::get_if<idb_opened>(&result))
    learn(connection, opened->database);
  owner_.call_function("idbReplied", 4, [&](duk_context* ctx) {
    duk_push_uint(ctx, number);
    if (const auto* failure = caf::get_if<idb_failure>(&result)) {
      duk_push_undefined(ctx);
      return push_failure(ctx, *failure);
    }
    if (const auto* opened = caf::get_if<idb_opened>(&result))
      push_idb_database(ctx, opened->database);
    else if (const auto* deleted = caf::get_if<idb_deleted>(&result))
      duk_push_number(ctx, static_cast<double>(deleted->old_version));
    else if (const auto* names = caf::get_if<idb_database_names>(&result)) {
      duk_push_array(ctx);
      for (duk_uarridx_t i = 0; i < names->databases.size(); ++i) {
        push_idb_database(ctx, names->databases[i]);
        duk_put_prop_index(ctx, -2, i);
      }
    } else {
      duk_push_undefined(ctx);
    }
    duk_push_undefined(ctx);
    duk_push_undefined(ctx);
  });
}

void idb_client::learn(idb_connection_id connection, const idb_database& database) {
  auto& shapes = shapes_[connection];
  shapes.clear();
  for (const auto& store : database.stores)
    shapes.push_back(shape_of(store));
}

idb_store_shape* idb_client::store(idb_connection_id connection, uint64_t id) {
  const auto at = shapes_.find(connection);
  if (at == shapes_.end())
    return nullptr;
  for (auto& store : at->second)
    if (store.id == id)
      return &store;
  return nullptr;
}

void idb_client::notified(idb_notice notice) {
  const auto tell = [this](const char* kind, idb_connection_id connection, uint64_t old_version,
                           uint64_t new_version, const idb_database* database) {
    owner_.call_function("idbNotice", 5, [&](duk_context* ctx) {
      duk_push_string(ctx, kind);
      duk_push_number(ctx, static_cast<double>(connection));
      duk_push_number(ctx, static_cast<double>(old_version));
      duk_push_number(ctx, static_cast<double>(new_version));
      if (database != nullptr)
        push_idb_database(ctx, *database);
      else
        duk_push_undefined(ctx);
    });
  };
  if (const auto* blocked = caf::get_if<idb_blocked>(&notice)) {
    tell("blocked", blocked->connection, blocked->old_version, blocked->new_version, nullptr);
  } else if (const auto* needed = caf::get_if<idb_upgrade_needed>(&notice)) {
    learn(needed->connection, needed->database);
    tell("upgradeNeeded", needed->connection, needed->old_version, needed->database.version,
         &needed->database);
  } else if (const auto* change = caf::get_if<idb_version_change>(&notice)) {
    tell("versionChange", change->connection, change->old_version, change->new_version, nullptr);
  } else if (const auto* lost = caf::get_if<idb_connection_lost>(&notice)) {
    tell("lost", lost->connection, 0, 0, nullptr);
  }
}

void idb_client::post_delivery() {
  owner_.js().loop().post([this](engine&) { deliver(); });
}

// Every event is a task of its own: its listeners run with no other script on the stack. Others get
// their turn after a while.
void idb_client::deliver() {
  auto& js = owner_.js();
  const auto until = engine_heap::clock::now() + idb_delivery_slice;
  do {
    auto* ctx = js.context();
    const stack_guard guard{ctx};
    auto more = false;
    const auto outcome = js.run(ctx, [&](duk_context* inner) {
      owner_.push_function(inner, "idbDeliver");
      duk_call(inner, 0);
      more = duk_get_boolean(inner, -1) != 0;
    });
    owner_.note(js.heap().cause());
    if (owner_.stopped() != stop_cause::none)
      return;
    if (!owner_.succeeded(outcome))
      more = true;
    if (!more)
      return;
  } while (engine_heap::clock::now() < until);
  post_delivery();
}

void idb_client::cleanup() {
  auto* ctx = owner_.js().context();
  const stack_guard guard{ctx};
  static_cast<void>(protect(ctx, 1, [this](duk_context* inner) {
    owner_.push_function(inner, "idbCleanup");
    duk_call(inner, 0);
  }));
}

} // namespace offstage
