// SPDX-License-Identifier: MIT
// Spec: Encoding#interface-textdecoder
'use strict';

const bytes = (...values) => new Uint8Array(values);

test(() => {
  assert_throws_js(TypeError, () => TextDecoder());
  assert_throws_js(RangeError, () => new TextDecoder('nonsense'));
  assert_throws_js(RangeError, () => new TextDecoder(''));
  assert_throws_js(RangeError, () => new TextDecoder('utf-8\0'));
  assert_throws_js(RangeError, () => new TextDecoder('\u00a0utf-8'));
  assert_throws_js(RangeError, () => new TextDecoder(null));
  assert_throws_js(TypeError, () => new TextDecoder(Symbol()));
  for (const label of ['replacement', 'hz-gb-2312', 'csiso2022kr', 'iso-2022-cn', 'iso-2022-kr'])
    assert_throws_js(RangeError, () => new TextDecoder(label), label);
  const decoder = new TextDecoder(undefined, {fatal: 1, ignoreBOM: 'x'});
  assert_equals(decoder.encoding, 'utf-8');
  assert_true(decoder.fatal);
  assert_true(decoder.ignoreBOM);
  assert_equals(new TextDecoder('\t\n\f\r UTF8 ').encoding, 'utf-8');
}, 'the constructor');

for (const [label, name] of Object.entries({
       'latin1': 'windows-1252',
       'ascii': 'windows-1252',
       'ISO-8859-1': 'windows-1252',
       'utf-16': 'utf-16le',
       'unicode': 'utf-16le',
       'unicodefffe': 'utf-16be',
       'sjis': 'shift_jis',
       'x-sjis': 'shift_jis',
       'gb2312': 'gbk',
       'big5-hkscs': 'big5',
       'ks_c_5601-1987': 'euc-kr',
       'x-user-defined': 'x-user-defined',
       'logical': 'iso-8859-8-i',
       'visual': 'iso-8859-8',
       'koi': 'koi8-r',
       'koi8-ru': 'koi8-u',
       'x-mac-ukrainian': 'x-mac-cyrillic',
       'tis-620': 'windows-874',
       'mac': 'macintosh',
       'dos-874': 'windows-874',
       'l9': 'iso-8859-15',
       'turkish': undefined,
     }))
  test(() => {
    if (name === undefined)
      assert_throws_js(RangeError, () => new TextDecoder(label));
    else
      assert_equals(new TextDecoder(label).encoding, name);
  }, `the label ${label}`);

for (const [label, input, output] of [
         ['utf-8', [0xFF], '\ufffd'],
         ['utf-8', [0xC0, 0x80], '\ufffd\ufffd'],
         ['utf-8', [0xE2, 0x98], '\ufffd'],
         ['utf-8', [0xF4, 0x90, 0x80, 0x80], '\ufffd\ufffd\ufffd\ufffd'],
         ['utf-8', [0xED, 0xA0, 0x80], '\ufffd\ufffd\ufffd'],
         ['utf-8', [0xF0, 0x9F, 0x92, 0x41], '\ufffdA'],
         ['utf-16le', [0x00, 0xD8], '\ufffd'],
         ['utf-16le', [0x00, 0xD8, 0x00, 0x00], '\ufffd\0'],
         ['utf-16le', [0x00, 0xDC], '\ufffd'],
         ['utf-16le', [0x41], '\ufffd'],
         ['utf-16be', [0xD8, 0x3D, 0xDE, 0x00], '\u{1f600}'],
         ['iso-2022-jp', [0x1B], '\ufffd'],
         ['iso-2022-jp', [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42, 0x41], '\u3042A'],
         ['gb18030', [0x81, 0x30, 0x81, 0x30], '\u0080'],
         ['gb18030', [0xFE, 0x39, 0xFE, 0x39], '\ufffd'],
         ['gb18030', [0x80], '\u20ac'],
         ['shift_jis', [0x82, 0xA0, 0xB1], '\u3042\uff71'],
         ['euc-jp', [0x8F, 0xA2, 0xC2], '\u00a1'],
         ['euc-kr', [0xB0, 0xA1], '\uac00'],
         ['big5', [0x88, 0x62], '\u00ca\u0304'],
         ['windows-1252', [0x80, 0x81], '\u20ac\u0081'],
         ['x-user-defined', [0x80, 0xFF, 0x41], '\uf780\uf7ffA'],
]) {
  test(() => {
    assert_equals(new TextDecoder(label).decode(bytes(...input)), output);
    const decoder = new TextDecoder(label);
    let text = '';
    for (const byte of input) text += decoder.decode(bytes(byte), {stream: true});
    assert_equals(text + decoder.decode(), output, 'byte by byte');
    if (output.includes('\ufffd'))
      assert_throws_js(
          TypeError, () => new TextDecoder(label, {fatal: true}).decode(bytes(...input)));
    else
      assert_equals(new TextDecoder(label, {fatal: true}).decode(bytes(...input)), output);
  }, `${label}: ${input.map((byte) => byte.toString(16))}`);
}

