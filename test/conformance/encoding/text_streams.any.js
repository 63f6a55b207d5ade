// SPDX-License-Identifier: MIT
// Spec: Encoding#interface-textdecoderstream
'use strict';

async function through(transform, chunks) {
  const writer = transform.writable.getWriter();
  const writing = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  writing.catch(() => {});
  const result = [];
  const reader = transform.readable.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read())
    result.push(step.value);
  await writing;
  return result;
}

const bytes = (...values) => new Uint8Array(values);

for (const chunk of [undefined, null, 3.14, {}, [65], 'text'])
  promise_test(async (t) => {
    const stream = new TextDecoderStream();
    const reader = stream.readable.getReader();
    const writer = stream.writable.getWriter();
    const writing = promise_rejects_js(t, TypeError, writer.write(chunk), 'write');
    await promise_rejects_js(t, TypeError, reader.read(), 'read');
    await promise_rejects_js(t, TypeError, reader.closed);
    await promise_rejects_js(t, TypeError, writer.closed);
    await writing;
  }, `a chunk to decode cannot be ${format_value(chunk)}`);

promise_test(async (t) => {
  assert_equals(
      (await through(new TextDecoderStream(), [bytes(0xF0, 0x9F), bytes(0x92, 0x99)])).join(),
      '\u{1f499}');
  assert_array_equals(
      await through(new TextDecoderStream(), [bytes(0xF0), bytes(), bytes(0x9F)]), ['\ufffd']);
  assert_array_equals(await through(new TextDecoderStream(), []), []);
  assert_array_equals(await through(new TextDecoderStream(), [bytes()]), []);
  assert_equals(
      (await through(new TextDecoderStream('utf-16be'), [bytes(0), bytes(0x41, 0)])).join(''),
      'A\ufffd');
  const fatal = () => new TextDecoderStream('utf-8', {fatal: true});
  await promise_rejects_js(t, TypeError, through(fatal(), [bytes(0xF0)]));
  await promise_rejects_js(t, TypeError, through(fatal(), [bytes(0xFF)]));
  assert_throws_js(RangeError, () => new TextDecoderStream('nonsense'));
}, 'decoding in pieces');

promise_test(async () => {
  for (const ignoreBOM of [true, false])
    for (let at = 0; at < 4; at++) {
      const all = [0xEF, 0xBB, 0xBF, 0x41];
      const chunks = [bytes(...all.slice(0, at)), bytes(...all.slice(at))];
      const text = (await through(new TextDecoderStream('utf-8', {ignoreBOM}), chunks)).join('');
      assert_equals(text, (ignoreBOM ? '\ufeff' : '') + 'A');
    }
}, 'marks in pieces');

promise_test(async (t) => {
  const encode = async (...chunks) => {
    const result = await through(new TextEncoderStream(), chunks);
    result.forEach((chunk) => {
      assert_true(chunk instanceof Uint8Array);
      assert_greater_than(chunk.length, 0);
    });
    return result.map((chunk) => [...chunk]).flat();
  };
  const utf8 = (text) => [...new TextEncoder().encode(text)];
  assert_array_equals(await encode('\ud83d', '\udc99'), utf8('\u{1f499}'));
  assert_array_equals(await encode('\ud83d', '', '\udc99'), utf8('\u{1f499}'));
  assert_array_equals(await encode('\ud83d'), utf8('\ufffd'));
  assert_array_equals(await encode('\udc99', '\ud83d'), utf8('\ufffd\ufffd'));
  assert_array_equals(await encode('a\ud83d', 'b'), utf8('a\ufffdb'));
  assert_array_equals(
      await encode('\ud83d\udc99\ud83d', '\udc99\ud83d'), utf8('\u{1f499}\u{1f499}\ufffd'));
  assert_array_equals(
      await encode('', undefined, 1, null, {}), utf8('undefined1null[object Object]'));
  await promise_rejects_js(t, TypeError, through(new TextEncoderStream(), [Symbol()]));
  const error = new Error('mine');
  await promise_rejects_exactly(t, error, through(new TextEncoderStream(), [{
                                                    toString() {
                                                      throw error;
                                                    }
                                                  }]));
}, 'encoding in pieces');
