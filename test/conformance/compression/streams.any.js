// SPDX-License-Identifier: MIT
// As the Compression specification has it.
'use strict';

const formats = ['deflate', 'deflate-raw', 'gzip'];

async function through(transform, chunks) {
  const writer = transform.writable.getWriter();
  const writing = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  writing.catch(() => {});
  const result = [];
  const reader = transform.readable.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    assert_true(step.value instanceof Uint8Array);
    result.push(...step.value);
  }
  await writing;
  return new Uint8Array(result);
}

const text = new TextEncoder().encode('expected output');
const deflated = new Uint8Array(
    [120, 156, 75, 173, 40, 72, 77, 46, 73, 77, 81, 200, 47, 45, 41, 40, 45, 1, 0, 48, 173, 6, 36]);
const samples = {
  'deflate': deflated,
  'deflate-raw': deflated.slice(2, -4),
  'gzip': new Uint8Array(
      [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, ...deflated.slice(2, -4), 176, 1, 57, 179, 15, 0, 0, 0]),
};
const decompress = (format, ...chunks) => through(new DecompressionStream(format), chunks);

for (const name of ['CompressionStream', 'DecompressionStream']) {
  test(() => {
    for (const format of ['a', '', undefined, null, 'GZIP', 'zlib', {}])
      assert_throws_js(TypeError, () => new self[name](format), format_value(format));
    assert_throws_js(TypeError, () => new self[name]());
    assert_throws_js(TypeError, () => self[name]('gzip'));
    assert_throws_exactly(3, () => new self[name]({
                               toString() {
                                 throw 3;
                               }
                             }));
    const stream = new self[name]({toString: () => 'gzip'});
    assert_true(stream.readable instanceof ReadableStream);
    assert_true(stream.writable instanceof WritableStream);
    assert_equals(stream.readable, stream.readable);
  }, `${name}: the constructor`);

  for (const format of formats)
    for (const chunk of [undefined, null, 3.14, {}, [65], 'text'])
      promise_test(async (t) => {
        const stream = new self[name](format);
        const reader = stream.readable.getReader();
        const writer = stream.writable.getWriter();
        const writing = promise_rejects_js(t, TypeError, writer.write(chunk), 'write');
        await promise_rejects_js(t, TypeError, reader.read(), 'read');
        await writing;
        await promise_rejects_js(t, TypeError, reader.closed, 'closed');
      }, `${name}: ${format} refuses a chunk ${format_value(chunk)}`);
}

for (const format of formats) {
  promise_test(async () => {
    for (const chunks of [[], [''], ['Hello', '', 'Hello'], ['x'.repeat(100000)]]) {
      const input = chunks.map((chunk) => new TextEncoder().encode(chunk));
      const packed = await through(new CompressionStream(format), input);
      assert_equals(new TextDecoder().decode(await decompress(format, packed)), chunks.join(''));
    }
    const packed = await through(new CompressionStream(format), [new Uint8Array(100000)]);
    assert_less_than(packed.length, 1000);
  }, `${format}: there and back`);

  promise_test(async () => {
    const sample = samples[format];
    for (let size = 1; size < 16; size++) {
      const chunks = [];
      for (let at = 0; at < sample.length; at += size) chunks.push(sample.slice(at, at + size));
      assert_array_equals(await decompress(format, ...chunks), text);
    }
    const view = new Uint8Array([...sample, 0]).subarray(0, sample.length);
    assert_array_equals(await decompress(format, new Uint8Array(), view), text);
    assert_array_equals(await decompress(format, sample.slice().buffer), text);
    assert_array_equals(
        await decompress(format, new DataView(sample.buffer, sample.byteOffset, sample.byteLength)),
        text);
  }, `${format}: split chunks and kinds of bytes`);

  promise_test(async (t) => {
    const sample = samples[format];
    await promise_rejects_js(t, TypeError, decompress(format, sample.slice(0, -1)), 'cut');
    await promise_rejects_js(
        t, TypeError, decompress(format, new Uint8Array([...sample, 0])), 'junk');
    await promise_rejects_js(
        t, TypeError, decompress(format, sample, new Uint8Array(1)), 'more junk');
    await promise_rejects_js(t, TypeError, decompress(format), 'nothing');
    await promise_rejects_js(t, TypeError, decompress(format, new Uint8Array([255, 255, 255])));
    const late = new DecompressionStream(format);
    const writer = late.writable.getWriter();
    writer.write(sample).catch(() => {});
    writer.write(new Uint8Array(1)).catch(() => {});
    const reader = late.readable.getReader();
    assert_array_equals((await reader.read()).value, text, 'what came before the junk is read');
    await promise_rejects_js(t, TypeError, reader.read());
  }, `${format}: damaged input`);
}

for (const [format, at, value] of [
         ['deflate', 0, 0],
         ['deflate', 1, 157],
         ['deflate', -1, 0],
         ['deflate', 1, 0xBC],
         ['gzip', 0, 255],
         ['gzip', 1, 255],
         ['gzip', 2, 0],
         ['gzip', -8, 3],
         ['gzip', -4, 1],
         ['gzip', 3, 2],
])
  promise_test(async (t) => {
    const sample = samples[format].slice();
    sample[at < 0 ? sample.length + at : at] = value;
    await promise_rejects_js(t, TypeError, decompress(format, sample));
  }, `${format}: byte ${at} cannot be ${value}`);

promise_test(async () => {
  for (const [at, value] of [[4, 255], [8, 255], [9, 255]]) {
    const sample = samples.gzip.slice();
    sample[at] = value;
    assert_array_equals(await decompress('gzip', sample), text);
  }
}, 'gzip: time, flags of the compressor and system do not matter');
