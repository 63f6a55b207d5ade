// SPDX-License-Identifier: MIT
#include "runtime/bindings/idb_records.hpp"

#include <algorithm>
#include <cmath>

#include <caf/variant.hpp>

#include "protocol/limits_of_wire.hpp"
#include "runtime/clone_scanner.hpp"
#include "runtime/structured_serialize.hpp"

namespace offstage {

namespace {

constexpr uint32_t flag_no_overwrite = 1;
constexpr uint32_t flag_at_cursor = 2;

js_error data_error(const char* message) {
  return js_error::dom("DataError", message);
}

/// One captured value and the keys in it. Most are found in its bytes; for the others the value is
/// read once, because key paths are evaluated on the clone.
class captured_value {
public:
  /// Leaves what it reads on the stack until it dies.
  captured_value(duk_context* ctx, const structured_clone& record)
      : ctx_(ctx), guard_(ctx), record_(record) {}

  enum class outcome : uint8_t { key, invalid, nothing };

  /// Spec: IndexedDB#extract-key-from-value
  js_result<outcome> extract(const parsed_path& path, std::string& key) {
    if (path.kind == idb_path_kind::string)
      return extract_one(path.paths.front(), key);
    idb_key_writer{key}.begin_array();
    auto total = outcome::key;
    for (const auto& each : path.paths) {
      auto found = extract_one(each, key);
      if (!found || *found == outcome::nothing)
        return found;
      if (*found == outcome::invalid)
        total = outcome::invalid;
    }
    idb_key_writer{key}.end_array();
    if (key.size() > wire::idb_key_bytes_max)
      total = outcome::invalid;
    return total;
  }

  /// The key that is about to be generated stands at this path. Null: none.
  void expect_generated(const parsed_path* path) { generated_ = path; }

  /// What an index gets from it; nothing is no error.
  js_result<std::vector<std::string>> index_keys(const idb_index_shape& index) {
    std::vector<std::string> keys;
    if (index.multi_entry && !is_generated(index.path.paths.front())) {
      auto entries = extract_entries(index.path.paths.front(), keys);
      if (!entries)
        return entries.error();
      if (*entries)
        return keys;
    }
    std::string key;
    auto found = extract(index.path, key);
    if (!found)
      return found.error();
    if (*found == outcome::key)
      keys.push_back(std::move(key));
    return keys;
  }

  js_result<bool> has_room_for(const parsed_path::identifiers& path) {
    if (path.size() == 1)
      return clone_scanner::is_object(record_.bytes.view());
    if (auto ready = read(); !ready)
      return ready.error();
    bool has_room = false;
    auto done = protect(ctx_, 0, [&](duk_context* inner) {
      has_room = inject_key(inner, value_, path, {}, injection::check);
    });
    if (!done)
      return done.error();
    return has_room;
  }

  /// The value gets the key that was generated for it, unless it has one.
  js_result<void> complete(const parsed_path::identifiers& path, std::string_view key) {
    if (auto ready = read(); !ready)
      return ready.error();
    return protect(ctx_, 0, [&](duk_context* inner) {
      if (!push_at_path(inner, value_, path))
        inject_key(inner, value_, path, key, injection::perform);
    });
  }

private:
  bool is_generated(const parsed_path::identifiers& path) const {
    return generated_ != nullptr && generated_->paths.front() == path;
  }

  js_result<void> read() {
    if (has_value_)
      return {};
    if (auto done = structured_deserialize(ctx_, record_); !done)
      return done.error();
    value_ = duk_get_top_index(ctx_);
    has_value_ = true;
    return {};
  }

  js_result<outcome> extract_one(const parsed_path::identifiers& path, std::string& key) {
    if (is_generated(path)) {
      idb_key_writer{key}.generated();
      return outcome::key;
    }
    if (!has_value_) {
      clone_scanner scanner{record_.bytes.view()};
      switch (scanner.find(path)) {
      case clone_scanner::found::number:
        if (std::isnan(scanner.number()))
          return outcome::invalid;
        idb_key_writer{key}.number(scanner.number());
        return outcome::key;
      case clone_scanner::found::text:
        idb_key_writer{key}.text(scanner.text());
        return key.size() <= wire::idb_key_bytes_max ? outcome::key : outcome::invalid;
      case clone_scanner::found::nothing:
        return outcome::nothing;
      case clone_scanner::found::undecided:
        break;
      }
    }
    return extract_from_value(path, key);
  }

  js_result<outcome> extract_from_value(const parsed_path::identifiers& path, std::string& key) {
    if (auto ready = read(); !ready)
      return ready.error();
    seen_arrays seen;
    auto found = outcome::nothing;
    auto done = protect(ctx_, 0, [&](duk_context* inner) {
      if (push_at_path(inner, value_, path))
        found =
            append_key(inner, -1, key, seen) == key_outcome::key ? outcome::key : outcome::invalid;
    });
    if (!done)
      return done.error();
    if (key.size() > wire::idb_key_bytes_max || seen.size() > wire::idb_key_depth_max)
      return outcome::invalid;
    return found;
  }

