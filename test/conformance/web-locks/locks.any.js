// SPDX-License-Identifier: MIT
'use strict';

promise_test(async () => {
  const r = await navigator.locks.request('a', async l => {
    assert_equals(l.name, 'a');
    assert_equals(l.mode, 'exclusive');
    assert_true(l instanceof Lock);
    const q = await navigator.locks.query();
    assert_equals(q.held.length, 1);
    return 5
  });
  assert_equals(r, 5);
  assert_equals((await navigator.locks.query()).held.length, 0)
}, 'basic');
promise_test(async () => {
  const log = [];
  const hold = [];
  const p1 = navigator.locks.request('b', {mode: 'shared'}, () => new Promise(r => hold.push(r)));
  const p2 = navigator.locks.request('b', {mode: 'shared'}, () => {log.push('s2')});
  await p2;
  const p3 = navigator.locks.request('b', () => {log.push('x')});
  const p4 = navigator.locks.request('b', {mode: 'shared'}, () => {log.push('s3')});
  const n = await navigator.locks.request('b', {ifAvailable: true}, l => l);
  assert_equals(n, null);
  hold[0]();
  await p1;
  await p4;
  assert_array_equals(log, ['s2', 'x', 's3'])
}, 'modes');
promise_test(async t => {
  const c = new AbortController;
  let rel;
  const p = navigator.locks.request('c', () => new Promise(r => rel = r));
  const q = navigator.locks.request('c', {signal: c.signal}, () => {});
  c.abort();
  await promise_rejects_dom(t, 'AbortError', q);
  const s = navigator.locks.request('c', {steal: true}, () => 7);
  assert_equals(await s, 7);
  await promise_rejects_dom(t, 'AbortError', p);
  await promise_rejects_dom(t, 'NotSupportedError', navigator.locks.request('-x', () => {}));
  await promise_rejects_js(t, TypeError, navigator.locks.request('x', null));
  await promise_rejects_js(t, TypeError, navigator.locks.request('x', {mode: 'foo'}, () => {}));
  await promise_rejects_dom(
      t, 'NotSupportedError',
      navigator.locks.request('x', {steal: true, ifAvailable: true}, () => {}));
  await promise_rejects_exactly(
      t, c.signal.reason, navigator.locks.request('x', {signal: c.signal}, () => {}))
}, 'abort and steal');
promise_test(async t => {
  await promise_rejects_js(
      t, RangeError, navigator.locks.request('d', () => {throw new RangeError}));
}, 'throws');
