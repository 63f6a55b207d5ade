// SPDX-License-Identifier: MIT
// What runtime/js/extras/file_reader.js needs.
#include "runtime/extras/extras.hpp"
#include "runtime/extras/openssl_handles.hpp"
#include "runtime/extras/task_queue.hpp"
#include "runtime/extras/values.hpp"

#include <openssl/evp.h>

namespace offstage {

namespace {

// toBase64(bytes)
js_result<int> to_base64(duk_context* ctx) {
  const auto bytes = byte_argument(ctx, 0);
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const auto size = EVP_EncodeBlock(octets(out), octets(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return push_utf8(ctx, out);
}

// toLatin1(bytes): one character for each byte.
js_result<int> to_latin1(duk_context* ctx) {
  std::string text;
  for (const auto byte : byte_argument(ctx, 0)) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x80) {
      text += byte;
    } else {
      text += static_cast<char>(0xC0 | value >> 6);
      text += static_cast<char>(0x80 | (value & 0x3F));
    }
  }
  return push_utf8(ctx, text);
}

constexpr native_entry functions[] = {
    {"postTask", post_task, 1, 1},
    {"toBase64", native<to_base64>, 1, 1},
    {"toLatin1", native<to_latin1>, 1, 1},
};

} // namespace

void install_file_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage
