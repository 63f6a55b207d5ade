/* SPDX-License-Identifier: MIT
 * The engine with its patches, and what needs its insides: offstage_duk.h for natives, and the functions that
 * patches.cmake calls. */
#include "duktape.c"

#include "offstage_duk.h"

#define OFFSTAGE_OPTIONAL __attribute__((weak))

/* -- a program without BigInt: the build's own tools -- */

OFFSTAGE_OPTIONAL void offstage_bigint_operate(duk_context *ctx, int operation) {
	(void) duk_error(ctx, DUK_ERR_TYPE_ERROR, "no BigInt (%d)", operation);
}
OFFSTAGE_OPTIONAL int offstage_bigint_compare(duk_context *ctx) {
	duk_pop_2(ctx);
	return 2;
}
OFFSTAGE_OPTIONAL void offstage_bigint_to_decimal(duk_context *ctx) {
	offstage_bigint_operate(ctx, 0);
}
OFFSTAGE_OPTIONAL void offstage_bigint_to_double(duk_context *ctx) {
	offstage_bigint_operate(ctx, 0);
}
OFFSTAGE_OPTIONAL void offstage_bigint_from_bits(duk_context *ctx, const void *bits, int is_signed) {
	(void) bits;
	(void) is_signed;
	offstage_bigint_operate(ctx, 0);
}
OFFSTAGE_OPTIONAL void offstage_bigint_to_bits(duk_context *ctx, duk_idx_t index, void *bits) {
	(void) index;
	(void) bits;
	offstage_bigint_operate(ctx, 0);
}

/* -- natives -- */

DUK_LOCAL void offstage_replace_string(duk_hthread *thr, duk_small_uint_t stridx, const char *text, duk_size_t size) {
	duk_hstring *old = thr->heap->strs[stridx];
	duk_hstring *fresh = duk_heap_strtable_intern_checked(thr, (const duk_uint8_t *) text, (duk_uint32_t) size);
	DUK_HSTRING_INCREF(thr, fresh);
	thr->heap->strs[stridx] = fresh;
	DUK_HSTRING_DECREF(thr, old);
}

void offstage_duk_prepare(duk_context *ctx) {
	offstage_replace_string(ctx, DUK_STRIDX_LC_POINTER, "bigint", 6);
}

void offstage_duk_set_constructable(duk_context *ctx, duk_idx_t index, duk_bool_t constructable) {
	duk_hobject *function = duk_require_hobject(ctx, index);
	if (constructable) {
		DUK_HOBJECT_SET_CONSTRUCTABLE(function);
	} else {
		DUK_HOBJECT_CLEAR_CONSTRUCTABLE(function);
	}
}

void offstage_duk_finish_native(duk_context *ctx, duk_idx_t index, duk_bool_t constructable) {
	duk_hobject *function = duk_require_hobject(ctx, index);
	DUK_HOBJECT_SET_PROTOTYPE_UPDREF(ctx, function, ctx->builtins[DUK_BIDX_FUNCTION_PROTOTYPE]);
	offstage_duk_set_constructable(ctx, index, constructable);
}

duk_bool_t offstage_duk_proxy_parts(duk_context *ctx, duk_idx_t index) {
	duk_hobject *object = duk_get_hobject(ctx, index);
	if (object == NULL || !DUK_HOBJECT_IS_PROXY(object)) {
		return 0;
	}
	duk_push_hobject(ctx, ((duk_hproxy *) object)->target);
	duk_push_hobject(ctx, ((duk_hproxy *) object)->handler);
	return 1;
}

/* -- BigInt -- */

duk_bool_t offstage_duk_is_bigint(duk_context *ctx, duk_idx_t index) {
	duk_hstring *string = duk_get_hstring(ctx, index);
	return string != NULL && OFFSTAGE_IS_BIGINT(string);
}

void offstage_duk_push_bigint_prototype(duk_context *ctx) {
	duk_push_hobject_bidx(ctx, DUK_BIDX_POINTER_PROTOTYPE);
}

void offstage_duk_push_this_bigint(duk_context *ctx) {
	duk_hobject *object;
	duk_push_this(ctx);
	object = duk_get_hobject(ctx, -1);
	if (object != NULL && DUK_HOBJECT_GET_CLASS_NUMBER(object) == DUK_HOBJECT_CLASS_POINTER) {
		duk_xget_owndataprop_stridx_short(ctx, -1, DUK_STRIDX_INT_VALUE);
		duk_remove_m2(ctx);
	}
	if (!offstage_duk_is_bigint(ctx, -1)) {
		DUK_ERROR_TYPE(ctx, "receiver is not a BigInt");
	}
}

