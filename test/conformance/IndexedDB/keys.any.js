// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: keys and key ranges

test(() => {
  const ordered = [
    -Infinity,
    -1e300,
    -1,
    0,
    1e-300,
    1,
    2 ** 53,
    Infinity,
    new Date(-1),
    new Date(0),
    new Date(8.64e15),
    '',
    '\0',
    'a',
    'a\0',
    'aa',
    'b',
    '\u00e9',
    '\ud800',
    '\ud83d\ude00',
    '\udc00',
    '\uffff',
    new Uint8Array([]),
    new Uint8Array([0]),
    new Uint8Array([0, 0]),
    new Uint8Array([1]),
    new Uint8Array([255]),
    [],
    [1],
    [1, 2],
    [2],
    ['a'],
    [[]],
    [[], 1],
    [[1]],
  ];
  for (let i = 0; i < ordered.length; i++)
    for (let j = 0; j < ordered.length; j++)
      assert_equals(indexedDB.cmp(ordered[i], ordered[j]), Math.sign(i - j), `${i} ${j}`);
}, 'keys are ordered by type, then by value');

test(() => {
  assert_equals(indexedDB.cmp(0, -0), 0);
  assert_equals(
      indexedDB.cmp(
          new Uint8Array([1, 2]).buffer, new DataView(new Uint8Array([0, 1, 2]).buffer, 1)),
      0);
  assert_equals(indexedDB.cmp(new Uint16Array([258]), new Uint8Array([2, 1])), 0);
}, 'keys with the same value are equal');

const cyclic = [];
cyclic.push(cyclic);
const invalid = {
  'undefined': undefined,
  'null': null,
  'true': true,
  'NaN': NaN,
  'an object': {},
  'an invalid date': new Date(NaN),
  'a sparse array': [1, , 2],
  'an array with null': [null],
  'a cyclic array': cyclic,
  'a function': () => 1,
  'a regular expression': /a/,
  'an error': new Error('a'),
  'a boxed number': Object(1),
  'a boxed string': Object('a'),
  'an array with undefined': [undefined],
  'a nested NaN': [[NaN]],
};
for (const name in invalid)
  test(() => {
    assert_throws_dom('DataError', () => indexedDB.cmp(invalid[name], 1));
    assert_throws_dom('DataError', () => indexedDB.cmp(1, invalid[name]));
    assert_throws_dom('DataError', () => IDBKeyRange.only(invalid[name]));
    assert_throws_dom('DataError', () => IDBKeyRange.lowerBound(invalid[name]));
    assert_throws_dom('DataError', () => IDBKeyRange.bound(invalid[name], 1));
  }, name + ' is no key');

test(() => {
  const error = new Error('mine');
  const array = [1, 2];
  Object.defineProperty(array, 1, {
    get() {
      throw error;
    }
  });
  assert_throws_exactly(error, () => indexedDB.cmp(array, 1));
  const counted = [];
  let reads = 0;
  Object.defineProperty(counted, 0, {
    get() {
      reads++;
      return 7;
    },
    enumerable: true
  });
  assert_equals(indexedDB.cmp(counted, [7]), 0);
  assert_equals(reads, 1);
}, 'getters of arrays run once and their exceptions are rethrown');

test(() => {
  const buffer = new ArrayBuffer(4);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, {transfer: [buffer]});
  assert_throws_dom('DataError', () => indexedDB.cmp(buffer, 1));
  assert_throws_dom('DataError', () => indexedDB.cmp(view, 1));
}, 'detached buffers are no keys');

test(() => {
  assert_throws_js(TypeError, () => indexedDB.cmp());
  assert_throws_js(TypeError, () => indexedDB.cmp(1));
  assert_throws_js(TypeError, () => IDBKeyRange.only());
  assert_throws_js(TypeError, () => IDBKeyRange.bound(1));
  assert_throws_js(TypeError, () => new IDBKeyRange());
}, 'arguments are required');

test(() => {
  const only = IDBKeyRange.only('a');
  assert_equals(only.lower, 'a');
  assert_equals(only.upper, 'a');
  assert_false(only.lowerOpen);
  assert_false(only.upperOpen);
  const lower = IDBKeyRange.lowerBound([1], true);
  assert_array_equals(lower.lower, [1]);
  assert_equals(lower.upper, undefined);
  assert_true(lower.lowerOpen);
  assert_true(lower.upperOpen);
  const upper = IDBKeyRange.upperBound(new Date(5));
  assert_equals(upper.upper.getTime(), 5);
  assert_equals(upper.lower, undefined);
  assert_true(upper.lowerOpen);
  assert_false(upper.upperOpen);
  assert_throws_dom('DataError', () => IDBKeyRange.bound(2, 1));
  assert_throws_dom('DataError', () => IDBKeyRange.bound('a', 1));
  IDBKeyRange.bound(1, 1, true, true);
}, 'key ranges have their bounds');

test(() => {
  const range = IDBKeyRange.bound(5, 10, true, false);
  assert_array_equals(
      [4, 5, 5.1, 10, 11, 'a'].map(key => range.includes(key)),
      [false, false, true, true, false, false]);
  assert_true(IDBKeyRange.lowerBound(1).includes('a'));
  assert_false(IDBKeyRange.upperBound(1, true).includes(1));
  assert_throws_dom('DataError', () => range.includes({}));
  assert_throws_js(TypeError, () => range.includes());
}, 'includes() tells what is in a range');

test(() => {
  const keys = [5, 'a\0b', [1, ['x', new Date(3)]], '\ud800'];
  for (const key of keys) assert_equals(indexedDB.cmp(IDBKeyRange.only(key).lower, key), 0);
  const binary = IDBKeyRange.only(new Uint8Array([0, 1, 0, 255])).lower;
  assert_true(binary instanceof ArrayBuffer);
  assert_array_equals(new Uint8Array(binary), [0, 1, 0, 255]);
}, 'keys come back as values');

test(() => {
  assert_equals(indexedDB, self.indexedDB);
  assert_true(indexedDB instanceof IDBFactory);
  assert_throws_js(TypeError, () => new IDBFactory());
}, 'indexedDB is the same object');
