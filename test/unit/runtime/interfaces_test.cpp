// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

TEST_CASE("globals look native") {
  CHECK(script_host::printed_by(
            "console.log(self instanceof ServiceWorkerGlobalScope, self instanceof EventTarget,"
            "caches instanceof CacheStorage, clients instanceof Clients, String(self));"
            "console.log(typeof indexedDB, typeof WebAssembly, typeof window, typeof Duktape);"
            "console.log(Object.keys(Headers.prototype).indexOf('get') >= 0, "
            "Headers.prototype.get.name,"
            "Headers.prototype.get.length, String(new Headers()), Response.length);"
            "var d = Object.getOwnPropertyDescriptor(self, 'Response'); console.log(d.enumerable);"
            "console.log(new TypeError('x') instanceof Error, new DOMException('m', "
            "'AbortError').code);")
        == "true true true true [object ServiceWorkerGlobalScope]\n"
           "object undefined undefined undefined\n"
           "true get 1 [object Headers] 0\nfalse\ntrue 20\n");
}

TEST_CASE("methods and constructors check whom they are called on") {
  CHECK(
      script_host::printed_by(
          "function name(f) { try { f(); return 'no'; } catch (e) { return e.name; } }"
          "console.log(name(function () { Headers(); }), name(function () { new CacheStorage(); }),"
          "name(function () { Headers.prototype.get.call({}, 'a'); }),"
          "name(function () { new Request(); }), name(function () { new Headers('x'); }),"
          "name(function () { new Response('', {status: 99}); }),"
          "name(function () { new Request('/', {method: 'GET', body: 'x'}); }),"
          "name(function () { new URL('::'); }));"
          "Response.prototype.text.call({}).catch(function (e) { console.log('rejected', e.name); "
          "});")
      == "TypeError TypeError TypeError TypeError TypeError RangeError TypeError TypeError\n"
         "rejected TypeError\n");
}

TEST_CASE("header guards keep what they guard") {
  CHECK(
      script_host::printed_by(
          "var r = new Request('/', {headers: {Cookie: 'a', 'Sec-X': 'b', 'X-Ok': ' c '}});"
          "console.log(JSON.stringify(Array.from(r.headers)));"
          "r = new Request('/', {mode: 'no-cors', headers: {'X-No': '1', Accept: 'text/x'}});"
          "console.log(JSON.stringify(Array.from(r.headers)));"
          "try { Response.error().headers.set('a', 'b'); } catch (e) { console.log(e.name); }"
          "var h = new Headers([['b', '1'], ['a', '2'], ['b', '3']]); h.append('Set-Cookie', 'x');"
          "h.append('set-cookie', 'y'); console.log(JSON.stringify(Array.from(h)), "
          "h.getSetCookie());")
      == "[[\"x-ok\",\"c\"]]\n[[\"accept\",\"text/x\"]]\nTypeError\n"
         "[[\"a\",\"2\"],[\"b\",\"1, 3\"],[\"set-cookie\",\"x\"],[\"set-cookie\",\"y\"]]"
         " [ 'x', 'y' ]\n");
}

TEST_CASE("bodies convert into each other") {
  CHECK(
      script_host::printed_by(
          "var f = new FormData(); f.append('a', '1'); f.append('f', new File(['hi'], 'h.txt'));"
          "new Response(f).formData().then(function (g) { console.log(g.get('a'), g.get('f').name);"
          "return g.get('f').text(); }).then(console.log)"
          ".then(function () { return new Response(new URLSearchParams('x=1&y=2')).formData(); })"
          ".then(function (g) { console.log(g.get('y'));"
          "return new Response(new Blob(['bl'], {type: 'text/x'})); })"
          ".then(function (r) { console.log(r.headers.get('content-type')); return r.blob(); })"
          ".then(function (b) { console.log(b.size, b.type); return new "
          "Response('\\ufeff{}').json(); })"
          ".then(function (o) { console.log(typeof o); });")
      == "1 h.txt\nhi\n2\ntext/x\n2 text/x\nobject\n");
}

TEST_CASE("URL and URLSearchParams follow each other") {
  CHECK(script_host::printed_by(
            "var u = new URL('../b?x=1#h', 'https://u:p@a.example:8080/c/d/');"
            "console.log(u.href, u.host, u.origin);"
            "u.searchParams.append('y', '\\u00e4 &'); console.log(u.search);"
            "u.search = '?z=3'; console.log(u.searchParams.get('z'), u.searchParams.has('x'));"
            "console.log(String(new URLSearchParams({q: 'x y'})), URL.canParse('/x', "
            "'https://a.b'));")
        == "https://u:p@a.example:8080/c/b?x=1#h a.example:8080 https://a.example:8080\n"
           "?x=1&y=%C3%A4+%26\n3 false\nq=x+y true\n");
}

