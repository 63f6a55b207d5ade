// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: values that are stored

function stored(name, make, check) {
  promise_test(async t => {
    const db = await makeDatabase(t, db => db.createObjectStore('s'));
    const original = make();
    const tx = db.transaction('s', 'readwrite');
    tx.objectStore('s').put(original, 'key');
    const copy = await settled(tx.objectStore('s').get('key'));
    if (typeof original === 'object' && original !== null) assert_not_equals(copy, original);
    await check(copy, original);
  }, name);
}

const values = {
  'undefined': undefined,
  'null': null,
  'true': true,
  'false': false,
  'a string': 'a\u00e9\u{1f600}',
  'a lone surrogate': '\ud800',
  'an empty string': '',
  'NUL': '\0',
  'zero': 0,
  'negative zero': -0,
  'NaN': NaN,
  'infinity': Infinity,
  'a fraction': 0.2,
  'a large number': 2 ** 53,
  'a small number': -5e-324,
  'an integer': -2147483648,
};
for (const name in values)
  stored(name, () => values[name], copy => assert_equals(copy, values[name]));

for (const value of [true, false, 0, NaN, 1.5, '', 'text'])
  stored('a wrapper of ' + JSON.stringify(value), () => Object(value), copy => {
    assert_equals(Object.getPrototypeOf(copy), Object.getPrototypeOf(Object(value)));
    assert_equals(copy.valueOf(), value);
  });

for (const time of [0, -1e13, 8.64e15, NaN])
  stored('a date ' + time, () => new Date(time), copy => {
    assert_true(copy instanceof Date);
    assert_equals(copy.getTime(), time);
  });

for (const [source, flags] of [
         ['', ''], ['abc', 'g'], ['a(?=b)', 'i'], ['[/]\\/', 'm'], ['b', 'gimy'], ['.', 'u']])
  stored(
      `a regular expression /${source}/${flags}`,
      () => {
        const made = new RegExp(source, flags);
        made.lastIndex = 2;
        return made;
      },
      (copy, original) => {
        assert_true(copy instanceof RegExp);
        assert_equals(String(copy), String(original));
        assert_equals(copy.flags, original.flags);
        assert_equals(copy.lastIndex, 0);
      });

for (const type of
         [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array,
          Uint32Array, Float32Array, Float64Array])
  stored(type.name, () => new type([0, 1, 127]), (copy, original) => {
    assert_true(copy instanceof type);
    assert_array_equals(copy, original);
  });

stored(
    'views of one buffer',
    () => {
      const buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]).buffer;
      return {buffer, view: new DataView(buffer, 1, 4), part: new Uint16Array(buffer, 2, 2)};
    },
    copy => {
      assert_true(copy.buffer instanceof ArrayBuffer);
      assert_equals(copy.view.buffer, copy.buffer);
      assert_equals(copy.part.buffer, copy.buffer);
      assert_equals(copy.view.byteOffset, 1);
      assert_equals(copy.view.byteLength, 4);
      assert_equals(copy.view.getUint8(0), 1);
      assert_array_equals(copy.part, [0x302, 0x504]);
    });

for (const type of [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])
  stored(type.name, () => new type('words'), (copy, original) => {
    assert_equals(Object.getPrototypeOf(copy), type.prototype);
    assert_equals(copy.name, type.name);
    assert_equals(copy.message, 'words');
  });

stored(
    'an error of a class of its own',
    () => {
      class Mine extends Error {
        get name() {
          return 'Mine';
        }
      }
      return new Mine('words');
    },
    copy => {
      assert_equals(Object.getPrototypeOf(copy), Error.prototype);
      assert_equals(copy.message, 'words');
    });

stored('a DOMException', () => new DOMException('words', 'DataError'), copy => {
  assert_true(copy instanceof DOMException);
  assert_equals(copy.name, 'DataError');
  assert_equals(copy.message, 'words');
  assert_equals(copy.code, 0);
});

stored(
    'maps and sets',
    () => {
      const map = new Map([[1, 'a'], ['k', new Set([1, {x: 1}])]]);
      map.set(map, map);
      return map;
    },
    copy => {
      assert_true(copy instanceof Map);
      assert_array_equals([...copy.keys()].slice(0, 2), [1, 'k']);
      assert_equals(copy.get(copy), copy);
      assert_equals([...copy.get('k')][1].x, 1);
    });

stored(
    'cycles and shared references',
    () => {
      const shared = {x: 1};
      const value = {a: shared, b: shared, list: [shared]};
      value.self = value;
      return value;
    },
    copy => {
      assert_equals(copy.a, copy.b);
      assert_equals(copy.list[0], copy.a);
      assert_equals(copy.self, copy);
    });

stored(
    'arrays with holes and other properties',
    () => {
      const value = [1, , 3];
      value.extra = 'x';
      value.length = 5;
      return value;
    },
    copy => {
      assert_equals(copy.length, 5);
      assert_false(1 in copy);
      assert_equals(copy[2], 3);
      assert_equals(copy.extra, 'x');
    });

stored(
    'own enumerable properties in their order',
    () => {
      class Mine {
        constructor() {
          this.b = 1;
          this.a = 2;
          this[2] = 3;
          this[1] = 4;
          Object.defineProperty(this, 'hidden', {value: 1});
          this[Symbol('s')] = 1;
        }
        method() {}
      }
      return new Mine();
    },
    copy => {
      assert_equals(Object.getPrototypeOf(copy), Object.prototype);
      assert_array_equals(Object.getOwnPropertyNames(copy), ['1', '2', 'b', 'a']);
    });

stored(
    'an object that says it is a map', () => ({[Symbol.toStringTag]: 'Map', a: 1}),
    copy => assert_equals(copy.a, 1));

stored('a blob', () => new Blob(['a blob'], {type: 'text/x'}), async copy => {
  assert_true(copy instanceof Blob);
  assert_equals(copy.type, 'text/x');
  assert_equals(await copy.text(), 'a blob');
});

stored(
    'a file', () => new File(['a file'], 'name.txt', {type: 'text/x', lastModified: 42}),
    async copy => {
      assert_true(copy instanceof File);
      assert_equals(copy.name, 'name.txt');
      assert_equals(copy.lastModified, 42);
      assert_equals(await copy.text(), 'a file');
    });

stored(
    'a large value', () => ({bytes: new Uint8Array(3 << 20).fill(7), text: 'x'.repeat(1 << 20)}),
    copy => {
      assert_equals(copy.bytes.length, 3 << 20);
      assert_equals(copy.bytes[3 << 19], 7);
      assert_equals(copy.text.length, 1 << 20);
    });

const refused = {
  'a symbol': () => Symbol('s'),
  'a function': () => () => 1,
  'the global object': () => self,
  'an event': () => new Event(''),
  'a weak map': () => new WeakMap(),
  'a promise': () => Promise.resolve(),
  'a nested function': () => ({a: [() => 1]}),
  'a response': () => new Response(),
  'the factory': () => indexedDB,
  'a message channel': () => new MessageChannel(),
};
for (const name in refused)
  promise_test(async t => {
    const db = await makeDatabase(t, db => db.createObjectStore('s'));
    const tx = db.transaction('s', 'readwrite');
    const store = tx.objectStore('s');
    assert_throws_dom('DataCloneError', () => store.put(refused[name](), 1));
    assert_throws_dom('DataCloneError', () => store.put(db, 1));
    await settled(store.put('fine', 1));
  }, name + ' is refused');
