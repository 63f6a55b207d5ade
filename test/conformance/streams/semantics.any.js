// SPDX-License-Identifier: MIT
'use strict';

promise_test(async () => {
  let seen = [];
  Object.defineProperty(Object.prototype, 'then', {
    get() {
      seen.push(1);
      return undefined
    },
    configurable: true
  });
  try {
    const rs = new ReadableStream({
      start(c) {
        c.enqueue('a');
        c.enqueue('b');
        c.close()
      }
    });
    await rs.pipeTo(new WritableStream());
  } finally {
    delete Object.prototype.then
  }
  assert_equals(seen.length, 0)
}, 'piping is not observable through Object.prototype.then');
promise_test(async () => {
  let n = 0;
  const rs = new ReadableStream({
    start(c) {
      c.enqueue('a');
      c.enqueue('b');
      c.close()
    }
  });
  const [a, b] = rs.tee();
  Object.defineProperty(Object.prototype, 'then', {
    get() {
      n++;
      return undefined
    },
    configurable: true
  });
  let p1, p2;
  try {
    p1 = a.pipeTo(new WritableStream());
    p2 = b.pipeTo(new WritableStream());
    await p1;
    await p2;
  } finally {
    delete Object.prototype.then
  }
  assert_equals(n, 0)
}, 'tee is not observable');
test(() => {
  const bad = [];
  const props = [
    'start',    'pull',          'cancel',        'type',  'autoAllocateChunkSize',
    'size',     'highWaterMark', 'next',          'chunk', 'close',
    'error',    'write',         'abort',         'flush', 'transform',
    'readable', 'signal',        'preventCancel', 'mode',  'stream'
  ];
  for (const k of props)
    Object.defineProperty(Object.prototype, k, {
      get() {
        bad.push('get ' + k)
      },
      set(v) {
        bad.push('set ' + k + (new Error).stack)
      },
      configurable: true
    });
  try {
    const rs = new ReadableStream();
    rs.tee();
    new WritableStream().getWriter().write(1);
    const ts = new TransformStream();
    ts.readable.getReader();
    new ReadableStream().getReader().read();
    new ReadableStream({__proto__: null, type: 'bytes'}).getReader();
  } finally {
    for (const k of props) delete Object.prototype[k]
  }
  assert_array_equals(bad, [])
}, 'nothing touches Object.prototype');
promise_test(async () => {
  const P = ReadableStreamDefaultReader.prototype;
  const old = Object.getOwnPropertyDescriptors(P);
  const get = ReadableStream.prototype.getReader;
  let bad = 0;
  for (const k of ['read', 'cancel', 'releaseLock'])
    P[k] = () => {
      bad++
    };
  ReadableStream.prototype.getReader = () => {
    bad++
  };
  try {
    const rs = new ReadableStream({
      start(c) {
        c.enqueue(1);
        c.close()
      }
    });
    const out = [];
    for await (const x of rs) out.push(x);
    assert_array_equals(out, [1]);
    assert_equals(bad, 0)
  } finally {
    Object.defineProperties(P, old);
    ReadableStream.prototype.getReader = get
  }
}, 'iteration with patched reader');
test(() => {
  const s = new CountQueuingStrategy({highWaterMark: 1}).size;
  assert_equals(s.name, 'size');
  assert_equals(s.length, 0);
  assert_false('prototype' in s);
  assert_throws_js(TypeError, () => new s());
  const b = new ByteLengthQueuingStrategy({highWaterMark: 1}).size;
  assert_equals(b.length, 1);
  assert_equals(b.name, 'size');
  assert_equals(b, new ByteLengthQueuingStrategy({highWaterMark: 3}).size);
  assert_equals(s(), 1);
  assert_equals(b({byteLength: 7}), 7);
  assert_throws_js(TypeError, () => b());
  assert_throws_js(TypeError, () => new CountQueuingStrategy());
  assert_throws_js(TypeError, () => new CountQueuingStrategy({}));
  assert_true(Number.isNaN(new CountQueuingStrategy({highWaterMark: 'foo'}).highWaterMark));
  assert_equals(new CountQueuingStrategy({highWaterMark: -1}).highWaterMark, -1)
}, 'strategies');
test(() => {
  assert_equals(ReadableStream.prototype.values, ReadableStream.prototype[Symbol.asyncIterator]);
  const it = new ReadableStream()[Symbol.asyncIterator]();
  const p = Object.getPrototypeOf(it);
  assert_equals(
      Object.getPrototypeOf(p),
      Object.getPrototypeOf(Object.getPrototypeOf(async function*() {}).prototype));
  const d = Object.getOwnPropertyDescriptor(p, 'next');
  assert_true(d.enumerable && d.writable && d.configurable);
  assert_equals(p.next.length, 0);
  assert_equals(p.return.length, 1);
  assert_equals(p.next.name, 'next');
  assert_equals(p.return.name, 'return');
  assert_equals(typeof p.throw, 'undefined')
}, 'iterator prototype');
promise_test(async t => {
  const it = new ReadableStream({
               start(c) {
                 c.enqueue(1);
                 c.enqueue(2)
               }
             }).values({preventCancel: true});
  assert_object_equals(await it.next(), {value: 1, done: false});
  assert_object_equals(await it.return('x'), {value: 'x', done: true});
  assert_object_equals(await it.next(), {value: undefined, done: true});
  assert_object_equals(await it.return('y'), {value: 'y', done: true})
}, 'iterator return');
promise_test(async t => {
  const e = new Error('a');
  const ws = new WritableStream({
    start() {
      return new Promise(() => {})
    }
  });
  const w = ws.getWriter();
  const wp = w.write('x');
  const rp = w.ready;
  const ap = w.abort(e);
  await promise_rejects_exactly(t, e, rp === w.ready ? rp : w.ready);
  assert_equals(w.desiredSize, null)
}, 'abort before start');
promise_test(async t => {
  let sig;
  const ws = new WritableStream({
    start(c) {
      sig = c.signal
    },
    write() {
      return new Promise(() => {})
    }
  });
  const w = ws.getWriter();
  await w.ready;
  w.write(1).catch(() => {});
  assert_false(sig.aborted);
  const r = {};
  w.abort(r);
  assert_true(sig.aborted);
  assert_equals(sig.reason, r);
  w.closed.catch(() => {})
}, 'signal');
promise_test(async t => {
  const log = [];
  const ws = new WritableStream({
    write(c) {
      log.push('w' + c)
    },
    close() {
      log.push('c')
    },
    abort(r) {
      log.push('a')
    }
  });
  const rs = new ReadableStream({
    start(c) {
      c.enqueue(1);
      c.enqueue(2);
      c.close()
    }
  });
  await rs.pipeTo(ws, {preventClose: true});
  assert_array_equals(log, ['w1', 'w2']);
  assert_false(ws.locked);
  assert_false(rs.locked);
  const w = ws.getWriter();
  await w.close();
  assert_equals(log[2], 'c')
}, 'pipe preventClose');
promise_test(async t => {
  const c = new AbortController;
  const r = new Error('q');
  let cancelled, aborted;
  const rs = new ReadableStream({
    cancel(x) {
      cancelled = x
    }
  });
  const ws = new WritableStream({
    abort(x) {
      aborted = x
    }
  });
  const p = rs.pipeTo(ws, {signal: c.signal});
  c.abort(r);
  await promise_rejects_exactly(t, r, p);
  assert_equals(cancelled, r);
  assert_equals(aborted, r)
}, 'pipe abort');
promise_test(async t => {
  await promise_rejects_js(
      t, TypeError, new ReadableStream().pipeTo(new WritableStream(), {signal: null}));
  await promise_rejects_js(
      t, TypeError, ReadableStream.prototype.pipeTo.call({}, new WritableStream()));
  await promise_rejects_js(t, TypeError, new ReadableStream().pipeTo({}));
  const ps = new ReadableStream({
    start(c) {
      c.enqueue('x')
    }
  });
  let writes = 0;
  let ctrl;
  const rs = new ReadableStream({
    start(c) {
      ctrl = c
    }
  });
  rs.pipeTo(new WritableStream(
                {
                  write() {
                    writes++
                  }
                },
                {highWaterMark: 5}))
      .catch(() => {});
  for (let i = 0; i < 20; i++) await 0;
  ctrl.enqueue('a');
  assert_equals(writes, 0);
  for (let i = 0; i < 10; i++) await 0;
  assert_equals(writes, 1)
}, 'pipe args and no sync write');
promise_test(async t => {
  const ts = new TransformStream({
    cancel() {
      throw new RangeError('c')
    }
  });
  await promise_rejects_js(t, RangeError, ts.readable.cancel('z'));
  const ts2 = new TransformStream({
    flush(c) {
      c.enqueue('end')
    }
  });
  const w = ts2.writable.getWriter();
  const r = ts2.readable.getReader();
  const p = w.close();
  assert_object_equals(await r.read(), {value: 'end', done: false});
  await p;
  assert_true((await r.read()).done)
}, 'transform cancel and flush');
promise_test(async t => {
  const ts = new TransformStream({
    transform(c, k) {
      k.terminate()
    }
  });
  const read = ts.readable.getReader().read();
  const w = ts.writable.getWriter();
  await promise_rejects_js(t, TypeError, (async () => {
                             await w.write(1);
                             await w.closed
                           })());
  assert_true((await read).done)
}, 'terminate');
test(() => {
  assert_throws_js(RangeError, () => new TransformStream({readableType: 'x'}));
  assert_throws_js(RangeError, () => new WritableStream({type: null}));
  assert_throws_js(TypeError, () => new ReadableStream({start: 1}));
  assert_throws_js(TypeError, () => new ReadableStream(null));
  assert_throws_js(TypeError, () => new ReadableStream({type: null}));
  assert_throws_js(RangeError, () => new WritableStream({}, {highWaterMark: -1}));
  assert_throws_js(TypeError, () => new WritableStream({}, {size: 1}))
}, 'ctor errors');
promise_test(async () => {
  const calls = [];
  const it = {
    next(...a) {
      calls.push(['next', a.length]);
      return {
        done: calls.length > 2, value: calls.length
      }
    },
    return () {
      calls.push('return');
      return {
      }
    },
    [Symbol.iterator]() {
      return this
    }
  };
  const rs = ReadableStream.from(it);
  const r = rs.getReader();
  assert_equals(calls.length, 0);
  assert_object_equals(await r.read(), {value: 1, done: false});
  await r.cancel('x');
  assert_equals(calls[1], 'return')
}, 'from');
promise_test(async t => {
  for (const bad of [null, undefined, 0, NaN, true, {}, [].entries, Symbol()])
    assert_throws_js(TypeError, () => ReadableStream.from(bad));
  assert_throws_js(TypeError, () => ReadableStream.from({[Symbol.iterator]: 1}));
  const rs = ReadableStream.from('ab');
  const out = [];
  for await (const x of rs) out.push(x);
  assert_array_equals(out, ['a', 'b']);
  const p = ReadableStream.from([Promise.reject(7)]);
  await promise_rejects_exactly(t, 7, p.getReader().read())
}, 'from bad and strings');
promise_test(async t => {
  const e = {};
  const rs = new ReadableStream(
      {
        pull(c) {
          c.error(e)
        }
      },
      {highWaterMark: 0});
  const [a, b] = rs.tee();
  const r1 = a.getReader(), r2 = b.getReader();
  await promise_rejects_exactly(t, e, r1.read());
  await promise_rejects_exactly(t, e, r2.closed)
}, 'tee error');
promise_test(async t => {
  let c;
  const rs = new ReadableStream({
    start(x) {
      c = x
    }
  });
  const r = rs.getReader();
  const p = r.read();
  r.releaseLock();
  await promise_rejects_js(t, TypeError, p);
  await promise_rejects_js(t, TypeError, r.closed);
  const r2 = rs.getReader();
  c.enqueue('z');
  assert_object_equals(await r2.read(), {value: 'z', done: false})
}, 'release with pending read');
test(() => {
  for (const C
           of [ReadableStreamDefaultController, WritableStreamDefaultController,
               TransformStreamDefaultController, ReadableByteStreamController,
               ReadableStreamBYOBRequest])
    assert_throws_js(TypeError, () => new C());
  assert_throws_js(TypeError, () => new ReadableStreamDefaultReader());
  assert_throws_js(TypeError, () => new WritableStreamDefaultWriter({}))
}, 'illegal ctors');
promise_test(async () => {
  const log = [];
  const rs = new ReadableStream(
      {
        start(c) {
          c.enqueue(1)
        }
      },
      {
        size() {
          log.push(this === undefined);
          return 1
        }
      });
  assert_array_equals(log, [true])
}, 'size has no receiver'.toString());
promise_test(async () => {
  const order = [];
  const rs = new ReadableStream({
    start(c) {
      c.enqueue(1)
    }
  });
  const r = rs.getReader();
  r.read().then(() => order.push('read'));
  Promise.resolve().then(() => order.push('a')).then(() => order.push('b'));
  for (let i = 0; i < 5; i++) await 0;
  assert_array_equals(order, ['read', 'a', 'b'])
}, 'read resolves in one tick');
