// SPDX-License-Identifier: MIT
// Spec: Fetch#headers-class
'use strict';

test(() => {
  for (const init of [null, 1, 'x', true, Symbol()])
    assert_throws_js(TypeError, () => new Headers(init), format_value(init));
  assert_throws_js(TypeError, () => Headers());
  assert_throws_js(TypeError, () => new Headers([['a']]));
  assert_throws_js(TypeError, () => new Headers([['a', 'b', 'c']]));
  assert_throws_js(TypeError, () => new Headers([null]));
  assert_throws_js(TypeError, () => new Headers({a: '\u0100'}));
  assert_throws_js(TypeError, () => new Headers({'a\u0100': 'x'}));
  assert_throws_js(TypeError, () => new Headers({[Symbol('x')]: 'x'}));
  assert_throws_js(TypeError, () => new Headers({[Symbol.iterator]: 3}));
  assert_array_equals([...new Headers()], []);
  assert_array_equals([...new Headers(undefined)], []);
  assert_array_equals([...new Headers({})], []);
  assert_array_equals([...new Headers([])], []);
}, 'what Headers can be made of');

test(() => {
  const source = new Headers({a: '1', B: '2'});
  source.append('a', '3');
  assert_array_equals([...new Headers(source)].flat(), ['a', '1, 3', 'b', '2']);
  assert_array_equals(
      [...new Headers([['x', 'y'], new Set(['z', 'w'])])].flat(), ['x', 'y', 'z', 'w']);
  source[Symbol.iterator] = function*() {
    yield ['own', 'iterator'];
  };
  assert_array_equals([...new Headers(source)].flat(), ['own', 'iterator']);
  const inherited = Object.create({hidden: 'x'}, {
    shown: {value: 'y', enumerable: true},
    secret: {value: 'z', enumerable: false},
  });
  assert_array_equals([...new Headers(inherited)].flat(), ['shown', 'y']);
  assert_equals(new Headers({n: null}).get('n'), 'null');
  assert_equals(new Headers({n: 12}).get('n'), '12');
}, 'Headers copy pairs, records and Headers');

for (const name of ['', ' ', 'a b', 'a:', 'a\n', '\u0100', '(', 'a,b', '"', '[', '\0'])
  test(() => {
    const headers = new Headers();
    for (const call
             of [() => headers.append(name, 'x'), () => headers.set(name, 'x'),
                () => headers.get(name), () => headers.has(name), () => headers.delete(name),
                () => new Headers([[name, 'x']])])
      assert_throws_js(TypeError, call);
  }, `${format_value(name)} is no header name`);

for (const value of ['a\0b', 'a\rb', 'a\nb', '\u0100', Symbol()])
  test(() => {
    const headers = new Headers();
    for (const call
             of [() => headers.append('x', value), () => headers.set('x', value),
                () => new Headers({x: value})])
      assert_throws_js(TypeError, call);
  }, `${format_value(value)} is no header value`);

for (const [given, value] of [
         ['', ''], [' x ', 'x'], ['\t\r\nx\n', 'x'], ['a\tb', 'a\tb'], ['\x0b', '\x0b'],
         ['\u00ff', '\u00ff'], [' a  b ', 'a  b']])
  test(() => {
    const headers = new Headers({a: given});
    headers.append('b', given);
    headers.set('c', given);
    for (const name of ['a', 'B', 'c']) assert_equals(headers.get(name), value);
  }, `the value ${format_value(given)} is normalised`);

test(() => {
  const headers =
      new Headers([['Set-Cookie', 'a=1'], ['b', '2'], ['set-cookie', 'c=3'], ['B', '4']]);
  assert_equals(headers.get('set-cookie'), 'a=1, c=3');
  assert_array_equals(headers.getSetCookie(), ['a=1', 'c=3']);
  assert_array_equals([...headers].flat(), ['b', '2, 4', 'set-cookie', 'a=1', 'set-cookie', 'c=3']);
  assert_array_equals([...headers.keys()], ['b', 'set-cookie', 'set-cookie']);
  headers.set('Set-Cookie', 'only');
  assert_array_equals(headers.getSetCookie(), ['only']);
  headers.delete('set-cookie');
  assert_array_equals(headers.getSetCookie(), []);
  assert_equals(headers.get('set-cookie'), null);
}, 'cookies are not combined');

