// SPDX-License-Identifier: MIT
// Format: record := version:u8 value
// Format: value := '_' | '0' | 't' | 'f' | 'n' number:f64le | 'i' number:zigzag | 's' string
// Format:        | 'o' property* 'z' | 'd' count:varint element* property* 'z'
// Format:        | 'a' length:varint property* 'z' | 'b' size:varint byte* | 'r' object:varint
// Format:        | 'x' kind:u8 count:varint value*
// Format: property := 'k' string value     element := value | 'h'
// Format:        | 'B' size:varint ('+' | '-') byte*, a BigInt's magnitude, highest byte first
// Format: string := size:varint byte*, the code units as CESU-8
// undefined, null, true, false, numbers, strings, plain objects, dense arrays (with holes), sparse
// arrays, ArrayBuffers, references to the n-th object begun so far, and everything else as
// runtime/js/platform/clone.js takes it apart. varint and zigzag are those of protocol buffers.
#include "runtime/structured_serialize.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unordered_map>

#include "config/limits.hpp"
#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/clone_writer.hpp"
#include "runtime/natives/bigint.hpp"

#include <offstage_duk.h>

// lib.slot of runtime/js/platform/core.js.
#define OFFSTAGE_PLATFORM_SLOT DUK_HIDDEN_SYMBOL("platform")

namespace offstage {

namespace {

constexpr char format_version = clone_writer::format_version;
constexpr uint32_t elements_between_checks = 1024;

[[noreturn]] void refuse(duk_context* ctx, const char* message) {
  realm::of(ctx).push_function(ctx, "throwDom");
  duk_push_literal(ctx, "DataCloneError");
  duk_push_string(ctx, message);
  duk_call(ctx, 2);
  static_cast<void>(duk_throw(ctx));
  std::abort();
}

/// Stack: [value memory take_apart]. Members are plain; the bytes live outside of the protected
/// call.
class serializer : private clone_writer {
public:
  explicit serializer(std::string& out, std::unordered_map<void*, uint32_t>& known)
      : clone_writer(out), known_(known) {}

  void write(duk_context* ctx, duk_idx_t index) {
    index = duk_normalize_index(ctx, index);
    if (size() > wire::bytes_max)
      refuse(ctx, "the value is too large to be cloned");
    switch (duk_get_type(ctx, index)) {
    case DUK_TYPE_UNDEFINED:
      return put('_');
    case DUK_TYPE_NULL:
      return put('0');
    case DUK_TYPE_BOOLEAN:
      return put(duk_get_boolean(ctx, index) ? 't' : 'f');
    case DUK_TYPE_NUMBER:
      return put_number(duk_get_number(ctx, index));
    case DUK_TYPE_STRING:
      if (offstage_duk_is_bigint(ctx, index)) {
        put('B');
        return clone_writer::put_string(bigint_bytes(ctx, index));
      }
      if (duk_is_symbol(ctx, index))
        refuse(ctx, "a symbol cannot be cloned");
      put('s');
      return put_string(ctx, index);
    default:
      return write_object(ctx, index);
    }
  }

  static constexpr duk_idx_t memory = 0;
  static constexpr duk_idx_t take_apart = 1;

private:
  void put_string(duk_context* ctx, duk_idx_t index) {
    duk_size_t size = 0;
    const auto* text = duk_get_lstring(ctx, index, &size);
    clone_writer::put_string({text, size});
  }

  // Objects that a getter made must stay alive, else another one could get their address.
  bool is_known(duk_context* ctx, duk_idx_t index) {
    auto* object = duk_get_heapptr(ctx, index);
    const auto [at, added] = known_.try_emplace(object, static_cast<uint32_t>(known_.size()));
    if (!added) {
      put('r');
      put_varint(at->second);
      return true;
    }
    duk_dup(ctx, index);
    duk_put_prop_index(ctx, base_ + memory, at->second);
    return false;
  }

  void write_object(duk_context* ctx, duk_idx_t index) {
    if (++depth_ > limits::clone_depth_max)
      refuse(ctx, "the value is nested too deep to be cloned");
    if (!is_known(ctx, index)) {
      duk_require_stack(ctx, 16);
      write_new(ctx, index);
    }
    --depth_;
  }

