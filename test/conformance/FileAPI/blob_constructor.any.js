// SPDX-License-Identifier: MIT
// As the FileAPI specification has it (constructorBlob).
'use strict';

const bytesOf = async (blob) => [...new Uint8Array(await blob.arrayBuffer())];

test(() => {
  assert_equals(Blob.length, 0);
  assert_throws_js(TypeError, () => Blob());
  assert_equals(new Blob().size, 0);
  assert_equals(new Blob().type, '');
  assert_equals(new Blob(undefined).size, 0);
  assert_equals(String(new Blob()), '[object Blob]');
}, 'a blob without parts is empty');

test(() => {
  for (const parts
           of [null, true, false, 0, 1.5, 'text', Symbol.iterator, new Date(), /x/, {},
               {0: 'a', length: 1}, () => {}])
    assert_throws_js(TypeError, () => new Blob(parts), format_value(parts));
}, 'parts have to be a sequence');

promise_test(async () => {
  const parts = {
    [Symbol.iterator]: function*() {
      yield 'one';
      yield {toString: () => 'two'};
      yield 3;
    },
  };
  assert_equals(await new Blob(parts).text(), 'onetwo3');
  assert_equals(await new Blob(new Set(['x', 'y'])).text(), 'xy');
  assert_equals(await new Blob(new Uint8Array([1, 25])).text(), '125');
  assert_equals(await new Blob(new String('abc')).text(), 'abc');
  assert_equals(await new Blob([null, undefined, 1.5, []]).text(), 'nullundefined1.5');
}, 'any iterable of anything makes a blob');

promise_test(async () => {
  const buffer = new Uint8Array([0, 1, 2, 255, 4]).buffer;
  assert_array_equals(
      await bytesOf(new Blob([buffer, new Uint8Array(buffer, 3, 1)])), [0, 1, 2, 255, 4, 255]);
  assert_array_equals(await bytesOf(new Blob([new DataView(buffer, 1, 2)])), [1, 2]);
  assert_array_equals(await bytesOf(new Blob([new Uint16Array([0x102])])), [2, 1]);
  assert_array_equals(
      await bytesOf(new Blob([new Blob([buffer.slice(1)]), 'é\ud800'])),
      [1, 2, 255, 4, 0xC3, 0xA9, 0xEF, 0xBF, 0xBD]);
}, 'parts are bytes, blobs and text');

promise_test(async () => {
  const view = new Uint8Array([1, 2]);
  const blob = new Blob([view]);
  view[0] = 9;
  assert_array_equals(await bytesOf(blob), [1, 2]);
}, 'a blob does not see later changes of its parts');

test(() => {
  const log = [];
  const options = {};
  for (const name of ['type', 'endings'])
    Object.defineProperty(options, name, {
      get: () => {
        log.push(name);
        return undefined;
      }
    });
  new Blob(
      [{
        toString: () => {
          log.push('part');
          return '';
        }
      }],
      options);
  assert_array_equals(log, ['part', 'endings', 'type']);
}, 'arguments are converted from left to right, options in lexicographic order');

test(() => {
  assert_throws_js(TypeError, () => new Blob([Symbol()]));
  assert_throws_js(TypeError, () => new Blob([], {type: Symbol()}));
  const error = new RangeError('mine');
  assert_throws_exactly(error, () => new Blob([{
                                 toString: () => {
                                   throw error;
                                 }
                               }]));
  assert_throws_exactly(error, () => new Blob([], {
                                 get type() {
                                   throw error;
                                 }
                               }));
  assert_throws_exactly(error, () => new Blob({
                                 get[Symbol.iterator]() {
                                   throw error;
                                 }
                               }));
}, 'what conversions throw comes out');

for (const options of [1, 'x', true, Symbol()])
  test(
      () => assert_throws_js(TypeError, () => new Blob([], options)),
      `options cannot be ${typeof options}`);

test(() => {
  for (const options of [undefined, null, {}, [], /x/, () => {}, {unrecognized: true}])
    assert_equals(new Blob([], options).type, '', format_value(options));
}, 'options can be any object');

for (const [given, type] of [
         ['', ''],
         ['A', 'a'],
         ['text/HTML', 'text/html'],
         ['te(xt/plain', 'te(xt/plain'],
         ['\0', ''],
         ['a\x7f', ''],
         ['é', ''],
         ['\u212a', ''],
         ['a\tb', ''],
         [null, 'null'],
         [undefined, ''],
         [12, '12'],
         ['text/plain;charset=UTF-8', 'text/plain;charset=utf-8'],
])
  test(
      () => assert_equals(new Blob([], {type: given}).type, type),
      `type ${format_value(given)} becomes ${format_value(type)}`);

for (const endings of [null, '', 'invalidEnumValue', 'Transparent', 'NATIVE', 0, {}])
  test(
      () => assert_throws_js(TypeError, () => new Blob([], {endings})),
      `endings cannot be ${format_value(endings)}`);

promise_test(async () => {
  const text = 'a\r\nb\rc\nd\r\n\r';
  assert_equals(await new Blob([text], {endings: 'transparent'}).text(), text);
  assert_equals(await new Blob([text], {endings: 'native'}).text(), 'a\nb\nc\nd\n\n');
  assert_equals(await new Blob([new Blob(['x\r\n'])], {endings: 'native'}).text(), 'x\r\n');
}, 'native endings change text and nothing else');