test(() => {
  const headers = new Headers({b: '1', a: '2', c: '3'});
  const seen = [];
  for (const [name] of headers) {
    seen.push(name);
    if (name === 'a') headers.append('aa', 'x');
    if (name === 'aa') headers.delete('b');
  }
  assert_array_equals(seen, ['a', 'aa', 'c']);
  const iterator = headers.entries();
  assert_equals(Object.prototype.toString.call(iterator), '[object Headers Iterator]');
  assert_equals(
      Object.getPrototypeOf(Object.getPrototypeOf(iterator)),
      Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
  assert_throws_js(TypeError, () => iterator.next.call({}));
  assert_throws_js(TypeError, () => iterator.next.call(new URLSearchParams('a=b').entries()));
  assert_equals(Headers.prototype[Symbol.iterator], Headers.prototype.entries);
  const receiver = {};
  headers.forEach(function(value, name, all) {
    assert_equals(this, receiver);
    assert_equals(all, headers);
    assert_equals(headers.get(name), value);
  }, receiver);
  assert_throws_js(TypeError, () => headers.forEach());
  assert_throws_js(TypeError, () => headers.forEach({}));
}, 'iteration is sorted and sees changes');

const forbidden = [
  'Accept-Charset',
  'Accept-Encoding',
  'Access-Control-Request-Headers',
  'Access-Control-Request-Method',
  'Connection',
  'Content-Length',
  'Cookie',
  'Cookie2',
  'Date',
  'DNT',
  'Expect',
  'Host',
  'Keep-Alive',
  'Origin',
  'Referer',
  'Set-Cookie',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Via',
  'Proxy-',
  'proxy-a',
  'Sec-',
  'sec-b',
  'Access-Control-Request-Private-Network',
];
for (const name of forbidden)
  test(() => {
    const {headers} = new Request('/', {headers: {[name]: 'KO'}});
    assert_false(headers.has(name));
    headers.append(name, 'KO');
    headers.set(name, 'KO');
    assert_equals(headers.get(name), null);
  }, `${name} is forbidden in requests`);

for (const name of ['X-HTTP-Method', 'X-HTTP-Method-Override', 'X-Method-Override'])
  test(() => {
    for (const value of ['TRACE', 'get, track', 'CoNnEcT ,', '\tTRACE'])
      assert_false(new Request('/', {headers: {[name]: value}}).headers.has(name), value);
    for (const value of ['GETTRACE', '', 'TRACE GET', 'get', '"TRACE"', '"a,TRACE"'])
      assert_true(new Request('/', {headers: {[name]: value}}).headers.has(name), value);
  }, `${name} cannot ask for forbidden methods`);

test(() => {
  const {headers} =
      new Response('', {headers: {'Set-Cookie': 'a', 'Set-Cookie2': 'b', Cookie: 'c'}});
  headers.append('set-cookie', 'x');
  assert_equals(headers.get('set-cookie'), null);
  assert_equals(headers.get('set-cookie2'), null);
  assert_equals(headers.get('cookie'), 'c');
}, 'Set-Cookie is forbidden in responses');

test(() => {
  for (const {headers} of [Response.error(), Response.redirect('/')]) {
    assert_throws_js(TypeError, () => headers.append('a', 'b'));
    assert_throws_js(TypeError, () => headers.set('a', 'b'));
    assert_throws_js(TypeError, () => headers.delete('a'));
    assert_throws_js(TypeError, () => headers.append('in valid', 'b'));
  }
}, 'headers of some responses are immutable');

const noCors = (init) => new Request('/', {mode: 'no-cors', headers: init}).headers;
for (const [name, value] of [
         ['accept', 'a'.repeat(129)],
         ['accept', '"'],
         ['accept', 'a,(b'],
         ['accept-language', 'a@b'],
         ['accept-language', '\x01'],
         ['content-language', '@'],
         ['content-type', 'text/html'],
         ['content-type', 'text/plain; x="y"'],
         ['content-type', 'text/plain, text/plain'],
         ['range', 'bytes=0-1'],
         ['x-other', 'y'],
         ['content-type', ''],
         ['dpr', '2'],
])
  test(() => {
    const headers = noCors({[name]: value});
    assert_false(headers.has(name));
    headers.append(name, value);
    headers.set(name, value);
    assert_false(headers.has(name));
  }, `no-cors requests cannot have ${name}: ${value.slice(0, 20)}`);

test(() => {
  const headers = noCors({
    Accept: '*/*',
    'Accept-Language': 'de;q=0.5, *',
    'Content-Language': 'en',
    'Content-Type': 'TEXT/plain;charset=x',
  });
  assert_equals([...headers].length, 4);
  headers.append('accept', 'a'.repeat(126));
  assert_equals(headers.get('accept'), '*/*', 'the sum is too long');
  headers.append('accept', 'text/x');
  assert_equals(headers.get('accept'), '*/*, text/x');
  for (const name of ['accept', 'accept-language', 'content-language', 'content-type'])
    headers.delete(name);
  assert_array_equals([...headers], []);
}, 'no-cors requests can have and lose safelisted headers');
