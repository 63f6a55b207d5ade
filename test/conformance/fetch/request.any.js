// SPDX-License-Identifier: MIT
// Spec: Fetch#dom-request
'use strict';

for (const [what, input, init] of [
         ['an invalid URL', 'http://:not a url/'],
         ['credentials in the URL', 'http://user:pass@a.example'],
         ['a window', '/', {window: 'http://a.example'}],
         ['mode navigate', '/', {mode: 'navigate'}],
         ['an invalid referrer', '/', {referrer: 'http://:not a url/'}],
         ['mode', '/', {mode: 'BAD'}],
         ['an empty mode', '/', {mode: ''}],
         ['credentials', '/', {credentials: 'BAD'}],
         ['cache', '/', {cache: 'BAD'}],
         ['redirect', '/', {redirect: 'BAD'}],
         ['referrerPolicy', '/', {referrerPolicy: 'BAD'}],
         ['priority', '/', {priority: 'BAD'}],
         ['duplex', '/', {duplex: 'full'}],
         ['an empty method', '/', {method: ''}],
         ['a method with a space', '/', {method: 'IN VALID'}],
         ['TRACE', '/', {method: 'TRACE'}],
         ['track', '/', {method: 'track'}],
         ['connect', '/', {method: 'connect'}],
         ['a no-cors method', '/', {mode: 'no-cors', method: 'PUT'}],
         ['only-if-cached', '/', {mode: 'cors', cache: 'only-if-cached'}],
         ['only-if-cached by default', '/', {cache: 'only-if-cached'}],
         ['GET with a body', '/', {body: 'x'}],
         ['HEAD with a body', '/', {method: 'HEAD', body: 'x'}],
         ['a signal', '/', {signal: {}}],
         ['a signal that is a string', '/', {signal: 'x'}],
         ['a symbol', Symbol()],
         ['options', '/', 3],
         ['headers', '/', {headers: null}],
         ['a stream without duplex', '/', {method: 'POST', body: new ReadableStream()}],
         [
           'a stream and no-cors', '/',
           {method: 'POST', mode: 'no-cors', duplex: 'half', body: new ReadableStream()}
         ],
         [
           'a stream and keepalive', '/',
           {method: 'POST', keepalive: true, duplex: 'half', body: new ReadableStream()}
         ],
])
  test(
      () => assert_throws_js(TypeError, () => new Request(input, init)),
      `a Request refuses ${what}`);

test(() => {
  assert_throws_js(TypeError, () => new Request());
  assert_throws_js(TypeError, () => Request('/'));
  const request = new Request('');
  for (const [name, value] of Object.entries({
         method: 'GET',
         url: location.href,
         destination: '',
         referrer: 'about:client',
         referrerPolicy: '',
         mode: 'cors',
         credentials: 'same-origin',
         cache: 'default',
         redirect: 'follow',
         integrity: '',
         keepalive: false,
         isReloadNavigation: false,
         isHistoryNavigation: false,
         duplex: 'half',
         body: null,
         bodyUsed: false,
       }))
    assert_equals(request[name], value, name);
  assert_true(request.signal instanceof AbortSignal);
  assert_equals(request.signal, request.signal);
  assert_equals(request.headers, request.headers);
  assert_equals(String(request), '[object Request]');
  assert_equals(new Request('/x#fragment').url, new URL('/x#fragment', location.href).href);
}, 'what a Request is by default');

test(() => {
  const log = [];
  const init = new Proxy({}, {
    get: (target, name) => {
      log.push(name);
      return undefined;
    }
  });
  new Request('/', init);
  const known = [
    'body', 'cache', 'credentials', 'duplex', 'headers', 'integrity', 'keepalive', 'method', 'mode',
    'priority', 'redirect', 'referrer', 'referrerPolicy', 'signal', 'window'
  ];
  assert_array_equals(log.filter((name) => known.includes(name)), known);
}, 'options are read in lexicographic order');

for (const [given, method] of [
         ['get', 'GET'], ['Post', 'POST'], ['patch', 'patch'], ['PATCH', 'PATCH'],
         ['chicken', 'chicken'], ['options', 'OPTIONS'], ['delete', 'DELETE']])
  test(() => assert_equals(new Request('/', {method: given}).method, method), `method ${given}`);

for (const [given, referrer] of [
         ['', ''],
         ['about:client', 'about:client'],
         ['/x#y', new URL('/x#y', location.href).href],
         ['https://other.example/', 'about:client'],
         ['about:blank', 'about:client'],
])
  test(
      () => assert_equals(new Request('/', {referrer: given}).referrer, referrer),
      `referrer "${given}"`);