  // What is made by a literal, as most records are, needs no look at its class.
  bool is_plain(duk_context* ctx, duk_idx_t index) const {
    duk_get_prototype(ctx, index);
    const auto is_own = duk_get_heapptr(ctx, -1) == object_prototype_;
    duk_pop(ctx);
    return is_own && !duk_is_function(ctx, index)
           && !duk_has_prop_literal(ctx, index, OFFSTAGE_PLATFORM_SLOT);
  }

  void write_new(duk_context* ctx, duk_idx_t index) {
    if (offstage_duk_proxy_parts(ctx, index))
      refuse(ctx, "a proxy cannot be cloned");
    if (duk_is_array(ctx, index))
      return write_array(ctx, index);
    if (is_plain(ctx, index)) {
      put('o');
      return write_properties(ctx, index, 0);
    }
    duk_dup(ctx, base_ + take_apart);
    duk_dup(ctx, index);
    duk_call(ctx, 1);
    if (duk_is_undefined(ctx, -1)) {
      put('o');
      write_properties(ctx, index, 0);
    } else if (duk_is_buffer_data(ctx, -1)) {
      duk_size_t size = 0;
      const auto* bytes = static_cast<const char*>(duk_get_buffer_data(ctx, -1, &size));
      put('b');
      clone_writer::put_string({bytes == nullptr ? "" : bytes, size});
    } else {
      write_parts(ctx);
    }
    duk_pop(ctx);
  }

  // The array of clone.js: a kind and values.
  void write_parts(duk_context* ctx) {
    const auto parts = duk_get_top_index(ctx);
    const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, parts));
    duk_get_prop_index(ctx, parts, 0);
    put('x');
    put(static_cast<char>(duk_get_uint(ctx, -1)));
    duk_pop(ctx);
    put_varint(count - 1);
    for (duk_uarridx_t i = 1; i < count; ++i) {
      duk_get_prop_index(ctx, parts, i);
      write(ctx, -1);
      duk_pop(ctx);
    }
  }

  void write_array(duk_context* ctx, duk_idx_t index) {
    const auto length = static_cast<duk_uarridx_t>(duk_get_length(ctx, index));
    duk_uarridx_t present = 0;
    for (duk_uarridx_t i = 0; i < length && i < elements_between_checks; ++i)
      present += duk_has_prop_index(ctx, index, i) ? 1u : 0u;
    if (length > elements_between_checks && present < elements_between_checks / 2) {
      put('a');
      put_varint(length);
      return write_properties(ctx, index, 0);
    }
    put('d');
    put_varint(length);
    for (duk_uarridx_t i = 0; i < length; ++i) {
      if (duk_get_prop_index(ctx, index, i))
        write(ctx, -1);
      else
        put('h');
      duk_pop(ctx);
    }
    write_properties(ctx, index, length);
  }

  void write_properties(duk_context* ctx, duk_idx_t index, duk_uarridx_t skipped) {
    duk_enum(ctx, index, DUK_ENUM_OWN_PROPERTIES_ONLY);
    for (duk_uarridx_t i = 0; duk_next(ctx, -1, 0); ++i) {
      if (i < skipped && duk_is_array(ctx, index) && is_index(ctx)) {
        duk_pop(ctx);
        continue;
      }
      // A getter that ran before may have deleted it.
      duk_dup(ctx, -1);
      if (duk_get_prop(ctx, index)) {
        put('k');
        put_string(ctx, -2);
        write(ctx, -1);
      }
      duk_pop_2(ctx);
    }
    duk_pop(ctx);
    put('z');
  }

  static bool is_index(duk_context* ctx) {
    const auto* key = duk_get_string(ctx, -1);
    return key != nullptr && *key >= '0' && *key <= '9';
  }

  std::unordered_map<void*, uint32_t>& known_;
  uint32_t depth_ = 0;

  void* object_prototype_ = nullptr;

public:
  duk_idx_t base_ = 0;

  /// The prototype of literals, whatever script has done to its global variables.
  void learn_prototype(duk_context* ctx) {
    duk_push_object(ctx);
    duk_get_prototype(ctx, -1);
    object_prototype_ = duk_get_heapptr(ctx, -1);
    duk_pop_2(ctx);
  }
};

