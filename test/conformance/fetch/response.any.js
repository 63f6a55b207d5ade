// SPDX-License-Identifier: MIT
// Spec: Fetch#response-class
'use strict';

test(() => {
  const response = new Response();
  for (const [name, value] of Object.entries({
         type: 'default',
         url: '',
         redirected: false,
         status: 200,
         ok: true,
         statusText: '',
         body: null,
         bodyUsed: false,
       }))
    assert_equals(response[name], value, name);
  assert_array_equals([...response.headers], []);
  assert_throws_js(TypeError, () => Response());
}, 'what a Response is by default');

for (const status of [0, 100, 101, 199, 600, 1000, -1, NaN, 'x', 65536])
  test(() => assert_throws_js(RangeError, () => new Response('', {status})), `status ${status}`);

test(() => {
  assert_equals(new Response('', {status: 65736}).status, 200);
  assert_equals(new Response('', {status: '404'}).status, 404);
  assert_equals(new Response('', {status: 299.9}).status, 299);
  assert_equals(new Response('', {status: undefined}).status, 200);
  assert_false(new Response('', {status: 300}).ok);
  assert_equals(new Response('', null).status, 200);
  assert_throws_js(TypeError, () => new Response('', 3));
}, 'status is an unsigned short');

for (const statusText of ['\n', '\u0100', 'a\0', Symbol()])
  test(
      () => assert_throws_js(TypeError, () => new Response('', {statusText})),
      `status text ${format_value(statusText)}`);

for (const status of [204, 205, 304]) {
  test(
      () => assert_throws_js(TypeError, () => new Response('', {status})),
      `status ${status} has no body`);
  test(
      () => assert_equals(new Response(null, {status}).status, status), `status ${status} without`);
}

test(() => {
  const log = [];
  const init = new Proxy({}, {
    get: (target, name) => {
      log.push(name);
      return undefined;
    }
  });
  new Response('', init);
  assert_array_equals(
      log.filter((name) => ['headers', 'status', 'statusText'].includes(name)),
      ['headers', 'status', 'statusText']);
}, 'options are read in lexicographic order');

test(() => {
  const response = Response.error();
  assert_equals(response.type, 'error');
  assert_equals(response.status, 0);
  assert_equals(response.statusText, '');
  assert_equals(response.url, '');
  assert_equals(response.body, null);
  assert_false(response.ok);
}, 'Response.error()');

test(() => {
  const response = Response.redirect('/there#x');
  assert_equals(response.status, 302);
  assert_equals(response.type, 'default');
  assert_equals(response.redirected, false);
  assert_equals(response.headers.get('location'), new URL('/there#x', location.href).href);
  for (const status of [301, 302, 303, 307, 308])
    assert_equals(Response.redirect('/', status).status, status);
  for (const status of [0, 200, 300, 304, 309, 400, 500])
    assert_throws_js(RangeError, () => Response.redirect('/', status));
  assert_throws_js(TypeError, () => Response.redirect('http://:This is not a url'));
  assert_throws_js(TypeError, () => Response.redirect());
}, 'Response.redirect()');

promise_test(async () => {
  const response = Response.json({a: [1, 'x']}, {status: 201, headers: {x: 'y'}});
  assert_equals(response.status, 201);
  assert_equals(response.headers.get('content-type'), 'application/json');
  assert_equals(response.headers.get('x'), 'y');
  assert_equals(await response.text(), '{"a":[1,"x"]}');
  assert_equals(
      Response.json(1, {headers: {'content-type': 'foo/bar'}}).headers.get('content-type'),
      'foo/bar');
  assert_equals(await Response.json('\ud800').text(), '"\\ud800"');
  for (const data of [undefined, () => {}, Symbol()])
    assert_throws_js(TypeError, () => Response.json(data));
  const cycle = {};
  cycle.cycle = cycle;
  assert_throws_js(TypeError, () => Response.json(cycle));
  const error = new Error('mine');
  assert_throws_exactly(error, () => Response.json({
    get x() {
      throw error;
    }
  }));
  for (const status of [204, 205, 304])
    assert_throws_js(TypeError, () => Response.json({}, {status}));
}, 'Response.json()');

promise_test(async () => {
  const response = new Response('body', {status: 201, statusText: 'text', headers: {a: 'b'}});
  const clone = response.clone();
  response.headers.set('a', 'c');
  assert_equals(clone.status, 201);
  assert_equals(clone.statusText, 'text');
  assert_equals(clone.headers.get('a'), 'b');
  assert_equals(await response.text(), 'body');
  assert_false(clone.bodyUsed);
  assert_equals(await clone.text(), 'body');
  assert_throws_js(TypeError, () => clone.clone());
  const locked = new Response('x');
  locked.body.getReader();
  assert_throws_js(TypeError, () => locked.clone());
}, 'clone()');

promise_test(async () => {
  const chunks = [new Uint8Array([1]), new Uint8Array([2, 3])];
  const stream = new ReadableStream({
    pull(controller) {
      if (chunks.length)
        controller.enqueue(chunks.shift());
      else
        controller.close();
    },
  });
  const response = new Response(stream);
  assert_equals(response.body, stream);
  const clone = response.clone();
  assert_not_equals(response.body, stream);
  assert_true(stream.locked);
  assert_array_equals(new Uint8Array(await clone.arrayBuffer()), [1, 2, 3]);
  assert_array_equals(await response.bytes(), [1, 2, 3]);
}, 'a stream is cloned by tee');
