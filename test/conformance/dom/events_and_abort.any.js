// SPDX-License-Identifier: MIT
'use strict';

setup({allow_uncaught_exception: true});

test(() => {
  const s = AbortSignal.any([]);
  assert_false(s.aborted)
}, 'any empty');
test(() => {
  const c = new AbortController;
  const s = AbortSignal.any([c.signal]);
  let l = [];
  s.onabort = () => l.push('s');
  c.signal.onabort = () => l.push('c');
  c.abort('r');
  assert_array_equals(l, ['c', 's']);
  assert_equals(s.reason, 'r')
}, 'any follows');
test(() => {
  const a = new AbortController, b = new AbortController;
  const s = AbortSignal.any([AbortSignal.any([a.signal]), AbortSignal.any([b.signal])]);
  b.abort();
  assert_true(s.aborted);
  assert_equals(s.reason, b.signal.reason)
}, 'nested');
test(() => {
  const c = new AbortController;
  const l = [];
  const s1 = AbortSignal.any([c.signal]);
  s1.addEventListener('abort', () => {
    l.push('1');
    const s3 = AbortSignal.any([c.signal]);
    assert_true(s3.aborted)
  });
  const s2 = AbortSignal.any([s1]);
  s2.addEventListener('abort', () => l.push('2'));
  c.signal.addEventListener('abort', () => {
    l.push('0');
    assert_true(s1.aborted);
    assert_true(s2.aborted)
  });
  c.abort();
  assert_equals(l.join(''), '012')
}, 'order and marks first');
promise_test(async () => {
  const s = AbortSignal.timeout(5);
  const e = await new Promise(r => s.onabort = r);
  assert_true(e.isTrusted);
  assert_equals(s.reason.name, 'TimeoutError');
  assert_throws_dom('TimeoutError', () => s.throwIfAborted())
}, 'timeout');
test(() => {
  const t = new EventTarget;
  const l = [];
  t.addEventListener('x', () => {
    l.push('b');
  });
  t.addEventListener('x', () => {
    l.push('c');
    t.addEventListener('x', () => l.push('late'))
  }, true);
  t.dispatchEvent(new Event('x'));
  assert_equals(l.join(), 'c,b,late')
}, 'phases');
test(() => {
  const t = new EventTarget;
  let n = 0;
  t.addEventListener('x', e => {
    n++;
    e.stopPropagation()
  }, true);
  t.addEventListener('x', () => n++, true);
  t.addEventListener('x', () => n += 10);
  const ev = new Event('x');
  t.dispatchEvent(ev);
  assert_equals(n, 2);
  assert_false(ev.cancelBubble)
}, 'stopPropagation');
test(() => {
  const t = new EventTarget;
  let n = 0;
  const f = () => {
    n++;
    t.dispatchEvent(new Event('x'))
  };
  t.addEventListener('x', f, {once: true});
  t.dispatchEvent(new Event('x'));
  assert_equals(n, 1)
}, 'once nested');
test(() => {
  const t = new EventTarget;
  let e;
  t.addEventListener('x', ev => {
    ev.preventDefault();
    e = ev.defaultPrevented;
    ev.returnValue = false
  }, {passive: true});
  const ev = new Event('x', {cancelable: true});
  assert_true(t.dispatchEvent(ev));
  assert_false(e)
}, 'passive');
test(() => {
  const t = new EventTarget;
  const c = new AbortController;
  let n = 0;
  t.addEventListener('x', () => n++, {signal: c.signal});
  c.abort();
  t.dispatchEvent(new Event('x'));
  assert_equals(n, 0);
  assert_throws_js(TypeError, () => t.addEventListener('x', null, {signal: null}));
  t.addEventListener('y', () => n++, {signal: c.signal});
  t.dispatchEvent(new Event('y'));
  assert_equals(n, 0)
}, 'signal');
test(() => {
  let reads = [];
  const o = {
    get capture() {
      reads.push('capture')
    },
    get once() {
      reads.push('once')
    },
    get passive() {
      reads.push('passive')
    },
    get signal() {
      reads.push('signal')
    }
  };
  new EventTarget().addEventListener('x', null, o);
  assert_equals(reads.join(), 'capture,once,passive,signal')
}, 'reads');
test(() => {
  const e = new Event('x');
  e.initEvent('y', true, true);
  assert_equals(e.type, 'y');
  assert_true(e.bubbles);
  assert_throws_dom('InvalidStateError', () => {
    const t = new EventTarget;
    t.addEventListener('y', ev => t.dispatchEvent(ev));
    let err;
    self.addEventListener('error', x => {
      err = x.error;
      x.preventDefault()
    }, {once: true});
    t.dispatchEvent(e);
    throw err
  })
}, 'redispatch');
test(() => {
  assert_throws_js(TypeError, () => new Event);
  assert_throws_js(TypeError, () => Event('x'));
  const e = new Event('t', {bubbles: 1});
  assert_true(e.bubbles);
  assert_false(e.cancelable);
  assert_equals(e.timeStamp > 0, true);
  assert_equals(e.target, null);
  assert_equals(e.eventPhase, 0);
  e.initEvent('a');
  assert_false(e.bubbles)
}, 'ctor');
test(() => {
  let h = {
    handleEvent(e) {
      this.n = e.type
    }
  };
  const t = new EventTarget;
  t.addEventListener('x', h);
  t.dispatchEvent(new Event('x'));
  assert_equals(h.n, 'x')
}, 'handleEvent');