for (const value of ['high', 'low', 'auto'])
  test(() => {
    new Request('/', {priority: value});
  }, `priority ${value}`);

test(() => {
  assert_true(new Request('/', {keepalive: true}).keepalive);
  assert_false(new Request('/', {keepalive: 0}).keepalive);
  assert_equals(new Request('/', {integrity: 12}).integrity, '12');
  assert_equals(new Request('/', {window: null}).url, new URL('/', location.href).href);
  assert_equals(
      new Request('/', {cache: 'only-if-cached', mode: 'same-origin'}).cache, 'only-if-cached');
  assert_equals(new Request('/', undefined).method, 'GET');
  assert_equals(new Request('/', null).method, 'GET');
}, 'options that are fine');

promise_test(async (t) => {
  const first = new Request('/', {
    method: 'POST',
    body: 'body',
    headers: {A: 'b', 'content-type': 'x/y'},
    mode: 'same-origin',
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrer: '/r',
    referrerPolicy: 'origin',
    integrity: 'i',
    keepalive: true,
  });
  const second = new Request(first);
  assert_true(first.bodyUsed);
  assert_false(second.bodyUsed);
  for (const name
           of ['method', 'url', 'mode', 'credentials', 'cache', 'redirect', 'referrer',
               'referrerPolicy', 'integrity', 'keepalive'])
    assert_equals(second[name], first[name], name);
  assert_array_equals([...second.headers].flat(), ['a', 'b', 'content-type', 'x/y']);
  assert_throws_js(TypeError, () => new Request(first));
  assert_throws_js(TypeError, () => first.clone());
  const third = new Request(second, {headers: {c: 'd'}});
  assert_array_equals([...third.headers].flat(), ['c', 'd']);
  assert_equals(third.referrer, 'about:client', 'any option resets the referrer');
  assert_equals(await third.text(), 'body');
  await promise_rejects_js(t, TypeError, third.text());
}, 'a Request of a Request takes its body');

promise_test(async () => {
  const first = new Request('/', {method: 'POST', body: 'one'});
  const second = new Request(first, {body: 'two'});
  assert_false(first.bodyUsed, 'an own body leaves the other alone');
  assert_equals(await second.text(), 'two');
  assert_equals(await first.text(), 'one');
  assert_throws_js(
      TypeError, () => new Request(new Request('/', {method: 'POST', body: 'x'}), {method: 'GET'}));
}, 'the body of a Request can be replaced');

promise_test(async () => {
  const request = new Request('/', {method: 'POST', body: 'text', headers: {a: 'b'}});
  const clone = request.clone();
  request.headers.set('a', 'c');
  assert_equals(clone.headers.get('a'), 'b');
  assert_equals(await request.text(), 'text');
  assert_false(clone.bodyUsed);
  assert_equals(await clone.text(), 'text');
  assert_throws_js(TypeError, () => request.clone());
}, 'a clone is independent');

promise_test(async () => {
  const controller = new AbortController();
  const request = new Request('/', {signal: controller.signal});
  assert_not_equals(request.signal, controller.signal);
  const clone = request.clone();
  const copy = new Request(request);
  const without = new Request(request, {signal: null});
  controller.abort('reason');
  for (const each of [request, clone, copy]) {
    assert_true(each.signal.aborted);
    assert_equals(each.signal.reason, 'reason');
  }
  assert_false(without.signal.aborted);
}, 'signals follow the one that was given');

for (const [body, type] of [
         ['text', 'text/plain;charset=UTF-8'],
         [new URLSearchParams('a=b'), 'application/x-www-form-urlencoded;charset=UTF-8'],
         [new Blob(['x']), null],
         [new Blob(['x'], {type: 'a/b'}), 'a/b'],
         [new Uint8Array(2), null],
         [new ArrayBuffer(2), null],
         [12, 'text/plain;charset=UTF-8'],
         ['', 'text/plain;charset=UTF-8'],
])
  test(() => {
    assert_equals(new Request('/', {method: 'POST', body}).headers.get('content-type'), type);
    assert_equals(new Response(body).headers.get('content-type'), type);
    assert_equals(
        new Response(body, {headers: {'Content-Type': 'own'}}).headers.get('content-type'), 'own');
  }, `the type of ${format_value(body)} is ${type}`);

test(() => {
  assert_regexp_match(
      new Response(new FormData()).headers.get('content-type'),
      /^multipart\/form-data; boundary=[-_0-9A-Za-z]{1,70}$/);
  assert_equals(new Request('/', {method: 'POST', body: null}).body, null);
  assert_equals(new Request('/', {method: 'POST'}).headers.get('content-type'), null);
}, 'the type of forms and nothing');
