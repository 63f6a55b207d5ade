/* SPDX-License-Identifier: MIT
 * Options of our Duktape build, included by duk_config.h where it leaves room for overrides. The embedder (runtime/ or a
 * test) defines both hooks. offstage_exec_timeout gets the heap's udata and the duk_context that runs, and returns
 * non-zero to stop the script with a RangeError; it is polled every 256 Ki opcodes. offstage_native_stack_check returns
 * non-zero when the C stack runs low. offstage_lower_eval replaces the source at
 * index 0, or throws; offstage_push_eval_name pushes the file name of the code that eval() is about to
 * compile. */
#ifndef OFFSTAGE_DUK_OVERRIDE_H
#define OFFSTAGE_DUK_OVERRIDE_H

struct duk_hthread;

#ifdef __cplusplus
extern "C" {
#endif
extern int offstage_exec_timeout(void *udata, void *running);
extern int offstage_native_stack_check(void);
extern void offstage_lower_eval(void *running);
extern void offstage_push_eval_name(void *running);

/* What patches.cmake calls from inside the engine; offstage_duktape.c has them. Stack effects are theirs. */
extern int offstage_bigint_add(struct duk_hthread *thr);
extern int offstage_bigint_binary(struct duk_hthread *thr, int opcode);
extern int offstage_bigint_unary(struct duk_hthread *thr, int operation);
extern int offstage_bigint_step(struct duk_hthread *thr, int index, int opcode);
extern int offstage_bigint_order(struct duk_hthread *thr);
extern int offstage_bigint_equals(struct duk_hthread *thr);
extern void offstage_bigint_push_text(struct duk_hthread *thr, const void *string);
extern int offstage_bigint_to_number(struct duk_hthread *thr, int index);
extern void offstage_bigint_refuse_json(struct duk_hthread *thr);
extern void offstage_bigint_read(struct duk_hthread *thr, const void *bytes, int is_signed);
extern void offstage_bigint_write(struct duk_hthread *thr, void *bytes);
struct duk_hobject;
extern int offstage_proxy_native(struct duk_hthread *thr, const char *name, int which);
extern void offstage_proxy_get(struct duk_hthread *thr, struct duk_hobject *proxy, const void *receiver);
extern int offstage_proxy_set(struct duk_hthread *thr, struct duk_hobject *proxy, const void *value, const void *receiver);
#ifdef __cplusplus
}
#endif

#undef DUK_USE_INTERRUPT_COUNTER
#define DUK_USE_INTERRUPT_COUNTER
#undef DUK_USE_EXEC_TIMEOUT_CHECK
/* Expanded in one place, where the running thread is called thr and its program counter is up to date. */
#define DUK_USE_EXEC_TIMEOUT_CHECK(udata) offstage_exec_timeout((udata), thr)
#undef DUK_USE_FASTINT
#define DUK_USE_FASTINT
/* JSON.stringify writes U+2028 and U+2029 as they are since ES2019. */
#undef DUK_USE_NONSTD_JSON_ESC_U2028_U2029
#undef DUK_USE_NATIVE_STACK_CHECK
#define DUK_USE_NATIVE_STACK_CHECK() offstage_native_stack_check()

/* A BigInt is an interned string of the engine's symbol kind: bytes 81 FE, '+' or '-', the magnitude's bytes with the
 * highest first, 'n'. So it is a primitive, compared by identity, and costs other values nothing. */
#define OFFSTAGE_IS_BIGINT(h) \
  (DUK_HSTRING_HAS_SYMBOL((h)) && DUK_HSTRING_GET_DATA((h))[0] == 0x81U && DUK_HSTRING_GET_DATA((h))[1] == 0xfeU)
#define OFFSTAGE_IS_BIGINT_ZERO(h) (OFFSTAGE_IS_BIGINT((h)) && DUK_HSTRING_GET_BYTELEN((h)) == 4U)
#define OFFSTAGE_TVAL_IS_BIGINT(tv) (DUK_TVAL_IS_STRING((tv)) && OFFSTAGE_IS_BIGINT(DUK_TVAL_GET_STRING((tv))))
#define OFFSTAGE_MAY_BE_BIGINT(tv) (DUK_TVAL_IS_OBJECT((tv)) || OFFSTAGE_TVAL_IS_BIGINT((tv)))
/* Element types beyond the engine's own: BigInt64Array and BigUint64Array. */
#define OFFSTAGE_ELEM_BIGINT64 9
#define OFFSTAGE_ELEM_BIGUINT64 10

/* A view is valid while its buffer has room for it. A transfer of the buffer leaves it without any. */
#define OFFSTAGE_BUFOBJ_IS_VALID(h) ((h)->buf != NULL && (h)->offset + (h)->length <= DUK_HBUFFER_GET_SIZE((h)->buf))
#define OFFSTAGE_BUFOBJ_LENGTH(h) (OFFSTAGE_BUFOBJ_IS_VALID(h) ? (h)->length : 0U)

#endif
