// SPDX-License-Identifier: MIT
'use strict';

test(() => {
  const rs = new ReadableStream();
  assert_throws_js(TypeError, () => rs.getReader({mode: 'byob'}));
  assert_throws_js(TypeError, () => new ReadableStreamBYOBReader(rs));
  assert_throws_js(TypeError, () => rs.getReader({mode: 'default'}));
}, 'only byte streams have BYOB readers');

test(() => {
  assert_throws_js(RangeError, () => new ReadableStream({type: 'bytes'}, {size() { return 1; }}));
  assert_throws_js(RangeError, () => new ReadableStream({type: 'bytes'}, {highWaterMark: -1}));
  assert_throws_js(RangeError, () => new ReadableStream({type: 'bytes'}, {highWaterMark: NaN}));
  assert_throws_js(TypeError, () => new ReadableStream({type: 'bytes', autoAllocateChunkSize: 0}));
  assert_throws_js(TypeError, () => new ReadableStream({type: 'byte'}));
  let controller;
  new ReadableStream({type: {toString() { return 'bytes'; }}, start(c) { controller = c; }});
  assert_equals(controller.desiredSize, 0);
  assert_equals(controller.byobRequest, null);
}, 'arguments of a byte stream');

promise_test(async () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  controller.enqueue(bytes);
  assert_equals(bytes.byteLength, 0, 'view');
  assert_equals(bytes.length, 0, 'length');
  assert_equals(bytes[0], undefined, 'element');
  assert_equals(bytes.buffer.byteLength, 0, 'buffer');
  assert_throws_js(TypeError, () => controller.enqueue(bytes));
  const {value} = await rs.getReader().read();
  assert_array_equals(value, [1, 2, 3, 4]);
}, 'enqueue transfers the buffer');

promise_test(async () => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const reader = rs.getReader({mode: 'byob'});
  const view = new Uint16Array(4);
  const read = reader.read(view);
  assert_equals(view.byteLength, 0);
  const first = controller.byobRequest.view;
  assert_equals(first.constructor, Uint8Array);
  assert_equals(first.byteLength, 8);
  first[0] = 1;
  const request = controller.byobRequest;
  request.respond(1);
  assert_equals(request.view, null);
  assert_throws_js(TypeError, () => request.respond(1));
  const second = controller.byobRequest.view;
  assert_equals(second.byteOffset, 1);
  second[0] = 2;
  second[1] = 3;
  controller.byobRequest.respond(2);
  const {value, done} = await read;
  assert_false(done);
  assert_equals(value.constructor, Uint16Array);
  assert_array_equals(value, [0x0201]);
  assert_equals(value.buffer.byteLength, 8);
  const rest = await reader.read(new Uint8Array(4));
  assert_array_equals(rest.value, [3]);
}, 'a request is filled up to whole elements, and the rest stays in the queue');

promise_test(async t => {
  const rs = new ReadableStream({type: 'bytes'});
  const reader = rs.getReader({mode: 'byob'});
  await promise_rejects_js(t, TypeError, reader.read(new Uint8Array(0)));
  await promise_rejects_js(t, TypeError, reader.read(new Uint8Array(1), {min: 0}));
  await promise_rejects_js(t, TypeError, reader.read(new Uint8Array(1), {min: -1}));
  await promise_rejects_js(t, RangeError, reader.read(new Uint8Array(1), {min: 2}));
  await promise_rejects_js(t, RangeError, reader.read(new Uint16Array(2), {min: 3}));
  await promise_rejects_js(t, TypeError, reader.read(new ArrayBuffer(1)));
  await promise_rejects_js(t, TypeError, reader.read());
  reader.releaseLock();
  await promise_rejects_js(t, TypeError, reader.read(new Uint8Array(1)));
}, 'arguments of read(view)');

promise_test(async () => {
  let pulls = 0;
  const rs = new ReadableStream({
    type: 'bytes',
    pull(c) {
      pulls++;
      c.byobRequest.view[0] = pulls;
      c.byobRequest.respond(1);
    },
  });
  const reader = rs.getReader({mode: 'byob'});
  const {value} = await reader.read(new Uint8Array(4), {min: 3});
  assert_array_equals(value, [1, 2, 3]);
  assert_equals(pulls, 3);
}, 'read with min waits for as many elements');