void offstage_duk_make_bigint_array(duk_context *ctx, duk_idx_t index, duk_bool_t is_signed) {
	duk_hobject *object = duk_require_hobject(ctx, index);
	if (DUK_HOBJECT_GET_CLASS_NUMBER(object) != DUK_HOBJECT_CLASS_FLOAT64ARRAY) {
		DUK_ERROR_TYPE(ctx, "not a Float64Array");
	}
	((duk_hbufobj *) object)->elem_type = is_signed ? OFFSTAGE_ELEM_BIGINT64 : OFFSTAGE_ELEM_BIGUINT64;
}

int offstage_bigint_add(duk_hthread *thr) {
	duk_bool_t first = offstage_duk_is_bigint(thr, -2);
	duk_bool_t second = offstage_duk_is_bigint(thr, -1);
	if (!first && !second) {
		return 0;
	}
	if ((!first && duk_is_string_notsymbol(thr, -2)) || (!second && duk_is_string_notsymbol(thr, -1))) {
		return 0;
	}
	offstage_bigint_operate(thr, '+');
	return 1;
}

DUK_LOCAL int offstage_operation_of(int opcode) {
	switch (opcode) {
	case DUK_OP_SUB >> 2:
		return '-';
	case DUK_OP_MUL >> 2:
		return '*';
	case DUK_OP_DIV >> 2:
		return '/';
	case DUK_OP_MOD >> 2:
		return '%';
	case DUK_OP_EXP >> 2:
		return 'e';
	case DUK_OP_BAND >> 2:
		return '&';
	case DUK_OP_BOR >> 2:
		return '|';
	case DUK_OP_BXOR >> 2:
		return '^';
	case DUK_OP_BASL >> 2:
		return 'l';
	case DUK_OP_BASR >> 2:
		return 'r';
	default:
		return 'u';
	}
}

int offstage_bigint_binary(duk_hthread *thr, int opcode) {
	if (!OFFSTAGE_MAY_BE_BIGINT(DUK_GET_TVAL_NEGIDX(thr, -2)) && !OFFSTAGE_MAY_BE_BIGINT(DUK_GET_TVAL_NEGIDX(thr, -1))) {
		return 0;
	}
	duk_to_primitive(thr, -2, DUK_HINT_NUMBER);
	duk_to_primitive(thr, -1, DUK_HINT_NUMBER);
	if (!offstage_duk_is_bigint(thr, -2) && !offstage_duk_is_bigint(thr, -1)) {
		return 0;
	}
	offstage_bigint_operate(thr, offstage_operation_of(opcode));
	return 1;
}

int offstage_bigint_unary(duk_hthread *thr, int operation) {
	if (!OFFSTAGE_MAY_BE_BIGINT(DUK_GET_TVAL_NEGIDX(thr, -1))) {
		return 0;
	}
	duk_to_primitive(thr, -1, DUK_HINT_NUMBER);
	if (!offstage_duk_is_bigint(thr, -1)) {
		return 0;
	}
	offstage_bigint_operate(thr, operation);
	return 1;
}

int offstage_bigint_step(duk_hthread *thr, int index, int opcode) {
	if (!OFFSTAGE_MAY_BE_BIGINT(duk_require_tval(thr, index))) {
		return 0;
	}
	duk_to_primitive(thr, index, DUK_HINT_NUMBER);
	if (!offstage_duk_is_bigint(thr, index)) {
		return 0;
	}
	duk_dup(thr, index);
	duk_dup_top(thr);
	offstage_bigint_operate(thr, (opcode & 1) ? 'd' : 'i');
	return 1;
}

int offstage_bigint_order(duk_hthread *thr) {
	return offstage_bigint_compare(thr);
}

int offstage_bigint_equals(duk_hthread *thr) {
	if (!duk_check_type_mask(thr, -1, DUK_TYPE_MASK_NUMBER | DUK_TYPE_MASK_STRING) ||
	    !duk_check_type_mask(thr, -2, DUK_TYPE_MASK_NUMBER | DUK_TYPE_MASK_STRING) ||
	    (duk_is_symbol(thr, -1) && !offstage_duk_is_bigint(thr, -1)) ||
	    (duk_is_symbol(thr, -2) && !offstage_duk_is_bigint(thr, -2))) {
		duk_pop_2(thr);
		return 0;
	}
	return offstage_bigint_compare(thr) == 0;
}

void offstage_bigint_push_text(duk_hthread *thr, const void *string) {
	duk_push_hstring(thr, (duk_hstring *) (void *) string);
	offstage_bigint_to_decimal(thr);
}

