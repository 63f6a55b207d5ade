# Proxies as targets of proxies, which the engine refuses: what has no trap in the outer one goes on to the inner one. A
# proxy as a handler is still refused.
function(offstage_patch_proxies variable)
  set(source "${${variable}}")
  offstage_replace(source "if (DUK_HOBJECT_IS_PROXY(h_target)) {
		goto fail_args;
	}" "" 1)
  offstage_replace(source "if (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(curr))) {"
    "while (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(curr))) {" 1)
  offstage_replace(source "if (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(orig))) {"
    "while (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(orig))) {" 1)
  offstage_replace(source "if (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(obj))) {"
    "while (DUK_UNLIKELY(DUK_HOBJECT_IS_PROXY(obj))) {" 2)
  set(${variable} "${source}" PARENT_SCOPE)
endfunction()