/// Stack: [memory put_together]. Plain; refuses what is not of the format.
class deserializer {
public:
  explicit deserializer(std::string_view bytes) : rest_(bytes) {}

  duk_idx_t base = 0;

  void read_record(duk_context* ctx) {
    if (take(ctx) != format_version)
      refuse(ctx, "the clone has another version");
    read(ctx, take(ctx));
    if (!rest_.empty())
      refuse(ctx, "the clone has too many bytes");
  }

private:
  char take(duk_context* ctx) {
    if (rest_.empty())
      refuse(ctx, "the clone ends early");
    const auto byte = rest_.front();
    rest_.remove_prefix(1);
    return byte;
  }

  uint64_t take_varint(duk_context* ctx) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(ctx));
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80)
        return value;
    }
    refuse(ctx, "the clone has a number that is too long");
  }

  std::string_view take_bytes(duk_context* ctx) {
    const auto size = take_varint(ctx);
    if (size > rest_.size())
      refuse(ctx, "the clone ends early");
    const auto bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  void push_string(duk_context* ctx) {
    const auto text = take_bytes(ctx);
    // Only strings that Duktape itself may hold: no hidden symbols.
    if (!text.empty()
        && (static_cast<unsigned char>(text[0]) >= 0xF0
            || (static_cast<unsigned char>(text[0]) & 0xC0) == 0x80))
      refuse(ctx, "the clone has a string that is none");
    duk_push_lstring(ctx, text.data(), text.size());
  }

  double take_double(duk_context* ctx) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; ++i)
      bits |= uint64_t{static_cast<unsigned char>(take(ctx))} << (8 * i);
    const auto value = std::bit_cast<double>(bits);
    return std::isnan(value) ? std::nan("") : value;
  }

  void read(duk_context* ctx, char tag) {
    switch (tag) {
    case '_':
      return duk_push_undefined(ctx);
    case '0':
      return duk_push_null(ctx);
    case 't':
    case 'f':
      return duk_push_boolean(ctx, tag == 't');
    case 'n':
      return duk_push_number(ctx, take_double(ctx));
    case 'i': {
      const auto raw = take_varint(ctx);
      return duk_push_number(ctx, static_cast<double>(static_cast<int64_t>(raw >> 1)
                                                      ^ -static_cast<int64_t>(raw & 1)));
    }
    case 's':
      return push_string(ctx);
    case 'B':
      if (!push_bigint_of_bytes(ctx, take_bytes(ctx)))
        refuse(ctx, "the clone has a BigInt that is none");
      return;
    default:
      return read_nested(ctx, tag);
    }
  }

  void read_nested(duk_context* ctx, char tag) {
    if (++depth_ > limits::clone_depth_max)
      refuse(ctx, "the clone is nested too deep");
    duk_require_stack(ctx, 16);
    read_object(ctx, tag);
    --depth_;
  }

  void read_object(duk_context* ctx, char tag) {
    switch (tag) {
    case 'o':
      duk_push_object(ctx);
      remember(ctx, objects_++);
      return read_properties(ctx, take(ctx));
    case 'd':
      return read_dense(ctx);
    case 'a':
      duk_push_array(ctx);
      remember(ctx, objects_++);
      duk_set_length(ctx, -1, take_length(ctx));
      return read_properties(ctx, take(ctx));
    case 'b': {
      const auto bytes = take_bytes(ctx);
      auto* to = duk_push_fixed_buffer(ctx, bytes.size());
      if (!bytes.empty())
        std::memcpy(to, bytes.data(), bytes.size());
      duk_push_buffer_object(ctx, -1, 0, bytes.size(), DUK_BUFOBJ_ARRAYBUFFER);
      duk_remove(ctx, -2);
      return remember(ctx, objects_++);
    }
    case 'r':
      return read_reference(ctx);
    case 'x':
      return read_parts(ctx);
    default:
      refuse(ctx, "the clone has an unknown tag");
    }
  }

  duk_size_t take_length(duk_context* ctx) {
    const auto length = take_varint(ctx);
    if (length > UINT32_MAX)
      refuse(ctx, "the clone has an array that is too long");
    return length;
  }

  void remember(duk_context* ctx, uint32_t number) {
    duk_dup(ctx, -1);
    duk_put_prop_index(ctx, base, number);
  }

  void read_properties(duk_context* ctx, char tag) {
    for (; tag == 'k'; tag = take(ctx)) {
      push_string(ctx);
      read(ctx, take(ctx));
      duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC | DUK_DEFPROP_FORCE);
    }
    if (tag != 'z')
      refuse(ctx, "the clone has an unknown tag");
  }

  // Whatever setters script has put into the prototypes of arrays.
  static void define_element(duk_context* ctx, duk_uarridx_t at) {
    duk_push_uint(ctx, at);
    duk_insert(ctx, -2);
    duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC);
  }

  void read_dense(duk_context* ctx) {
    const auto length = take_varint(ctx);
    if (length > rest_.size())
      refuse(ctx, "the clone ends early");
    duk_push_array(ctx);
    remember(ctx, objects_++);
    for (uint64_t i = 0; i < length; ++i) {
      const auto tag = take(ctx);
      if (tag == 'h')
        continue;
      read(ctx, tag);
      define_element(ctx, static_cast<duk_uarridx_t>(i));
    }
    duk_set_length(ctx, -1, static_cast<duk_size_t>(length));
    read_properties(ctx, take(ctx));
  }

  void read_reference(duk_context* ctx) {
    const auto number = take_varint(ctx);
    if (number >= objects_)
      refuse(ctx, "the clone refers to an object it does not have");
    duk_get_prop_index(ctx, base, static_cast<duk_uarridx_t>(number));
    if (!duk_is_object(ctx, -1))
      refuse(ctx, "the clone refers to an object that is not complete");
  }

  // put_together(kind) may give an object to be filled later; put_together(kind, values, object)
  // gives the finished one.
  void read_parts(duk_context* ctx) {
    const auto kind = static_cast<unsigned char>(take(ctx));
    const auto count = take_varint(ctx);
    if (count > rest_.size())
      refuse(ctx, "the clone ends early");
    const auto number = objects_++;
    call_together(ctx, kind, 0);
    remember(ctx, number);
    duk_push_array(ctx);
    for (uint64_t i = 0; i < count; ++i) {
      read(ctx, take(ctx));
      define_element(ctx, static_cast<duk_uarridx_t>(i));
    }
    duk_insert(ctx, -2);
    call_together(ctx, kind, 2);
    remember(ctx, number);
  }

  void call_together(duk_context* ctx, unsigned char kind, duk_idx_t arguments) {
    duk_dup(ctx, base + 1);
    duk_push_uint(ctx, kind);
    for (duk_idx_t i = 0; i < arguments; ++i) {
      duk_dup(ctx, -2 - arguments);
      duk_remove(ctx, -3 - arguments);
    }
    duk_call(ctx, 1 + arguments);
  }

  std::string_view rest_;
  uint32_t objects_ = 0;
  uint32_t depth_ = 0;
};

} // namespace

js_result<structured_clone> structured_serialize(duk_context* ctx, duk_idx_t index) {
  index = duk_normalize_index(ctx, index);
  std::string out(1, format_version);
  std::unordered_map<void*, uint32_t> known;
  serializer writer{out, known};
  auto written = protect(ctx, 0, [&](duk_context* inner) {
    writer.base_ = duk_get_top(inner);
    writer.learn_prototype(inner);
    duk_push_bare_array(inner);
    realm::of(inner).push_function(inner, "takeApart");
    writer.write(inner, index);
    duk_pop_2(inner);
  });
  if (!written)
    return written.error();
  return structured_clone{shared_bytes{std::move(out)}};
}

js_result<void> structured_deserialize(duk_context* ctx, const structured_clone& record) {
  deserializer reader{record.bytes.view()};
  return protect(ctx, 1, [&](duk_context* inner) {
    reader.base = duk_get_top(inner);
    duk_push_bare_array(inner);
    realm::of(inner).push_function(inner, "putTogether");
    reader.read_record(inner);
    duk_replace(inner, -3);
    duk_pop(inner);
  });
}

} // namespace offstage
