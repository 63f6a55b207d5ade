// SPDX-License-Identifier: MIT
// Spec: Fetch#body-mixin
'use strict';

const makers = {
  Request: (body, headers) => new Request('/', {method: 'POST', body, headers, duplex: 'half'}),
  Response: (body, headers) => new Response(body, {headers}),
};
const bytes = (...values) => new Uint8Array(values);
const streamOf = (...chunks) => new ReadableStream({
  start(controller) {
    chunks.forEach((chunk) => controller.enqueue(chunk));
    controller.close();
  },
});

for (const [what, make] of Object.entries(makers)) {
  promise_test(async (t) => {
    assert_equals(await make().text(), '');
    assert_equals((await make().arrayBuffer()).byteLength, 0);
    assert_equals((await make().bytes()).length, 0);
    assert_equals((await make().blob()).size, 0);
    await promise_rejects_js(t, SyntaxError, make().json());
    await promise_rejects_js(t, TypeError, make().formData());
    const empty = make();
    await empty.text();
    assert_false(empty.bodyUsed);
    assert_equals(await empty.text(), '', 'nothing can be read again');
    const text = make('');
    await text.text();
    assert_true(text.bodyUsed);
  }, `${what}: no body`);

  for (const [name, body] of Object.entries({
         text: '{"a":"\u00e9"}',
         Blob: new Blob(['{"a":"\u00e9"}']),
         bytes: new TextEncoder().encode('{"a":"\u00e9"}'),
         stream: () =>
             streamOf(new TextEncoder().encode('{"a":'), new TextEncoder().encode('"\u00e9"}')),
       }))
    promise_test(async (t) => {
      const fresh = () => make(typeof body === 'function' ? body() : body);
      assert_equals(await fresh().text(), '{"a":"\u00e9"}');
      assert_equals((await fresh().json()).a, '\u00e9');
      assert_equals((await fresh().arrayBuffer()).byteLength, 10);
      assert_true((await fresh().bytes()) instanceof Uint8Array);
      assert_equals((await fresh().blob()).size, 10);
      const object = fresh();
      const reading = object.text();
      assert_true(object.bodyUsed);
      await promise_rejects_js(t, TypeError, object.text());
      await reading;
      for (const method of ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'])
        await promise_rejects_js(t, TypeError, object[method](), method);
    }, `${what}: a body of ${name}`);

  for (const [input, output] of [
           [bytes(0xEF, 0xBB, 0xBF, 0x41), 'A'],
           [bytes(0xFE, 0xFF, 0x41), '\ufffd\ufffdA'],
           [bytes(0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF), '\ufeff'],
           [bytes(0xC3), '\ufffd'],
           [bytes(0xED, 0xA0, 0x80), '\ufffd\ufffd\ufffd'],
           [bytes(0xF0, 0x9F, 0x98, 0x80), '\u{1f600}'],
           [bytes(0xF0, 0x9F, 0x98), '\ufffd'],
           [bytes(0xE2, 0x28, 0xA1), '\ufffd(\ufffd'],
  ])
    promise_test(
        async () => assert_equals(await make(input).text(), output), `${what}: text of ${input}`);

  promise_test(async (t) => {
    assert_equals(await make('\ufeff{}').text(), '{}');
    assert_equals(typeof await make('\ufeff{}').json(), 'object');
    await promise_rejects_js(t, SyntaxError, make('{').json());
    assert_equals(
        (await make('x', {'Content-Type': 'TEXT/x; A="b"; a=c'}).blob()).type, 'text/x;a=b');
    assert_equals((await make('x', {'Content-Type': 'nonsense'}).blob()).type, '');
    assert_equals((await make('x').blob()).type, 'text/plain;charset=UTF-8');
    assert_equals((await make(new Blob(['x'], {type: 'a/b'})).blob()).type, 'a/b');
    assert_equals((await make(bytes(1)).blob()).type, '');
  }, `${what}: types and marks`);

  promise_test(async (t) => {
    for (const chunk of [undefined, null, 'text', 1, new ArrayBuffer(1), new Uint16Array(1), {}])
      await promise_rejects_js(t, TypeError, make(streamOf(chunk)).text(), format_value(chunk));
    const error = new Error('mine');
    for (const method of ['text', 'json', 'arrayBuffer', 'bytes', 'blob'])
      for (const source
               of [{start: (c) => c.error(error)}, {pull: (c) => c.error(error)}, {
                 pull() {
                   throw error;
                 }
               },
                   {pull: () => Promise.reject(error)}])
        await promise_rejects_exactly(t, error, make(new ReadableStream(source))[method]());
  }, `${what}: streams that fail`);

  promise_test(async (t) => {
    const locked = make('x');
    const reader = locked.body.getReader();
    assert_false(locked.bodyUsed);
    await promise_rejects_js(t, TypeError, locked.text());
    reader.releaseLock();
    assert_equals(await locked.text(), 'x');
    const read = make('x');
    const other = read.body.getReader();
    await other.read();
    assert_true(read.bodyUsed);
    other.releaseLock();
    await promise_rejects_js(t, TypeError, read.text());
    const cancelled = make('x');
    await cancelled.body.cancel();
    assert_true(cancelled.bodyUsed);
    await promise_rejects_js(t, TypeError, cancelled.text());
    const consumed = make('x');
    const reading = consumed.text();
    assert_true(consumed.body.locked);
    assert_throws_js(TypeError, () => consumed.body.getReader());
    await reading;
    const used = new ReadableStream();
    used.getReader();
    assert_throws_js(TypeError, () => make(used));
  }, `${what}: locked and disturbed bodies`);

  promise_test(async () => {
    const form = new FormData();
    form.append('a', 'b\r\nc\nd');
    form.append('f', new File([bytes(0, 1, 13, 10)], 'n"a\nme', {type: 'x/y'}));
    form.append('\u00e9"\n', '');
    const parsed = await make(form).formData();
    const entries = [...parsed];
    assert_equals(entries.length, 3);
    assert_array_equals(entries[0], ['a', 'b\r\nc\r\nd']);
    assert_equals(entries[1][1].name, 'n"a\nme');
    assert_equals(entries[1][1].type, 'x/y');
    assert_array_equals(await entries[1][1].bytes(), [0, 1, 13, 10]);
    assert_equals(entries[2][0], '\u00e9"\r\n');
    assert_array_equals([...await make(new FormData()).formData()], []);
  }, `${what}: a form there and back`);

  promise_test(async () => {
    const parsed = await make(new URLSearchParams([['a', 'b c&'], ['\u00e9', '+']])).formData();
    assert_array_equals([...parsed].flat(), ['a', 'b c&', '\u00e9', '+']);
    const raw = await make('a=1&b=%FF&a&=x', {
                  'Content-Type': 'APPLICATION/x-www-form-urlencoded; x'
                }).formData();
    assert_array_equals([...raw].flat(), ['a', '1', 'b', '\ufffd', 'a', '', '', 'x']);
    const none = await make('', {'content-type': 'application/x-www-form-urlencoded'}).formData();
    assert_array_equals([...none], []);
  }, `${what}: an urlencoded form`);

  promise_test(async (t) => {
    const type = {'Content-Type': 'Multipart/Form-Data; boundary="--x y"'};
    const body = '----x y\r\nCONTENT-disposition: form-data;name="a"\r\n\r\n1\r\n' +
        '----x y\r\ncontent-TYPE: text/q\r\n' +
        'Content-Disposition: form-data; name="b"; filename="f"\r\n\r\n2\r\n----x y--';
    const parsed = await make(body, type).formData();
    assert_equals(parsed.get('a'), '1');
    assert_equals(parsed.get('b').type, 'text/q');
    const untyped =
        await make(
            '--z\r\nContent-Disposition: form-data; name="b"; filename="f"\r\n\r\n\r\n--z--\r\n',
            {'Content-Type': 'multipart/form-data; boundary=z'})
            .formData();
    assert_equals(untyped.get('b').type, 'text/plain');
    for (const [bad, header] of [
             ['', 'multipart/form-data; boundary=x'],
             ['--x', 'multipart/form-data; boundary=x'],
             ['--x\r\n\r\n\r\n--x--', 'multipart/form-data; boundary=x'],
             [
               '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
               'multipart/form-data; boundary=x'
             ],
             ['--x--', 'multipart/form-data'],
             ['a=b', 'text/plain'],
             ['x', 'multipart/mixed; boundary=x'],
    ])
      await promise_rejects_js(
          t, TypeError, make(bad, {'Content-Type': header}).formData(), bad + header);
  }, `${what}: multipart forms of others`);

  promise_test(async (t) => {
    for (const method of ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'])
      await promise_rejects_js(t, TypeError, self[what].prototype[method].call({}));
    for (const name of ['body', 'bodyUsed'])
      assert_throws_js(TypeError, () => self[what].prototype[name]);
  }, `${what}: methods reject foreign objects`);
}
