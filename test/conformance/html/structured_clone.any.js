// SPDX-License-Identifier: MIT
'use strict';

const check = (name, v, f) => promise_test(async () => {
  const val = typeof v === 'function' ? v() : v;
  const c = structuredClone(val);
  await f(c, val);
}, name);
for (const [n, v] of [
         ['undefined', undefined], ['null', null], ['true', true], ['str', ''], ['hs', '\uD800'],
         ['ls', '\uDC00'], ['nul', '\0'], ['astral', '\u{12345}'], ['.2', 0.2], ['-0', -0],
         ['NaN', NaN], ['inf', -Infinity], ['big', 9007199254740994]]) {
  check('primitive ' + n, v, (c, x) => assert_equals(c, x));
  check('array ' + n, [v], (c, x) => assert_equals(c[0], v));
  check('object ' + n, {x: v}, (c, x) => assert_equals(c.x, v));
}
const boxed = (n, f) => {
  check('boxed ' + n, f, (c, x) => {
    assert_equals(Object.getPrototypeOf(c), Object.getPrototypeOf(x));
    assert_equals(c.valueOf(), x.valueOf());
    assert_not_equals(c, x);
    assert_equals(Object.prototype.toString.call(c), Object.prototype.toString.call(x))
  });
};
boxed('true', () => new Boolean(true));
boxed('str', () => new String('\uD800'));
boxed('num', () => new Number(-0));
boxed('nan', () => new Number(NaN));
if (typeof BigInt === 'function') {
  check('bigint', () => BigInt(-12), (c, x) => assert_equals(c, x));
  boxed('bigint', () => Object(BigInt(-9007199254740994)));
}
for (const d of [0, -0, -8.64e15, 8.64e15, NaN])
  check('Date ' + (Object.is(d, -0) ? '-0' : d), () => new Date(d), (c, x) => {
    assert_equals(c.getTime(), x.getTime());
    assert_true(c instanceof Date)
  });
check(
    'RegExp flags and lastIndex',
    () => {
      const r = /foo/gim;
      r.lastIndex = 2;
      return r
    },
    (c, x) => {
      assert_true(c instanceof RegExp);
      assert_equals(c.source, 'foo');
      assert_equals(c.flags, x.flags);
      assert_equals(c.lastIndex, 0)
    });
check(
    'RegExp sticky unicode', () => new RegExp('foo', 'uy'), (c, x) => assert_equals(c.flags, 'uy'));
check('RegExp slash', () => new RegExp('/'), (c, x) => assert_equals(c.source, x.source));
check('RegExp nl', () => new RegExp('\n'), (c, x) => assert_equals(c.source, x.source));
for (const E of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])
  check('Error ' + E.name, () => new E('hi'), (c, x) => {
    assert_equals(Object.getPrototypeOf(c), E.prototype);
    assert_equals(c.message, 'hi');
    assert_equals(c.name, x.name);
    assert_equals(Object.prototype.toString.call(c), '[object Error]')
  });
check('Empty Error', () => new Error, (c) => {
  assert_false(c.hasOwnProperty('message'));
  assert_equals(c.foo, undefined)
});
check('Error null cause', () => new Error('x', {cause: null}), c => assert_equals(c.cause, null));
check('Error own props', () => {
  const e = new Error('x');
  e.foo = 1;
  return e
}, c => assert_false('foo' in c));
check('Error name getter/sub', () => {
  class X extends Error {};
  return new X('q')
}, (c) => assert_equals(Object.getPrototypeOf(c), Error.prototype));
check('Error.prototype.toString message obj', () => {
  const e = new Error;
  e.message = {
    toString() {
      return 'zz'
    }
  };
  return e
}, c => assert_equals(c.message, 'zz'));
check(
    'Error name custom',
    () => {
      const e = new TypeError;
      e.name = 'Foo';
      return e
    },
    c => {
      assert_equals(Object.getPrototypeOf(c), Error.prototype);
      assert_equals(c.name, 'Error')
    });
check('blob', () => new Blob(['foo'], {type: 'text/x-bar'}), async (c, x) => {
  assert_true(c instanceof Blob);
  assert_equals(c.type, x.type);
  assert_equals(await c.text(), 'foo')
});
check(
    'file', () => new File(['foo'], 'bar', {type: 'text/x-bar', lastModified: 42}),
    async (c, x) => {
      assert_true(c instanceof File);
      assert_equals(c.name, 'bar');
      assert_equals(c.lastModified, 42)
    });
check('two blob refs', () => {
  const b = new Blob(['a']);
  return [b, b]
}, c => assert_equals(c[0], c[1]));
check(
    'sparse',
    () => {
      const a = [1];
      a[10] = 2;
      delete a[0];
      return a
    },
    c => {
      assert_equals(c.length, 11);
      assert_false(0 in c);
      assert_equals(c[10], 2)
    });