  /// Of an array: its elements that are keys, each once. False if there is no array.
  js_result<bool> extract_entries(const parsed_path::identifiers& path,
                                  std::vector<std::string>& keys) {
    if (auto ready = read(); !ready)
      return ready.error();
    const stack_guard guard{ctx_};
    bool has_value = false;
    auto pushed = protect(ctx_, 1, [&](duk_context* inner) {
      has_value = push_at_path(inner, value_, path);
      if (!has_value)
        duk_push_undefined(inner);
    });
    if (!pushed)
      return pushed.error();
    if (!duk_is_array(ctx_, -1))
      return false;
    const auto array = duk_get_top_index(ctx_);
    const auto length = static_cast<duk_uarridx_t>(duk_get_length(ctx_, array));
    auto* self = duk_get_heapptr(ctx_, array);
    std::string key;
    for (duk_uarridx_t i = 0; i < length; ++i) {
      key.clear();
      seen_arrays seen{self};
      auto is_key = false;
      auto done = protect(ctx_, 0, [&](duk_context* inner) {
        duk_get_prop_index(inner, array, i);
        is_key = append_key(inner, -1, key, seen) == key_outcome::key;
        duk_pop(inner);
      });
      if (!done)
        return done.error();
      if (is_key && key.size() <= wire::idb_key_bytes_max)
        keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    if (keys.size() > wire::idb_index_keys_max)
      return data_error("The value has too many keys for an index");
    return true;
  }

  duk_context* ctx_;
  stack_guard guard_;
  const structured_clone& record_;
  const parsed_path* generated_ = nullptr;
  duk_idx_t value_ = 0;
  bool has_value_ = false;
};

js_result<void> find_primary_key(captured_value& value, const idb_store_shape& store, idb_put& put,
                                 std::string_view given, uint32_t flags) {
  put.key = given;
  if (store.path.kind == idb_path_kind::none) {
    put.generate = given.empty();
    return {};
  }
  std::string key;
  auto found = value.extract(store.path, key);
  if (!found)
    return found.error();
  if (*found == captured_value::outcome::key) {
    if ((flags & flag_at_cursor) != 0 && key != given)
      return data_error("The value's key is not that of the cursor");
    put.key = std::move(key);
    return {};
  }
  if (*found == captured_value::outcome::invalid || !store.auto_increment
      || (flags & flag_at_cursor) != 0)
    return data_error("The value has no valid key where the key path leads");
  auto has_room = value.has_room_for(store.path.paths.front());
  if (!has_room)
    return has_room.error();
  if (!*has_room)
    return data_error("The value has no room for a generated key");
  put.generate = true;
  value.expect_generated(&store.path);
  return {};
}

} // namespace

js_result<idb_put> make_put(duk_context* ctx, const idb_store_shape& store, duk_idx_t index,
                            std::string_view key, uint32_t flags) {
  auto record = structured_serialize(ctx, index);
  if (!record)
    return record.error();
  idb_put put;
  put.store = store.id;
  put.no_overwrite = (flags & flag_no_overwrite) != 0;
  js_error failure;
  {
    captured_value value{ctx, *record};
    auto primary = find_primary_key(value, store, put, key, flags);
    if (!primary)
      return primary.error().what == js_error::kind::thrown
                 ? data_error("The value cannot be read again")
                 : primary.error();
    for (const auto& each : store.indexes) {
      if (each.dropped)
        continue;
      auto keys = value.index_keys(each);
      if (!keys)
        return keys.error().what == js_error::kind::thrown
                   ? data_error("The value cannot be read again")
                   : keys.error();
      if (!keys->empty())
        put.index_keys.push_back({each.id, false, std::move(*keys)});
    }
  }
  put.value = std::move(record->bytes);
  return put;
}

js_result<std::vector<idb_fill_index>> index_records(duk_context* ctx, const idb_store_shape& store,
                                                     uint64_t index, const idb_results& answer,
                                                     size_t at) {
  std::vector<idb_fill_index> filled;
  const auto* records =
      at < answer.outcomes.size() ? caf::get_if<idb_records>(&answer.outcomes[at]) : nullptr;
  const auto shape = std::find_if(store.indexes.begin(), store.indexes.end(),
                                  [&](const auto& each) { return each.id == index; });
  if (records == nullptr || shape == store.indexes.end())
    return filled;
  for (const auto& record : records->records) {
    const structured_clone clone{record.value};
    captured_value value{ctx, clone};
    if (store.auto_increment && store.path.kind == idb_path_kind::string)
      if (auto done = value.complete(store.path.paths.front(), record.primary_key); !done)
        continue;
    auto keys = value.index_keys(*shape);
    if (keys && !keys->empty())
      filled.push_back({store.id, index, record.primary_key, std::move(*keys)});
  }
  return filled;
}

idb_index_shape shape_of(const idb_index& index) {
  return {index.id, parse_key_path(index.path), index.multi_entry, false};
}

idb_store_shape shape_of(const idb_store& store) {
  idb_store_shape shape;
  shape.id = store.id;
  shape.path = parse_key_path(store.path);
  shape.auto_increment = store.auto_increment;
  for (const auto& index : store.indexes)
    shape.indexes.push_back(shape_of(index));
  return shape;
}

} // namespace offstage
