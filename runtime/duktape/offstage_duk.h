/* SPDX-License-Identifier: MIT
 * What natives need of the engine beyond its public interface. Functions may throw into script as the engine's own do. */
#ifndef OFFSTAGE_DUK_H
#define OFFSTAGE_DUK_H

#include <duktape.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Once in a new heap: typeof has a word for BigInt. */
extern void offstage_duk_prepare(duk_context *ctx);

/* Gives a native the prototype of all functions, and says whether `new` may be used on it. */
extern void offstage_duk_finish_native(duk_context *ctx, duk_idx_t index, duk_bool_t constructable);
extern void offstage_duk_set_constructable(duk_context *ctx, duk_idx_t index, duk_bool_t constructable);

/* Pushes target and handler if the value is a proxy. */
extern duk_bool_t offstage_duk_proxy_parts(duk_context *ctx, duk_idx_t index);

/* The top is an object: name of an internal operation to the function that does it for proxies. */
extern void offstage_duk_set_proxy_handlers(duk_context *ctx);
/* Stack: [function this arguments...] becomes what the function gives when it is called as a constructor on that
 * object, whatever newTarget is. */
extern void offstage_duk_construct(duk_context *ctx, duk_idx_t argument_count);

extern duk_bool_t offstage_duk_is_bigint(duk_context *ctx, duk_idx_t index);
extern void offstage_duk_push_bigint_prototype(duk_context *ctx);
/* Pushes the BigInt that `this` is or wraps; TypeError without one. */
extern void offstage_duk_push_this_bigint(duk_context *ctx);
/* Makes a Float64Array an array of 64 bit integers. */
extern void offstage_duk_make_bigint_array(duk_context *ctx, duk_idx_t index, duk_bool_t is_signed);

/* Defined by runtime/natives/bigint.cpp; programs without it have no BigInt. [x y] becomes [result], a unary operation
 * has one operand. The operation is a character: + - * / % e(xp) & | ^ l(eft) r(ight) u(nsigned right), n(egate) ~
 * i(ncrement) d(ecrement). One operand may be no BigInt, which is an error. */
extern void offstage_bigint_operate(duk_context *ctx, int operation);
/* Stack as above; -1, 0 or 1, and 2 when there is no order. One operand may be a number or a string. */
extern int offstage_bigint_compare(duk_context *ctx);
/* The top, a BigInt, becomes its decimal text, or its number. */
extern void offstage_bigint_to_decimal(duk_context *ctx);
extern void offstage_bigint_to_double(duk_context *ctx);
/* 64 bits in the machine's order, and back from any value (ECMAScript: tobigint). */
extern void offstage_bigint_from_bits(duk_context *ctx, const void *bits, int is_signed);
extern void offstage_bigint_to_bits(duk_context *ctx, duk_idx_t index, void *bits);

#ifdef __cplusplus
}
#endif

#endif
