# What Duktape has no option for: a function's file name gets a key that script cannot name, one of the engine's own that
# is not used in this configuration; eval lowers its code first and asks what it is called; a function that begins with
# "!new" is no constructor and has no prototype object, which also spares a cycle of references; strict functions have no
# properties `caller` and `arguments`, as newer editions of the language have it; the error of a call of what is no
# function has the place of the call; there are no tail calls, whose frames stack traces miss; and the host knows when an
# error is made, which needs memory that a full heap has not.
function(offstage_patch_functions variable)
  set(source "${${variable}}")
  string(REPEAT " " 42 gap)
  offstage_replace(source "define DUK_STRIDX_FILE_NAME${gap}94" "define DUK_STRIDX_FILE_NAME DUK_STRIDX_INT_SOURCE" 1)
  offstage_replace(source "duk_push_hstring_stridx(thr, DUK_STRIDX_INPUT)" "offstage_push_eval_name(thr)" 1)
  offstage_replace(source "return 1; /* return arg as-is */
	}"
    "return 1;
	}
	offstage_lower_eval(thr);
	h = duk_get_hstring_notsymbol(thr, 0);" 1)
  set(directive "DUK_STRCMP((const char *) DUK_HSTRING_GET_DATA(h_dir), \"!new\") == 0")
  offstage_replace(source "} else if (DUK_HSTRING_GET_BYTELEN(h_dir) == 14 &&"
    "} else if (DUK_HSTRING_GET_BYTELEN(h_dir) == 4 && ${directive}) {
					comp_ctx->curr_func.is_constructable = 0;
				} else if (DUK_HSTRING_GET_BYTELEN(h_dir) == 14 &&" 1)
  offstage_replace(source "const char *str_targ, *str_key, *str_base;
	duk_idx_t entry_top;
"
    "const char *str_targ, *str_key, *str_base;
	duk_idx_t entry_top;
	duk_hthread_sync_currpc(thr);
" 1)
  offstage_replace(source "if (DUK_HOBJECT_HAS_STRICT(&fun_clos->obj)) {" "if (0) {" 1)
  offstage_replace(source "#include \"duktape.h\"\n" "#include \"duktape.h\"\n#undef DUK_USE_TAILCALL\n" 1)
  foreach(on 0 1)
    math(EXPR count "2 - ${on}")
    offstage_replace(source "thr->heap->creating_error = ${on};"
      "thr->heap->creating_error = ${on};
		{
			extern void offstage_creating_error(void *, int);
			offstage_creating_error(thr->heap->heap_udata, ${on});
		}" ${count})
  endforeach()
  set(${variable} "${source}" PARENT_SCOPE)
endfunction()