int offstage_bigint_to_number(duk_hthread *thr, int index) {
	duk_tval *tv = duk_require_tval(thr, index);
	if (!OFFSTAGE_MAY_BE_BIGINT(tv)) {
		return 0;
	}
	duk_to_primitive(thr, index, DUK_HINT_NUMBER);
	if (!offstage_duk_is_bigint(thr, index)) {
		return 0;
	}
	duk_dup(thr, index);
	offstage_bigint_to_double(thr);
	duk_replace(thr, index);
	return 1;
}

void offstage_bigint_refuse_json(duk_hthread *thr) {
	DUK_ERROR_TYPE(thr, "Do not know how to serialize a BigInt");
}

void offstage_bigint_read(duk_hthread *thr, const void *bytes, int is_signed) {
	offstage_bigint_from_bits(thr, bytes, is_signed);
}

void offstage_bigint_write(duk_hthread *thr, void *bytes) {
	offstage_bigint_to_bits(thr, -1, bytes);
}

/* -- proxies -- */

#define OFFSTAGE_PROXY_HANDLERS DUK_HIDDEN_SYMBOL("proxyHandlers")

void offstage_duk_set_proxy_handlers(duk_context *ctx) {
	duk_push_heap_stash(ctx);
	duk_insert(ctx, -2);
	duk_put_prop_literal(ctx, -2, OFFSTAGE_PROXY_HANDLERS);
	duk_pop(ctx);
}

DUK_LOCAL duk_bool_t offstage_is_proxy(duk_hthread *thr, duk_idx_t index) {
	duk_hobject *object = duk_get_hobject(thr, index);
	return object != NULL && DUK_HOBJECT_IS_PROXY(object);
}

DUK_LOCAL void offstage_push_handler(duk_hthread *thr, const char *name) {
	duk_push_heap_stash(thr);
	duk_get_prop_literal(thr, -1, OFFSTAGE_PROXY_HANDLERS);
	duk_get_prop_string(thr, -1, name);
	duk_replace(thr, -3);
	duk_pop(thr);
}

/* Which value may be a proxy: 0 the first argument, 1 `this`, 2 any argument, 3 `this` when the native's magic is 0. */
int offstage_proxy_native(duk_hthread *thr, const char *name, int which) {
	duk_idx_t i;
	duk_idx_t count = duk_get_top(thr);
	duk_bool_t found = 0;
	duk_hstring *key = which == 1 ? duk_get_hstring(thr, 0) : NULL;
	if (key != NULL && DUK_HSTRING_HAS_HIDDEN(key)) {
		return 0; /* a private name: proxies do not hear of it */
	}
	if (which == 1 || (which == 3 && duk_get_current_magic(thr) == 0)) {
		duk_push_this(thr);
		found = offstage_is_proxy(thr, -1);
		duk_pop(thr);
	} else {
		for (i = 0; i < (which == 2 ? count : 1) && !found; i++) {
			found = offstage_is_proxy(thr, i);
		}
	}
	if (DUK_LIKELY(!found)) {
		return 0;
	}
	duk_require_stack(thr, count + 8);
	offstage_push_handler(thr, name);
	duk_push_int(thr, duk_get_current_magic(thr));
	duk_push_this(thr);
	for (i = 0; i < count; i++) {
		duk_dup(thr, i);
	}
	duk_call(thr, count + 2);
	return 1;
}

void offstage_proxy_get(duk_hthread *thr, duk_hobject *proxy, const void *receiver) {
	offstage_push_handler(thr, "get");
	duk_insert(thr, -2);
	duk_push_hobject(thr, proxy);
	duk_insert(thr, -2);
	duk_push_tval(thr, (duk_tval *) (void *) receiver);
	duk_call(thr, 3);
}

int offstage_proxy_set(duk_hthread *thr, duk_hobject *proxy, const void *value, const void *receiver) {
	int done;
	offstage_push_handler(thr, "set");
	duk_insert(thr, -2);
	duk_push_hobject(thr, proxy);
	duk_insert(thr, -2);
	duk_push_tval(thr, (duk_tval *) (void *) value);
	duk_push_tval(thr, (duk_tval *) (void *) receiver);
	duk_call(thr, 4);
	done = (int) duk_to_boolean(thr, -1);
	duk_pop(thr);
	return done;
}

/* -- functions -- */

void offstage_duk_construct(duk_context *ctx, duk_idx_t argument_count) {
	duk_handle_call_unprotected(ctx, duk_require_normalize_index(ctx, -argument_count - 2),
	                            DUK_CALL_FLAG_CONSTRUCT | DUK_CALL_FLAG_DEFAULT_INSTANCE_UPDATED);
}
