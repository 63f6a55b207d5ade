// SPDX-License-Identifier: MIT
// As the FileAPI specification has it (reading-data-section).
'use strict';

function eventsOf(reader) {
  const log = [];
  for (const type of ['loadstart', 'progress', 'abort', 'error', 'load', 'loadend'])
    reader.addEventListener(type, (event) => log.push(event.type));
  return log;
}

const ended = (reader) => new Promise((resolve) => {
  reader.onloadend = resolve;
});

promise_test(async () => {
  const reader = new FileReader();
  const log = eventsOf(reader);
  assert_equals(reader.readyState, FileReader.EMPTY);
  assert_equals(reader.result, null);
  reader.readAsText(new Blob(['text']));
  assert_equals(reader.readyState, FileReader.LOADING);
  assert_equals(reader.result, null);
  assert_array_equals(log, []);
  const event = await ended(reader);
  assert_true(event instanceof ProgressEvent);
  assert_equals(event.target, reader);
  assert_false(event.bubbles);
  assert_false(event.cancelable);
  assert_equals(event.loaded, 4);
  assert_equals(event.total, 4);
  assert_true(event.lengthComputable);
  assert_array_equals(log, ['loadstart', 'progress', 'load', 'loadend']);
  assert_equals(reader.readyState, reader.DONE);
  assert_equals(reader.result, 'text');
  assert_equals(reader.error, null);
}, 'the events of a read');

promise_test(async () => {
  const reader = new FileReader();
  const log = eventsOf(reader);
  reader.readAsArrayBuffer(new Blob());
  await ended(reader);
  assert_array_equals(log, ['loadstart', 'load', 'loadend']);
  assert_equals(reader.result.byteLength, 0);
}, 'an empty blob has no progress');

for (const [name, check] of [
         [
           'readAsArrayBuffer',
           (result) => {
             assert_true(result instanceof ArrayBuffer);
             assert_array_equals(new Uint8Array(result), [0xE2, 0x98, 0x83]);
           }
         ],
         ['readAsBinaryString', (result) => assert_equals(result, '\u00e2\u0098\u0083')],
         ['readAsText', (result) => assert_equals(result, '\u2603')],
         ['readAsDataURL', (result) => assert_equals(result, 'data:text/x;base64,4piD')],
]) {
  promise_test(async () => {
    const reader = new FileReader();
    reader[name](new Blob(['\u2603'], {type: 'text/x'}));
    await ended(reader);
    check(reader.result);
  }, `FileReader.${name}()`);
  test(() => {
    assert_throws_js(TypeError, () => new FileReader()[name]());
    assert_throws_js(TypeError, () => new FileReader()[name]({}));
    const reader = new FileReader();
    reader[name](new Blob(['a']));
    assert_throws_dom('InvalidStateError', () => reader[name](new Blob(['b'])));
    assert_equals(reader.readyState, FileReader.LOADING);
    reader.abort();
  }, `what FileReader.${name}() refuses`);
}

for (const [bytes, type, label, expected] of [
         [[0xE9], '', 'windows-1252', '\u00e9'],
         [[0xE9], 'text/plain;charset=windows-1252', undefined, '\u00e9'],
         [[0xE9], 'text/plain;charset="ISO-8859-1"', undefined, '\u00e9'],
         [[0xC3, 0xA9], 'text/plain;charset=nonsense', undefined, '\u00e9'],
         [[0xC3, 0xA9], '', 'nonsense', '\u00e9'],
         [[0xFE, 0xFF, 0x00, 0x41], '', undefined, 'A'],
         [[0xFF, 0xFE, 0x41, 0x00], '', 'windows-1252', 'A'],
         [[0xEF, 0xBB, 0xBF, 0x41], '', 'utf-16be', 'A'],
])
  promise_test(async () => {
    const reader = new FileReader();
    reader.readAsText(new Blob([new Uint8Array(bytes)], {type}), label);
    await ended(reader);
    assert_equals(reader.result, expected);
  }, `text of ${bytes} as ${label} of "${type}"`);

promise_test(async () => {
  const reader = new FileReader();
  const log = eventsOf(reader);
  reader.abort();
  assert_array_equals(log, []);
  reader.readAsText(new Blob(['x']));
  reader.abort();
  assert_array_equals(log, ['abort', 'loadend']);
  assert_equals(reader.readyState, FileReader.DONE);
  assert_equals(reader.result, null);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert_array_equals(log, ['abort', 'loadend']);
  reader.readAsText(new Blob(['again']));
  await ended(reader);
  assert_equals(reader.result, 'again');
}, 'abort() ends a read at once');

promise_test(async () => {
  const reader = new FileReader();
  const log = eventsOf(reader);
  reader.onload = () => {
    reader.onload = null;
    reader.readAsText(new Blob(['second']));
  };
  reader.readAsText(new Blob(['first']));
  await ended(reader);
  assert_array_equals(
      log, ['loadstart', 'progress', 'load', 'loadstart', 'progress', 'load', 'loadend']);
  assert_equals(reader.result, 'second');
}, 'a read that begins in the load event leaves out the end of the one before');

test(() => {
  assert_equals('FileReaderSync' in self, 'DedicatedWorkerGlobalScope' in self);
  assert_equals('createObjectURL' in URL, 'DedicatedWorkerGlobalScope' in self);
  if (!('FileReaderSync' in self)) return;
  const reader = new FileReaderSync();
  const blob = new Blob(['\u00e9'], {type: 'text/x'});
  assert_equals(reader.readAsText(blob), '\u00e9');
  assert_equals(reader.readAsText(blob, 'latin1'), '\u00c3\u00a9');
  assert_equals(reader.readAsBinaryString(blob), '\u00c3\u00a9');
  assert_equals(reader.readAsDataURL(blob), 'data:text/x;base64,w6k=');
  assert_equals(reader.readAsArrayBuffer(blob).byteLength, 2);
  assert_equals(reader.readAsDataURL(new Blob()), 'data:application/octet-stream;base64,');
  assert_throws_js(TypeError, () => reader.readAsText());
  assert_throws_js(TypeError, () => reader.readAsText('text'));
}, 'only dedicated workers read in place and make blob: URLs');
