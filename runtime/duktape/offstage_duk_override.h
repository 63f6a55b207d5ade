/* SPDX-License-Identifier: MIT
 * Options of our Duktape build, included by duk_config.h where it leaves room for overrides. The embedder (runtime/ or a
 * test) defines both hooks. offstage_exec_timeout gets the heap's udata and the duk_context that runs, and returns
 * non-zero to stop the script with a RangeError; it is polled every 256 Ki opcodes. offstage_native_stack_check returns
 * non-zero when the C stack runs low. */
#ifndef OFFSTAGE_DUK_OVERRIDE_H
#define OFFSTAGE_DUK_OVERRIDE_H

#ifdef __cplusplus
extern "C" {
#endif
extern int offstage_exec_timeout(void *udata, void *running);
extern int offstage_native_stack_check(void);
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
#undef DUK_USE_NATIVE_STACK_CHECK
#define DUK_USE_NATIVE_STACK_CHECK() offstage_native_stack_check()

/* A view is valid while its buffer has room for it. A transfer of the buffer leaves it without any. */
#define OFFSTAGE_BUFOBJ_IS_VALID(h) ((h)->buf != NULL && (h)->offset + (h)->length <= DUK_HBUFFER_GET_SIZE((h)->buf))
#define OFFSTAGE_BUFOBJ_LENGTH(h) (OFFSTAGE_BUFOBJ_IS_VALID(h) ? (h)->length : 0U)

#endif
