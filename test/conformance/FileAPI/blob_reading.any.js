// SPDX-License-Identifier: MIT
// As the FileAPI specification has it (slice-method-algo).
'use strict';

const content = 'PASSSTRING';

for (const [args, expected] of [
         [[], content],
         [[undefined, undefined], content],
         [[0], content],
         [[4], 'STRING'],
         [[-6], 'STRING'],
         [[-100], content],
         [[0, 4], 'PASS'],
         [[0, -6], 'PASS'],
         [[4, 2], ''],
         [[100], ''],
         [[0, 100], content],
         [[-3, -1], 'IN'],
         [[NaN, 4], 'PASS'],
         [['4', '6'], 'ST'],
         [[null, null], ''],
         [[0, undefined], content],
         [[1.5, 3], 'S'],
         [[0.5, 1.5], 'PA'],
         [[2.5, 3.5], 'SS'],
         [[-Infinity, Infinity], content],
         [[2 ** 53, 2 ** 60], ''],
])
  promise_test(async () => {
    const blob = new Blob([content]).slice(...args);
    assert_equals(await blob.text(), expected);
    assert_equals(blob.size, expected.length);
    assert_equals(blob.type, '');
  }, `slice(${args.map(format_value).join(', ')})`);

test(() => {
  const blob = new Blob(['x'], {type: 'text/plain'});
  assert_equals(blob.slice(0, 1).type, '');
  assert_equals(blob.slice(0, 1, 'Text/A').type, 'text/a');
  assert_equals(blob.slice(0, 1, 'te\x09xt').type, '');
  assert_equals(blob.slice(0, 1, null).type, 'null');
  assert_equals(blob.slice(0, 1, undefined).type, '');
  assert_throws_js(TypeError, () => blob.slice(0, 1, Symbol()));
  assert_false(new File(['x'], 'name').slice() instanceof File);
}, 'a slice has the type it is given');

promise_test(async (t) => {
  const blob = new Blob(['caf\u00e9 \ud83d\ude00']);
  assert_equals(await blob.text(), 'caf\u00e9 \ud83d\ude00');
  const buffer = await blob.arrayBuffer();
  assert_true(buffer instanceof ArrayBuffer);
  const bytes = await blob.bytes();
  assert_true(bytes instanceof Uint8Array);
  assert_array_equals(bytes, new Uint8Array(buffer));
  bytes.fill(0);
  assert_equals(await blob.text(), 'caf\u00e9 \ud83d\ude00', 'what is read is a copy');
  assert_equals(await new Blob(['\ufeffx']).text(), 'x');
  assert_equals(await new Blob([new Uint8Array([0xFF, 0x41])]).text(), '\ufffdA');
  for (const name of ['text', 'arrayBuffer', 'bytes'])
    await promise_rejects_js(t, TypeError, Blob.prototype[name].call({}));
}, 'text(), arrayBuffer() and bytes()');

promise_test(async () => {
  const reader = new Blob(['abc']).stream().getReader();
  const parts = [];
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    assert_true(step.value instanceof Uint8Array);
    parts.push(...step.value);
  }
  assert_array_equals(parts, [97, 98, 99]);
  assert_true((await new Blob().stream().getReader().read()).done);
}, 'stream()');

promise_test(async () => {
  const reader = new Blob(['abcdef']).stream().getReader({mode: 'byob'});
  const first = await reader.read(new Uint8Array(4));
  assert_array_equals(first.value, [97, 98, 99, 100]);
  const second = await reader.read(new Uint8Array(4));
  assert_array_equals(second.value, [101, 102]);
  assert_true((await reader.read(new Uint8Array(4))).done);
}, 'stream() is a byte stream');

test(() => {
  assert_throws_js(TypeError, () => File([], 'x'));
  assert_throws_js(TypeError, () => new File());
  assert_throws_js(TypeError, () => new File([]));
  assert_throws_js(TypeError, () => new File(undefined, 'x'));
  assert_throws_js(TypeError, () => new File('text', 'x'));
  assert_throws_js(TypeError, () => new File([], Symbol()));
  assert_equals(File.length, 2);
  const file = new File(['bits'], 'a/b\ud800', {type: 'TEXT/x', lastModified: 42.9});
  assert_equals(file.name, 'a/b\ufffd');
  assert_equals(file.type, 'text/x');
  assert_equals(file.size, 4);
  assert_equals(file.lastModified, 42);
  assert_true(file instanceof Blob);
  assert_equals(new File([], 'x', {lastModified: new Date(7)}).lastModified, 7);
  assert_equals(new File([], 'x', {lastModified: null}).lastModified, 0);
  assert_equals(new File([], 'x', {lastModified: NaN}).lastModified, 0);
  assert_equals(new File([], null).name, 'null');
  const before = Date.now();
  assert_between_inclusive(new File([], 'x').lastModified, before, Date.now());
  assert_throws_js(TypeError, () => new File([], 'x', 'options'));
}, 'the constructor of File');

test(() => {
  assert_throws_js(TypeError, () => new FileList());
  assert_throws_js(TypeError, () => FileList.prototype.item.call(new Blob(), 0));
}, 'FileList is an interface that nobody can construct');
