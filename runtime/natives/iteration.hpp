// SPDX-License-Identifier: MIT
#pragma once
// The iterator protocol for natives. Plain: may throw into script.

#include <duktape.h>

namespace offstage {

// Called with the item on the top of the stack; leaves the stack as it was but for the item, which
// it pops.
using item_visitor = void (*)(duk_context* ctx, void* context);

// Visits every item of an iterable; an exception of the visitor closes the iterator and goes on.
void for_each_item(duk_context* ctx, duk_idx_t iterable, item_visitor visit, void* context);

// Replaces the top of the stack by {value: top, done}.
void push_iterator_result(duk_context* ctx, bool done);

} // namespace offstage