for (const [label, mark] of [
         ['utf-8', [0xEF, 0xBB, 0xBF]], ['utf-16le', [0xFF, 0xFE]], ['utf-16be', [0xFE, 0xFF]]])
  test(() => {
    const decoder = new TextDecoder(label);
    const keeping = new TextDecoder(label, {ignoreBOM: true});
    for (let i = 0; i < 2; i++) {
      assert_equals(decoder.decode(bytes(...mark)), '');
      assert_equals(keeping.decode(bytes(...mark)), '\ufeff');
      assert_equals(decoder.decode(bytes(...mark, ...mark)), '\ufeff');
    }
    let text = '';
    for (const byte of [...mark, ...mark]) text += decoder.decode(bytes(byte), {stream: true});
    assert_equals(text + decoder.decode(), '\ufeff');
  }, `the mark of ${label}`);

test(() => {
  const decoder = new TextDecoder();
  assert_equals(decoder.decode(), '');
  assert_equals(decoder.decode(undefined), '');
  assert_equals(decoder.decode(undefined, undefined), '');
  assert_equals(decoder.decode(undefined, {}), '');
  assert_equals(decoder.decode(bytes(0x41).buffer), 'A');
  assert_equals(decoder.decode(new DataView(bytes(0x41, 0x42).buffer, 1)), 'B');
  assert_equals(decoder.decode(new Uint16Array([0x4241])), 'AB');
  for (const input of [null, 'text', 1, {}, []])
    assert_throws_js(TypeError, () => decoder.decode(input), format_value(input));
  assert_throws_js(TypeError, () => decoder.decode(bytes(), 'options'));
  const fatal = new TextDecoder('utf-8', {fatal: true});
  assert_equals(fatal.decode(bytes(0xE2), {stream: true}), '');
  assert_throws_js(TypeError, () => fatal.decode());
  assert_equals(fatal.decode(bytes(0x41)), 'A', 'an error is not carried on');
}, 'the arguments of decode()');

test(() => {
  const encoder = new TextEncoder();
  assert_equals(encoder.encoding, 'utf-8');
  assert_equals(new TextEncoder('utf-16').encoding, 'utf-8');
  assert_array_equals(encoder.encode(), []);
  assert_array_equals(encoder.encode(undefined), []);
  assert_array_equals(encoder.encode(null), [...'null'].map((c) => c.charCodeAt(0)));
  assert_array_equals(
      encoder.encode('\u00e9\ud800\u{1f600}'),
      [0xC3, 0xA9, 0xEF, 0xBF, 0xBD, 0xF0, 0x9F, 0x98, 0x80]);
  assert_throws_js(TypeError, () => encoder.encode(Symbol()));
}, 'TextEncoder.encode()');

for (const [source, room, read, written] of [
         ['Hi', 0, 0, 0],
         ['Hi', 1, 1, 1],
         ['Hi', 10, 2, 2],
         ['\u0100', 1, 0, 0],
         ['A\u0100', 2, 1, 1],
         ['\u{1d306}A', 3, 0, 0],
         ['\u{1d306}A', 4, 2, 4],
         ['\u{1d306}A', 5, 3, 5],
         ['\ud834A\udf06A\u00a5Hi', 10, 5, 10],
         ['A\udf06', 4, 2, 4],
         ['\u00a5\u00a5', 4, 2, 4],
         ['\u20ac', 2, 0, 0],
         ['\ud800', 2, 0, 0],
])
  test(() => {
    const view = new Uint8Array(new ArrayBuffer(room + 8), 4, room);
    const whole = new Uint8Array(view.buffer).fill(0xAA);
    const result = new TextEncoder().encodeInto(source, view);
    assert_equals(result.read, read);
    assert_equals(result.written, written);
    const encoded = new TextEncoder().encode(source).slice(0, written);
    assert_array_equals(view.slice(0, written), encoded);
    whole.forEach((byte, at) => {
      if (at < 4 || at >= 4 + written) assert_equals(byte, 0xAA, `byte ${at}`);
    });
  }, `encodeInto of ${format_value(source)} into ${room} bytes`);

test(() => {
  const encoder = new TextEncoder();
  for (const view
           of [new Int8Array(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1),
               new Uint8ClampedArray(1), [], null, undefined])
    assert_throws_js(TypeError, () => encoder.encodeInto('', view));
  assert_throws_js(TypeError, () => encoder.encodeInto(''));
  assert_throws_js(TypeError, () => encoder.encodeInto(Symbol(), new Uint8Array(1)));
}, 'encodeInto() takes an Uint8Array');

test(() => {
  class Own extends TextDecoder {
    get own() {
      return this.encoding;
    }
  }
  assert_equals(new Own('utf-16').own, 'utf-16le');
  assert_true(new Own() instanceof TextDecoder);
  assert_equals(atob(btoa('\xff\0a')), '\xff\0a');
  assert_equals(atob(' Y Q = = '), 'a');
  assert_throws_dom('InvalidCharacterError', () => btoa('\u0100'));
  assert_throws_dom('InvalidCharacterError', () => atob('a'));
  assert_throws_js(TypeError, () => btoa(Symbol()));
  assert_throws_js(TypeError, () => atob());
}, 'classes can extend TextDecoder; atob() and btoa()');