check('nonindex', () => Object.assign([1, 2], {foo: 'bar'}), c => {assert_equals(c.foo, 'bar')});
check('obj idx', () => ({0: 'foo', 1: 'bar', length: 2}), c => {
  assert_equals(c[1], 'bar');
  assert_false(Array.isArray(c))
});
check('circ', () => {
  const a = [];
  a[0] = a;
  return a
}, c => assert_equals(c[0], c));
check('circ o', () => {
  const a = {};
  a.x = a;
  return a
}, c => assert_equals(c.x, c));
check(
    'proto',
    () => {
      function F() {
        this.x = 1
      };
      F.prototype = {y: 2};
      return new F
    },
    c => {
      assert_equals(c.x, 1);
      assert_false('y' in c);
      assert_equals(Object.getPrototypeOf(c), Object.prototype)
    });
check('nonenum', () => {
  const o = {a: 1};
  Object.defineProperty(o, 'foo', {value: 2, enumerable: false});
  return o
}, c => assert_false('foo' in c));
check(
    'nonwr',
    () => {
      const o = {};
      Object.defineProperty(o, 'foo', {value: 2, enumerable: true});
      return o
    },
    c => {
      c.foo = 9;
      assert_equals(c.foo, 9);
      const d = Object.getOwnPropertyDescriptor(c, 'foo');
      assert_true(d.configurable && d.writable)
    });
test(() => {
  const ex = {};
  assert_throws_exactly(ex, () => structuredClone({
                              get x() {
                                throw ex
                              }
                            }))
}, 'getter throws');
check('Object.prototype', () => Object.prototype, c => {
  const n = {};
  assert_not_equals(c, Object.prototype);
  Object.setPrototypeOf(c, null)
});
for (const [n, f] of [
         ['Response', () => new Response], ['Headers', () => new Headers],
         ['symbol', () => Symbol()], ['fn', () => function() {}], ['WeakMap', () => new WeakMap],
         ['Promise', () => Promise.resolve()], ['Proxy', () => new Proxy({}, {})],
         ['event', () => new Event('x')], ['signal', () => new AbortController().signal],
         ['rs unlisted', () => new ReadableStream],
         ['port unlisted', () => new MessageChannel().port1]])
  test(() => {assert_throws_dom('DataCloneError', () => structuredClone(f()))}, 'refuse ' + n);
check('File subclass', () => {
  class F extends File {};
  return new F([], 'x')
}, c => {assert_equals(Object.getPrototypeOf(c), File.prototype)});
test(() => {
  const b = new Blob;
  const B = self.Blob;
  delete self.Blob;
  try {
    const c = structuredClone(b);
    assert_equals(Object.getPrototypeOf(c), B.prototype)
  } finally {
    self.Blob = B
  }
}, 'deleted interface');
check('Map', () => new Map([[1, {a: 2}]]), c => {assert_equals(c.get(1).a, 2)});
check('Set', () => new Set([1, 'x']), c => {assert_true(c.has('x'))});
check('Map order self', () => {
  const m = new Map;
  m.set(m, m);
  return m
}, c => assert_equals(c.get(c), c));
for (const T of [Int8Array, Uint8ClampedArray, Uint16Array, Float32Array, Float64Array, DataView])
  check(T.name, () => new T(new ArrayBuffer(16), 8, 1), (c, x) => {
    assert_equals(c.constructor, T);
    assert_equals(c.byteOffset, 8);
    assert_equals(c.buffer.byteLength, 16);
    assert_equals(c.byteLength, x.byteLength)
  });
check('domexception', () => new DOMException('m', 'AbortError'), c => {
  assert_equals(c.name, 'AbortError');
  assert_equals(c.code, 20);
  assert_true(c instanceof DOMException)
});
test(() => {
  const b = new ArrayBuffer(8, {maxByteLength: 64});
  assert_true(b.resizable);
  const c = structuredClone(b);
  assert_equals(c.maxByteLength, 64);
  assert_true(c.resizable)
}, 'resizable');
test(() => {
  const b = new ArrayBuffer(5);
  const c = structuredClone(b, {transfer: [b]});
  assert_equals(c.byteLength, 5);
  assert_equals(b.byteLength, 0);
  assert_throws_dom('DataCloneError', () => structuredClone(b, {transfer: [b]}));
  assert_throws_dom('DataCloneError', () => structuredClone(b))
}, 'transfer ab');
test(() => {
  const {port1} = new MessageChannel;
  structuredClone(port1, {transfer: [port1]});
  assert_throws_dom('DataCloneError', () => structuredClone(port1, {transfer: [port1]}))
}, 'detached port');
test(() => {
  assert_throws_dom('DataCloneError', () => structuredClone(null, {transfer: [new Blob]}));
  assert_throws_js(TypeError, () => structuredClone(null, {transfer: [1]}));
  assert_throws_js(TypeError, () => structuredClone());
  assert_throws_js(TypeError, () => structuredClone(1, {transfer: 1}))
}, 'bad transfer');
test(() => {
  class S extends ReadableStream {};
  const s = new S;
  const c = structuredClone(s, {transfer: [s]});
  assert_equals(Object.getPrototypeOf(c), ReadableStream.prototype)
}, 'subclass transfer');
test(() => {
  const b = new ArrayBuffer(4);
  const u = new Uint8Array(b);
  u.set([1, 2, 3, 4]);
  const c = structuredClone(
      {
        get x() {
          return u
        }
      },
      {transfer: [b]});
  assert_array_equals(c.x, [1, 2, 3, 4])
}, 'typed transfer');