TEST_CASE("text is decoded in pieces and in old encodings") {
  CHECK(script_host::printed_by(
            "var d = new TextDecoder(); console.log(d.decode(new Uint8Array([0xe2, 0x82]), "
            "{stream: true})"
            "+ d.decode(new Uint8Array([0xac])));"
            "console.log(new TextDecoder('latin1').decode(new Uint8Array([0x80])),"
            "new TextDecoder('shift_jis').decode(new Uint8Array([0x82, 0xa0])), new "
            "TextDecoder().encoding);"
            "try { new TextDecoder('utf-8', {fatal: true}).decode(new Uint8Array([255])); }"
            "catch (e) { console.log(e.name); }"
            "try { new TextDecoder('nonsense'); } catch (e) { console.log(e.name); }"
            "console.log(btoa('a\\u00e9'), atob(' YWI= '));")
        == "\u20AC\n\u20AC \u3042 utf-8\nTypeError\nRangeError\nYek= ab\n");
}

TEST_CASE("streams pipe, transform and tee") {
  CHECK(script_host::printed_by(
            "function source() { return new ReadableStream({start: function (c) {"
            "c.enqueue('a'); c.enqueue('b'); c.close(); }}); }"
            "new Response(source().pipeThrough(new TransformStream({transform: function (x, c) {"
            "c.enqueue(x.toUpperCase()); }})).pipeThrough(new TextEncoderStream())).text()"
            ".then(function (t) { console.log(t); var out = [];"
            "return source().pipeTo(new WritableStream({write: function (x) { out.push(x); },"
            "close: function () { out.push('end'); }})).then(function () { "
            "console.log(out.join()); }); })"
            ".then(function () { var two = source().tee(); var r = two[1].getReader();"
            "return two[0].cancel().constructor && r.read(); })"
            ".then(function (s) { console.log(s.value, s.done); });")
        == "AB\na,b,end\na false\n");
}

TEST_CASE("signals abort each other and time out") {
  CHECK(script_host::printed_by(
            "var c = new AbortController(); var s = AbortSignal.any([c.signal]);"
            "s.onabort = function () { console.log('any', s.reason); }; c.abort('r'); "
            "c.abort('again');"
            "var t = AbortSignal.timeout(20); t.onabort = function () { "
            "console.log(t.reason.name); };"
            "try { AbortSignal.abort().throwIfAborted(); } catch (e) { console.log(e.name); }")
        == "any r\nAbortError\nTimeoutError\n");
}

TEST_CASE("crypto gives random numbers and digests") {
  CHECK(script_host::printed_by(
            "console.log(/^[0-9a-f-]{36}$/.test(crypto.randomUUID()),"
            "crypto.getRandomValues(new Uint8Array(8)).length);"
            "crypto.subtle.digest('SHA-1', new TextEncoder().encode('abc')).then(function (d) {"
            "console.log(Array.from(new Uint8Array(d)).slice(0, 4).join()); });"
            "crypto.subtle.digest('MD5', new Uint8Array(1)).catch(function (e) { "
            "console.log(e.name); });")
        == "true 8\n169,153,62,54\nNotSupportedError\n");
}

TEST_CASE("DOMException has the constants of old, fixed and enumerable") {
  CHECK(script_host::printed_by(R"(
    var names = Object.keys(DOMException), p = DOMException.prototype;
    console.log(names.length, names[0], names[9], names[24]);
    console.log(DOMException.INUSE_ATTRIBUTE_ERR, p.DATA_CLONE_ERR,
                new DOMException('', 'AbortError').code);
    var d = Object.getOwnPropertyDescriptor(DOMException, 'ABORT_ERR');
    console.log(d.value, d.writable, d.enumerable, d.configurable);
  )") == "25 INDEX_SIZE_ERR INUSE_ATTRIBUTE_ERR DATA_CLONE_ERR\n10 25 20\n20 false true false\n");
}

TEST_CASE("interfaces have the attributes that Web IDL gives them") {
  CHECK(script_host::printed_by(R"(
    function show(object, key) {
      var d = Object.getOwnPropertyDescriptor(object, key);
      return [d.writable, d.enumerable, d.configurable, typeof d.get].join();
    }
    console.log(show(self, 'Headers'), show(Headers, 'prototype'),
                show(Headers.prototype, 'constructor'),
                show(Headers.prototype, Symbol.toStringTag));
    console.log(show(Headers.prototype, 'forEach'), show(Request.prototype, 'body'),
                show(Response, 'json'), show(WorkerGlobalScope.prototype, 'isSecureContext'),
                Headers.prototype.get.name, Headers.prototype['delete'].name);
  )")
        == "true,false,true,undefined false,false,false,undefined true,false,true,undefined "
           "false,false,true,undefined\ntrue,true,true,undefined ,true,true,function "
           "true,true,true,undefined ,true,true,function get delete\n");
}

} // namespace offstage::test
