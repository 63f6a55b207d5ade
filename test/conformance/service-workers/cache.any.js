// SPDX-License-Identifier: MIT
'use strict';
const fresh = (() => {
  let n = 0;
  return async () => {
    const name = 'c' + n++;
    await caches.delete(name);
    return caches.open(name);
  };
})();
promise_test(async t => {
  await promise_rejects_js(t, TypeError, caches.open());
  const c = await caches.open('');
  assert_true(c instanceof Cache);
  assert_true(await caches.delete(''));
  assert_false(await caches.delete('nope'))
}, 'open names');
promise_test(async () => {
  const c = await fresh();
  await c.put('/a', new Response('x'));
  await caches.delete('c0');
  assert_false(await caches.has('c0'));
  const r = await c.match('/a');
  assert_equals(await r.text(), 'x')
}, 'delete dooms');
promise_test(async () => {
  const n = '\uD800';
  await caches.open(n);
  assert_true(await caches.has(n));
  assert_true((await caches.keys()).includes(n));
  assert_true(await caches.delete(n))
}, 'surrogate names');
promise_test(async () => {
  for (const k of await caches.keys()) await caches.delete(k);
  for (const n of ['b', '', 'a', 'c']) await caches.open(n);
  assert_array_equals(await caches.keys(), ['b', '', 'a', 'c']);
  for (const k of await caches.keys()) await caches.delete(k)
}, 'keys order');
promise_test(async () => {
  const c = await fresh();
  await c.put('/x?1', new Response('1'));
  await c.put('/x?2', new Response('2'));
  assert_equals((await c.keys('/x')).length, 0);
  assert_equals((await c.keys('/x', {ignoreSearch: true})).length, 2);
  assert_equals((await c.keys()).length, 2);
  assert_equals((await c.keys(new Request('/x?1', {method: 'HEAD'}))).length, 0);
  assert_equals(
      (await c.keys(new Request('/x?1', {method: 'POST'}), {ignoreMethod: true})).length, 1);
  assert_equals((await c.keys(undefined)).length, 2);
  const k = await c.keys();
  assert_true(k[0] instanceof Request);
  assert_equals(k[0].url, new URL('/x?1', location).href)
}, 'keys');
promise_test(async () => {
  const c = await fresh();
  await c.put(
      new Request('/v', {headers: {'Cookies': 'a'}}),
      new Response('a', {headers: {Vary: 'Cookies'}}));
  await c.put(
      new Request('/v', {headers: {'Cookies': 'b'}}),
      new Response('b', {headers: {Vary: 'Cookies'}}));
  assert_equals((await c.matchAll('/v')).length, 0);
  assert_equals((await c.matchAll('/v', {ignoreVary: true})).length, 2);
  assert_equals(await (await c.match(new Request('/v', {headers: {'Cookies': 'b'}}))).text(), 'b');
  assert_equals(await c.match('/zz'), undefined)
}, 'vary');
promise_test(async t => {
  const c = await fresh();
  await promise_rejects_js(
      t, TypeError, c.put(new Request('/p', {method: 'POST', body: 'x'}), new Response));
  await promise_rejects_js(t, TypeError, c.put('ftp://x/', new Response));
  await promise_rejects_js(t, TypeError, c.put('/p', new Response('', {status: 206})));
  await promise_rejects_js(t, TypeError, c.put('/p', new Response('', {headers: {Vary: '*'}})));
  await promise_rejects_js(t, TypeError, c.put('/p', new Response('', {headers: {Vary: 'a, *'}})));
  await promise_rejects_js(t, TypeError, c.put('/p', 'x'));
  const r = new Response('u');
  await r.text();
  await promise_rejects_js(t, TypeError, c.put('/p', r));
  const l = new Response('l');
  l.body.getReader();
  await promise_rejects_js(t, TypeError, c.put('/p', l));
  const ok = new Response('z');
  await c.put('/p', ok);
  assert_true(ok.bodyUsed);
  await c.put('/e', new Response(null, {status: 204}));
  assert_equals((await c.match('/e')).status, 204);
  assert_equals((await c.match('/e')).body, null);
  await c.put('/s', new Response(new Blob(['q'])));
  assert_equals(await (await c.match('/s')).text(), 'q');
  await promise_rejects_js(t, TypeError, c.put());
  await promise_rejects_js(t, TypeError, c.put('/p'));
  await promise_rejects_js(t, TypeError, c.put(null, null))
}, 'put');
promise_test(async t => {
  const c = await fresh();
  let ctl;
  const rs = new ReadableStream({
    start(k) {
      ctl = k
    }
  });
  const p = c.put('/st', new Response(rs));
  ctl.enqueue(new TextEncoder().encode('ab'));
  ctl.error(new Error('boo'));
  await promise_rejects_js(t, TypeError, p);
  assert_equals(await c.match('/st'), undefined)
}, 'put erroring stream');
promise_test(async () => {
  await caches.delete('A');
  await caches.delete('B');
  const a = await caches.open('A'), b = await caches.open('B');
  await a.put('/1', new Response('a'));
  await b.put('/1', new Response('b'));
  assert_equals(await (await caches.match('/1')).text(), 'a');
  assert_equals(await (await caches.match('/1', {cacheName: 'B'})).text(), 'b');
  assert_equals(await caches.match('/1', {cacheName: 'none'}), undefined);
  assert_equals(await caches.match('/nope'), undefined);
  assert_equals(
      await (await caches.match(new Request('/1', {method: 'POST'}), {ignoreMethod: true})).text(),
      'a')
}, 'storage match');
promise_test(async () => {
  const c = await fresh();
  await c.put('/d', new Response(''));
  assert_true(await c.delete('/d'));
  assert_false(await c.delete('/d'));
  await c.put('/d?x', new Response(''));
  assert_true(await c.delete('/d', {ignoreSearch: true}));
  const r = new Response('p', {statusText: 'st', headers: {'X-A': '1'}});
  await c.put('/m', r);
  const m = await c.match('/m');
  assert_equals(m.statusText, 'st');
  assert_equals(m.headers.get('x-a'), '1');
  assert_equals(m.type, 'default');
  assert_equals(m.url, '');
  assert_not_equals(m, await c.match('/m'));
  assert_equals((await c.match('/m#frag')).status, 200)
}, 'delete and match');
