# SPDX-License-Identifier: MIT
# What a build changes in its copy of duktape.c, as pairs of a place and what stands there instead. Every place must occur
# exactly once: with another release of Duktape the configuration stops here. docs/adr has the reasons.

# Replaces `place` by `text` in the variable `source` of the caller.
function(offstage_patch place text)
  string(FIND "${source}" "${place}" first)
  string(FIND "${source}" "${place}" last REVERSE)
  if(first EQUAL -1 OR NOT first EQUAL last)
    message(FATAL_ERROR "duktape.c is not the one that patches.cmake knows: ${place}")
  endif()
  string(REPLACE "${place}" "${text}" source "${source}")
  set(source "${source}" PARENT_SCOPE)
endfunction()

# Puts `text` before the place.
function(offstage_patch_before place text)
  offstage_patch("${place}" "${text}${place}")
  set(source "${source}" PARENT_SCOPE)
endfunction()

# Changes the source in the variable of the caller.
function(offstage_patch_duktape variable)
  set(source "${${variable}}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_FILE})

  # -- bound functions: no own caller and arguments, which only Function.prototype has since ES2015
  offstage_patch([=[	duk_xdef_prop_stridx_thrower(thr, -1, DUK_STRIDX_CALLER);
	duk_xdef_prop_stridx_thrower(thr, -1, DUK_STRIDX_LC_ARGUMENTS);]=] "")

  # -- BigInt: arithmetic
  offstage_patch([=[	if (duk_is_string(thr, -2) || duk_is_string(thr, -1)) {
		/* Symbols shouldn't technically]=]
    [=[	if (offstage_bigint_add(thr)) {
		;
	} else if (duk_is_string(thr, -2) || duk_is_string(thr, -1)) {
		/* Symbols shouldn't technically]=])
  offstage_patch_before([=[		d1 = duk_to_number_m2(thr); /* side effects */
]=]
    [=[		if (offstage_bigint_binary(thr, (int) opcode_shifted)) {
			duk_replace(thr, (duk_idx_t) idx_z);
			return;
		}
]=])
  offstage_patch_before([=[		i1 = duk_to_int32(thr, -2);
		i2 = duk_to_int32(thr, -1);
		duk_pop_2_unsafe(thr);
]=]
    [=[		if (offstage_bigint_binary(thr, (int) opcode_shifted)) {
			duk_replace(thr, (duk_idx_t) idx_z);
			return;
		}
]=])
  offstage_patch([=[		d1 = duk_to_number_tval(thr, tv); /* side effects */]=]
    [=[		if (opcode == DUK_OP_UNM && OFFSTAGE_MAY_BE_BIGINT(tv)) {
			duk_push_tval(thr, tv);
			if (offstage_bigint_unary(thr, 'n')) {
				duk_replace(thr, (duk_idx_t) idx_dst);
				return;
			}
			d1 = duk_to_number_m1(thr);
			duk_pop_unsafe(thr);
		} else {
			d1 = duk_to_number_tval(thr, tv); /* side effects */
		}]=])
  offstage_patch_before([=[		i1 = duk_to_int32(thr, -1); /* side effects */]=]
    [=[		if (offstage_bigint_unary(thr, '~')) {
			duk_replace(thr, (duk_idx_t) idx_dst);
			return;
		}
]=])
  offstage_patch_before([=[		x = duk_to_number(thr, bc);
]=]
    [=[		if (offstage_bigint_step(thr, (int) bc, (int) op)) { /* -> [ ... old new ] */
			duk_replace(thr, bc);
			if (!(op & 0x02)) {
				duk_pop(thr);
				duk_dup(thr, bc);
			}
			duk_replace(thr, (duk_idx_t) (off_dst / sizeof(duk_tval)));
			return;
		}
]=])
  offstage_patch_before([=[	x = duk_to_number_m2(thr);
	if (op & 0x01) {]=]
    [=[	if (offstage_bigint_step(thr, -2, (int) op)) { /* -> [ ... val this old new ] */
		duk_js_putvar_activation(thr, act, name, DUK_GET_TVAL_NEGIDX(thr, -1), is_strict);
		if (op & 0x02) {
			duk_pop(thr);
		}
		duk_replace(thr, (duk_idx_t) idx_dst);
		duk_pop_n(thr, (op & 0x02) ? 2 : 3);
		return;
	}
]=])

  offstage_patch_before([=[			x = duk_to_number_m1(thr);
			duk_pop_unsafe(thr);
			if (ins & DUK_BC_INCDECP_FLAG_DEC) {]=]
    [=[			if (offstage_bigint_step(thr, -1, (ins & DUK_BC_INCDECP_FLAG_DEC) ? 1 : 0)) { /* -> [val old new] */
				tv_val = DUK_GET_TVAL_NEGIDX(thr, -1);
				tv_obj = DUK__REGCONSTP_B(ins);
				tv_key = DUK__REGCONSTP_C(ins);
				(void) duk_hobject_putprop(thr, tv_obj, tv_key, tv_val, DUK__STRICT());
				if (ins & DUK_BC_INCDECP_FLAG_POST) {
					duk_pop(thr);
				}
				duk_replace(thr, (duk_idx_t) DUK_DEC_A(ins));
				duk_pop_n(thr, (ins & DUK_BC_INCDECP_FLAG_POST) ? 1 : 2);
				break;
			}
]=])

  # -- BigInt: comparison and conversion
  offstage_patch_before([=[	d1 = duk_to_number_m2(thr);
	d2 = duk_to_number_m1(thr);

	/* We want to duk_pop_2_unsafe(thr);]=]
    [=[	if (OFFSTAGE_TVAL_IS_BIGINT(tv_x) || OFFSTAGE_TVAL_IS_BIGINT(tv_y)) {
		int order = offstage_bigint_order(thr);
		return order == 2 ? 0 : order < 0 ? (retval ^ 1) : retval;
	}
]=])
  offstage_patch_before([=[	/* Undefined/null are considered equal (e.g. "null == undefined" -> true). */]=]
    [=[	if ((OFFSTAGE_TVAL_IS_BIGINT(tv_x) || OFFSTAGE_TVAL_IS_BIGINT(tv_y)) &&
	    !((type_mask_x | type_mask_y) & (DUK_TYPE_MASK_OBJECT | DUK_TYPE_MASK_BOOLEAN))) {
		duk_push_tval(thr, tv_x);
		duk_push_tval(thr, tv_y);
		return (duk_bool_t) offstage_bigint_equals(thr);
	}

]=])
  offstage_patch_before([=[			/* Heap pointer comparison suffices for strings and objects.]=]
    [=[			if (flags == 0 && DUK_TVAL_IS_STRING(tv_x) && OFFSTAGE_TVAL_IS_BIGINT(tv_x) != OFFSTAGE_TVAL_IS_BIGINT(tv_y)) {
				duk_push_tval(thr, tv_x);
				duk_push_tval(thr, tv_y);
				return (duk_bool_t) offstage_bigint_equals(thr);
			}
]=])
  offstage_patch([=[		return (DUK_HSTRING_GET_BYTELEN(h) > 0 ? 1 : 0);]=]
    [=[		return (DUK_HSTRING_GET_BYTELEN(h) > 0 && !OFFSTAGE_IS_BIGINT_ZERO(h) ? 1 : 0);]=])
  offstage_patch([=[			stridx = DUK_STRIDX_LC_SYMBOL;]=]
    [=[			stridx = OFFSTAGE_IS_BIGINT(str) ? DUK_STRIDX_LC_POINTER : DUK_STRIDX_LC_SYMBOL;]=])
  offstage_patch_before([=[			DUK_ERROR_TYPE(thr, DUK_STR_CANNOT_STRING_COERCE_SYMBOL);
			DUK_WO_NORETURN(goto skip_replace;);]=]
    [=[			if (OFFSTAGE_IS_BIGINT(h)) {
				offstage_bigint_push_text(thr, h);
				break;
			}
]=])
  offstage_patch([=[			        DUK_HOBJECT_CLASS_AS_FLAGS(DUK_HOBJECT_CLASS_SYMBOL);
			proto = DUK_BIDX_SYMBOL_PROTOTYPE;]=]
    [=[			        (OFFSTAGE_IS_BIGINT(h) ? DUK_HOBJECT_CLASS_AS_FLAGS(DUK_HOBJECT_CLASS_POINTER)
			                               : DUK_HOBJECT_CLASS_AS_FLAGS(DUK_HOBJECT_CLASS_SYMBOL));
			proto = OFFSTAGE_IS_BIGINT(h) ? DUK_BIDX_POINTER_PROTOTYPE : DUK_BIDX_SYMBOL_PROTOTYPE;]=])
  offstage_patch([=[			curr = thr->builtins[DUK_BIDX_SYMBOL_PROTOTYPE];
			break;]=]
    [=[			curr = thr->builtins[OFFSTAGE_IS_BIGINT(h) ? DUK_BIDX_POINTER_PROTOTYPE : DUK_BIDX_SYMBOL_PROTOTYPE];
			break;]=])
  offstage_patch([=[			curr = thr->builtins[DUK_BIDX_SYMBOL_PROTOTYPE];
			goto lookup;]=]
    [=[			curr = thr->builtins[OFFSTAGE_IS_BIGINT(h) ? DUK_BIDX_POINTER_PROTOTYPE : DUK_BIDX_SYMBOL_PROTOTYPE];
			goto lookup;]=])
  offstage_patch([=[	if (h == NULL) {
		/* The "is string?" check may seem]=]
    [=[	if (h == NULL || OFFSTAGE_IS_BIGINT(h)) {
		/* The "is string?" check may seem]=])
  offstage_patch([=[		h = DUK_TVAL_GET_STRING(tv_dst);
	} else {]=]
    [=[		h = DUK_TVAL_GET_STRING(tv_dst);
		if (DUK_UNLIKELY(OFFSTAGE_IS_BIGINT(h))) {
			h = duk_to_property_key_hstring(thr, idx);
		}
	} else {]=])
  offstage_patch([=[	if (DUK_UNLIKELY(ret && DUK_HSTRING_HAS_SYMBOL(ret))) {
		return ret;]=]
    [=[	if (DUK_UNLIKELY(ret && DUK_HSTRING_HAS_SYMBOL(ret) && !OFFSTAGE_IS_BIGINT(ret))) {
		return ret;]=])
  offstage_patch([=[		duk_push_int(thr, 0);
	}
	duk_to_number(thr, 0);
	duk_set_top(thr, 1);]=]
    [=[		duk_push_int(thr, 0);
	}
	if (!offstage_bigint_to_number(thr, 0)) {
		duk_to_number(thr, 0);
	}
	duk_set_top(thr, 1);]=])

  # -- BigInt: JSON and typed arrays
  offstage_patch([=[	if (duk_check_type_mask(thr, -1, DUK_TYPE_MASK_OBJECT | DUK_TYPE_MASK_LIGHTFUNC | DUK_TYPE_MASK_BUFFER)) {
		duk_get_prop_stridx_short(thr, -1, DUK_STRIDX_TO_JSON);]=]
    [=[	if (duk_check_type_mask(thr, -1, DUK_TYPE_MASK_OBJECT | DUK_TYPE_MASK_LIGHTFUNC | DUK_TYPE_MASK_BUFFER) ||
	    OFFSTAGE_TVAL_IS_BIGINT(DUK_GET_TVAL_NEGIDX(thr, -1))) {
		duk_get_prop_stridx_short(thr, -1, DUK_STRIDX_TO_JSON);]=])
  offstage_patch_before([=[			goto pop2_undef;
		}
		duk__json_enc_quote_string(js_ctx, h);]=]
    [=[			if (OFFSTAGE_IS_BIGINT(h)) {
				offstage_bigint_refuse_json(thr);
			}
]=])
  offstage_patch_before([=[			goto emit_undefined;
		}
		duk__json_enc_quote_string(js_ctx, h);]=]
    [=[			if (OFFSTAGE_IS_BIGINT(h)) {
				goto abort_fastpath;
			}
]=])
  offstage_patch([=[		duk_push_number(thr, (duk_double_t) du.d);
		break;
	default:
		DUK_UNREACHABLE();
	}
}]=]
    [=[		duk_push_number(thr, (duk_double_t) du.d);
		break;
	case OFFSTAGE_ELEM_BIGINT64:
	case OFFSTAGE_ELEM_BIGUINT64:
		offstage_bigint_read(thr, du.uc, h_bufobj->elem_type == OFFSTAGE_ELEM_BIGINT64);
		break;
	default:
		DUK_UNREACHABLE();
	}
}]=])
  offstage_patch_before([=[	default:
		DUK_UNREACHABLE();
	}

	DUK_ASSERT(elem_size > 0);
	duk_memcpy((void *) p, (const void *) du.uc, (size_t) elem_size);]=]
    [=[	case OFFSTAGE_ELEM_BIGINT64:
	case OFFSTAGE_ELEM_BIGUINT64:
		offstage_bigint_write(thr, du.uc);
		break;
]=])
  offstage_patch([=[						duk_push_tval(thr, tv_val);
						(void) duk_to_number_m1(thr);

						if (h_bufobj->buf]=]
    [=[						duk_push_tval(thr, tv_val);
						if (h_bufobj->elem_type < OFFSTAGE_ELEM_BIGINT64) {
							(void) duk_to_number_m1(thr);
						} else {
							duk_to_primitive(thr, -1, DUK_HINT_NUMBER);
						}

						if (h_bufobj->buf]=])

  # -- proxies: natives hand them to runtime/js/builtins/proxies.js; number: see offstage_proxy_native
  foreach(row
    "duk_bi_object_constructor_assign assign 2"
    "duk_bi_object_constructor_define_properties defineProperties 0"
    "duk_bi_object_constructor_seal_freeze_shared sealOrFreeze 0"
    "duk_bi_object_constructor_is_sealed_frozen_shared isSealedOrFrozen 0"
    "duk_bi_object_prototype_is_prototype_of isPrototypeOf 0"
    "duk_bi_object_prototype_has_own_property hasOwnProperty 1"
    "duk_bi_object_prototype_property_is_enumerable propertyIsEnumerable 1"
    "duk_bi_object_getprototype_shared getPrototypeOf 3"
    "duk_bi_object_setprototype_shared setPrototypeOf 3"
    "duk_bi_object_constructor_define_property defineProperty 0"
    "duk_bi_object_constructor_get_own_property_descriptor getOwnPropertyDescriptor 0"
    "duk_bi_object_constructor_is_extensible isExtensible 0"
    "duk_bi_object_constructor_keys_shared ownKeys 0"
    "duk_bi_object_constructor_prevent_extensions preventExtensions 0"
    )
    string(REGEX MATCH "^([^ ]+) ([^ ]+) ([0-9])$" matched "${row}")
    offstage_patch("duk_ret_t ${CMAKE_MATCH_1}(duk_hthread *thr) {"
      "duk_ret_t ${CMAKE_MATCH_1}(duk_hthread *thr) {\n\tif (offstage_proxy_native(thr, \"${CMAKE_MATCH_2}\", ${CMAKE_MATCH_3})) {\n\t\treturn 1;\n\t}")
  endforeach()
  # A proxy in the chain of prototypes, or as the target of a proxy without the trap.
  offstage_patch_before([=[		if (!duk__get_own_propdesc_raw(thr, curr, key, arr_idx, &desc, DUK_GETDESC_FLAG_PUSH_VALUE)) {
			goto next_in_chain;]=]
    [=[		if (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(curr))) {
			offstage_proxy_get(thr, curr, tv_obj); /* [key] -> [value] */
			return 1;
		}
]=])
  offstage_patch_before([=[		if (!duk__get_own_propdesc_raw(thr, curr, key, arr_idx, &desc, 0 /*flags*/)) { /* don't push value */
			goto next_in_chain;]=]
    [=[		if (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(curr))) {
			if (!offstage_proxy_set(thr, curr, tv_val, tv_obj)) { /* [key] -> [] */
				goto fail_proxy_rejected;
			}
			return 1;
		}
]=])
  # The receiver stays the proxy.
  offstage_patch([=[			curr = h_target; /* resume lookup from target */
			DUK_TVAL_SET_OBJECT(tv_obj, curr);]=] [=[			curr = h_target;]=])
  offstage_patch([=[			orig = h_target; /* resume write to target */
			DUK_TVAL_SET_OBJECT(tv_obj, orig);]=] [=[			orig = h_target;]=])

  # -- typed arrays: what may be copied as bytes
  offstage_patch("duk__buffer_elemtype_copy_compatible[9] = {" "duk__buffer_elemtype_copy_compatible[11] = {")
  offstage_patch([=[	(1U << DUK_HBUFOBJ_ELEM_FLOAT64)
};]=]
    [=[	(1U << DUK_HBUFOBJ_ELEM_FLOAT64),

	(1U << OFFSTAGE_ELEM_BIGINT64) | (1U << OFFSTAGE_ELEM_BIGUINT64),
	(1U << OFFSTAGE_ELEM_BIGINT64) | (1U << OFFSTAGE_ELEM_BIGUINT64)
};]=])

  set(${variable} "${source}" PARENT_SCOPE)
endfunction()