promise_test(async () => {
  const rs = new ReadableStream({
    type: 'bytes',
    start(c) {
      c.enqueue(new Uint8Array([1, 2]));
      c.close();
    },
  });
  const reader = rs.getReader({mode: 'byob'});
  const one = await reader.read(new Uint8Array(4));
  assert_array_equals(one.value, [1, 2]);
  const two = await reader.read(new Uint8Array(4));
  assert_true(two.done);
  assert_equals(two.value.byteLength, 0);
  assert_equals(two.value.buffer.byteLength, 4);
}, 'a closed stream gives the buffer back');

promise_test(async () => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const reader = rs.getReader({mode: 'byob'});
  const read = reader.read(new Uint8Array(4));
  controller.close();
  controller.byobRequest.respond(0);
  const {value, done} = await read;
  assert_true(done);
  assert_equals(value.byteLength, 0);
}, 'close with a request that waits');

promise_test(async () => {
  const rs = new ReadableStream({type: 'bytes'});
  const reader = rs.getReader({mode: 'byob'});
  const read = reader.read(new Uint8Array(4));
  await reader.cancel();
  assert_object_equals(await read, {value: undefined, done: true});
}, 'cancel ends a request without its buffer');

promise_test(async t => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  let reader = rs.getReader({mode: 'byob'});
  const lost = reader.read(new Uint8Array(3));
  reader.releaseLock();
  await promise_rejects_js(t, TypeError, lost);
  reader = rs.getReader({mode: 'byob'});
  const read = reader.read(new Uint8Array(3));
  controller.byobRequest.view.set([7, 8]);
  controller.byobRequest.respond(2);
  assert_array_equals((await read).value, [7, 8]);
}, 'bytes for a reader that was released go to the next');

promise_test(async t => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const reader = rs.getReader({mode: 'byob'});
  const read = reader.read(new Uint16Array(1));
  controller.enqueue(new Uint8Array([1]));
  assert_throws_js(TypeError, () => controller.close());
  await promise_rejects_js(t, TypeError, read);
  await promise_rejects_js(t, TypeError, reader.closed);
}, 'a stream cannot end in the middle of an element');

promise_test(async () => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const reader = rs.getReader({mode: 'byob'});
  const read = reader.read(new Uint8Array(4));
  const request = controller.byobRequest;
  const view = new Uint8Array(request.view.buffer, 0, 2);
  view.set([5, 6]);
  request.respondWithNewView(view);
  assert_array_equals((await read).value, [5, 6]);
  const again = reader.read(new Uint8Array(4));
  assert_throws_js(RangeError,
                   () => controller.byobRequest.respondWithNewView(new Uint8Array(5)));
  assert_throws_js(TypeError, () => controller.byobRequest.respondWithNewView(new Uint8Array(0)));
  assert_throws_js(RangeError, () => controller.byobRequest.respond(5));
  controller.byobRequest.view.buffer.transfer?.();
  controller.error('end');
  await again.catch(() => {});
}, 'respondWithNewView');

promise_test(async () => {
  const rs = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: 8,
    pull(c) {
      assert_equals(c.byobRequest.view.byteLength, 8);
      c.byobRequest.view[0] = 9;
      c.byobRequest.respond(1);
    },
  });
  const {value} = await rs.getReader().read();
  assert_array_equals(value, [9]);
  assert_equals(value.buffer.byteLength, 8);
}, 'a buffer is allocated for a default reader');

promise_test(async () => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const [one, two] = rs.tee();
  const first = one.getReader({mode: 'byob'});
  const second = two.getReader({mode: 'byob'});
  const reads = [first.read(new Uint8Array(4)), second.read(new Uint8Array(2))];
  await Promise.resolve();
  controller.byobRequest.view.set([1, 2, 3]);
  controller.byobRequest.respond(3);
  const results = await Promise.all(reads);
  assert_array_equals(results[0].value, [1, 2, 3]);
  assert_array_equals(results[1].value, [1, 2]);
  assert_not_equals(results[0].value.buffer, results[1].value.buffer);
  assert_array_equals((await second.read(new Uint8Array(2))).value, [3]);
}, 'tee reads into the buffer of one branch and copies for the other');

promise_test(async () => {
  let controller;
  const rs = new ReadableStream({type: 'bytes', start(c) { controller = c; }});
  const [one, two] = rs.tee();
  const a = one.getReader({mode: 'byob'}).read(new Uint8Array(1));
  const b = two.getReader().read();
  controller.close();
  controller.byobRequest?.respond(0);
  assert_true((await a).done);
  assert_true((await b).done);
}, 'closing a stream closes both branches');
