// SPDX-License-Identifier: MIT
#pragma once
// C++ objects that live as long as a script object. `T::box_key` is the hidden key that says what
// is in the box; script can neither name it nor copy it.

#include <memory>

#include <duktape.h>

namespace offstage {

// Pushes an object that owns `value`. Plain: if it throws, the caller still has the value.
template <class T>
void push_boxed(duk_context* ctx, std::unique_ptr<T>& value) {
  duk_push_bare_object(ctx);
  duk_push_c_function(
      ctx,
      [](duk_context* inner) -> duk_ret_t {
        duk_get_prop_string(inner, 0, T::box_key);
        delete static_cast<T*>(duk_get_pointer(inner, -1));
        duk_push_pointer(inner, nullptr);
        duk_put_prop_string(inner, 0, T::box_key);
        return 0;
      },
      1);
  duk_set_finalizer(ctx, -2);
  duk_push_pointer(ctx, value.get());
  duk_put_prop_string(ctx, -2, T::box_key);
  value.release();
}

// Null if the value is no box of a T. Plain.
template <class T>
T* boxed_at(duk_context* ctx, duk_idx_t index) {
  if (!duk_is_object(ctx, index))
    return nullptr;
  duk_get_prop_string(ctx, index, T::box_key);
  auto* value = static_cast<T*>(duk_get_pointer(ctx, -1));
  duk_pop(ctx);
  return value;
}

} // namespace offstage
