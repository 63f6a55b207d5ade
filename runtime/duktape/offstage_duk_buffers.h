/* SPDX-License-Identifier: MIT
 * The end of the build's copy of duktape.c: what needs the insides of its buffer objects. */

/* Pushes a new ArrayBuffer with the bytes of the one at index, which has none from then on; nor have its views. Throws
 * unless it is an ArrayBuffer. */
void offstage_duk_transfer(duk_context *ctx, duk_idx_t index) {
	duk_hobject *object = duk_require_hobject(ctx, index);
	duk_hbufobj *from = (duk_hbufobj *) object;
	duk_hbuffer *old;
	duk_size_t size;
	if (DUK_HOBJECT_GET_CLASS_NUMBER(object) != DUK_HOBJECT_CLASS_ARRAYBUFFER) {
		(void) duk_type_error(ctx, "not an ArrayBuffer");
	}
	old = from->buf;
	size = OFFSTAGE_BUFOBJ_LENGTH(from);
	if (old != NULL && DUK_HBUFFER_HAS_DYNAMIC(old) && !DUK_HBUFFER_HAS_EXTERNAL(old) && from->offset == 0 &&
	    size == DUK_HBUFFER_GET_SIZE(old)) {
		duk_hbuffer_dynamic *fresh;
		duk_hbuffer_dynamic *stale = (duk_hbuffer_dynamic *) old;
		duk_push_dynamic_buffer(ctx, 0);
		fresh = (duk_hbuffer_dynamic *) duk_require_hbuffer(ctx, -1);
		DUK_HBUFFER_DYNAMIC_SET_DATA_PTR(ctx->heap, fresh, DUK_HBUFFER_DYNAMIC_GET_DATA_PTR(ctx->heap, stale));
		DUK_HBUFFER_DYNAMIC_SET_SIZE(fresh, size);
		DUK_HBUFFER_DYNAMIC_SET_DATA_PTR_NULL(ctx->heap, stale);
		DUK_HBUFFER_DYNAMIC_SET_SIZE(stale, 0);
	} else {
		void *to = duk_push_fixed_buffer(ctx, size);
		if (size > 0) {
			duk_memcpy(to, (duk_uint8_t *) DUK_HBUFFER_GET_DATA_PTR(ctx->heap, old) + from->offset, size);
		}
		if (old != NULL) {
			DUK_HBUFFER_SET_SIZE(old, 0);
		}
	}
	duk_push_buffer_object(ctx, -1, 0, size, DUK_BUFOBJ_ARRAYBUFFER);
	duk_remove(ctx, -2);
}
