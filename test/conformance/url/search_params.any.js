// SPDX-License-Identifier: MIT
// Spec: URL#interface-urlsearchparams
'use strict';

const pairs = (init) => [...new URLSearchParams(init)];

test(() => {
  assert_throws_js(TypeError, () => URLSearchParams());
  assert_throws_js(TypeError, () => new URLSearchParams([['a']]));
  assert_throws_js(TypeError, () => new URLSearchParams([['a', 'b', 'c']]));
  assert_throws_js(TypeError, () => new URLSearchParams([null]));
  assert_throws_js(TypeError, () => new URLSearchParams(Symbol()));
  assert_throws_js(TypeError, () => new URLSearchParams({[Symbol.iterator]: 1}));
  assert_throws_js(TypeError, () => new URLSearchParams(DOMException.prototype));
  assert_equals(String(new URLSearchParams()), '');
  assert_equals(String(new URLSearchParams(undefined)), '');
  assert_equals(String(new URLSearchParams(null)), 'null=');
  assert_equals(String(new URLSearchParams({})), '');
}, 'what it can be made of');

for (const [init, expected] of [
         ['a=b&c=d', [['a', 'b'], ['c', 'd']]],
         ['?a=b', [['a', 'b']]],
         ['??a=b', [['?a', 'b']]],
         ['&a=&&=b&', [['a', ''], ['', 'b']]],
         ['a=b=c', [['a', 'b=c']]],
         ['a=b+c%20d', [['a', 'b c d']]],
         ['a=%2B%e9%C3%A9%zz%', [['a', '+\ufffd\u00e9%zz%']]],
         ['\ufeff=x', [['\ufeff', 'x']]],
         ['%EF%BB%BFa=%FE%FF', [['\ufeffa', '\ufffd\ufffd']]],
         ['a=\u{1f4a9}', [['a', '\u{1f4a9}']]],
         ['a\0b=c\0', [['a\0b', 'c\0']]],
         ['a=\ud800', [['a', '\ufffd']]],
         [{a: 'b', c: 1}, [['a', 'b'], ['c', '1']]],
         [
           {'\ud83dx': '1', 'xx': '2', '\ud83dxx': '3'},
           [['\ufffdx', '1'], ['xx', '2'], ['\ufffdxx', '3']]
         ],
         [{'x\udc53': '1', 'x\udc5c': '2'}, [['x\ufffd', '2']]],
         [[['a', 'b'], new Set(['c', 'd'])], [['a', 'b'], ['c', 'd']]],
         [new URLSearchParams('a=b&a=c'), [['a', 'b'], ['a', 'c']]],
         [new FormData(), []],
])
  test(
      () => assert_array_equals(pairs(init).flat(), expected.flat()),
      `made of ${typeof init === 'string' ? init : JSON.stringify(init)} ${String(init).length}`);

test(() => {
  assert_true(
      pairs(DOMException).some(([name, value]) => name === 'INDEX_SIZE_ERR' && value === '1'));
}, 'an interface object is a record');

for (const [list, text] of [
         [[['a', 'b c']], 'a=b+c'],
         [[['a', 'b+c']], 'a=b%2Bc'],
         [[['', '']], '='],
         [[['a', '&=%']], 'a=%26%3D%25'],
         [[['*-._~!\'()', '\u00e9\u{1f4a9}\0\n']], '*-._%7E%21%27%28%29=%C3%A9%F0%9F%92%A9%00%0A'],
])
  test(() => assert_equals(String(new URLSearchParams(list)), text), `serialised: ${text}`);

test(() => {
  const params = new URLSearchParams('a=1&b=2&a=3');
  assert_equals(params.size, 3);
  assert_equals(params.get('a'), '1');
  assert_equals(params.get('x'), null);
  assert_array_equals(params.getAll('a'), ['1', '3']);
  assert_true(params.has('a'));
  assert_true(params.has('a', '3'));
  assert_false(params.has('a', '2'));
  assert_true(params.has('a', undefined));
  params.append('c', null);
  params.set('a', '4');
  assert_equals(String(params), 'a=4&b=2&c=null');
  params.append('b', '5');
  params.delete('b', '2');
  params.delete('c', undefined);
  assert_equals(String(params), 'a=4&b=5');
  for (const method of ['append', 'set']) assert_throws_js(TypeError, () => params[method]('a'));
  for (const method of ['get', 'getAll', 'has', 'delete'])
    assert_throws_js(TypeError, () => params[method]());
  assert_throws_js(TypeError, () => URLSearchParams.prototype.get.call({}, 'a'));
}, 'the methods');

for (const [given, sorted] of [
         ['z=b&a=b&z=a&a=a', 'a=b&a=a&z=b&z=a'],
         ['\ufffc&\u{1f308}', '%F0%9F%8C%88=&%EF%BF%BC='],
         ['a=2&aa=1&=3&a=1', '=3&a=2&a=1&aa=1'],
         ['', ''],
])
  test(() => {
    const params = new URLSearchParams(given);
    params.sort();
    assert_equals(String(params), sorted);
    const url = new URL('https://a.example/?' + given);
    url.searchParams.sort();
    assert_equals(url.search, sorted && '?' + sorted);
  }, `sorted: ${given}`);

test(() => {
  const url = new URL('https://a.example/?a=1#hash');
  const params = url.searchParams;
  assert_equals(url.searchParams, params);
  params.append('b', '\u00e9');
  assert_equals(url.href, 'https://a.example/?a=1&b=%C3%A9#hash');
  url.search = '?c=3';
  assert_array_equals([...params].flat(), ['c', '3']);
  url.search = '';
  assert_equals(params.size, 0);
  params.set('d', '');
  assert_equals(url.search, '?d=');
  params.delete('d');
  assert_equals(url.href, 'https://a.example/#hash');
  url.href = 'https://b.example/?e=5';
  assert_equals(params.get('e'), '5');
  assert_throws_js(TypeError, () => {
    url.href = 'no url';
  });
  assert_equals(params.get('e'), '5');
  assert_throws_js(TypeError, () => {
    'use strict';
    url.searchParams = '';
  });
}, 'a URL and its parameters follow each other');

test(() => {
  const params = new URLSearchParams('a=1&b=2&c=3&d=4');
  const seen = [];
  for (const [name] of params) {
    seen.push(name);
    if (name === 'a') params.delete('b');
    if (name === 'c') params.delete('a');
  }
  assert_array_equals(seen, ['a', 'c']);
  assert_equals(String(params.entries()), '[object URLSearchParams Iterator]');
  const iterator = params.keys();
  assert_equals(iterator[Symbol.iterator](), iterator);
  const log = [];
  new URLSearchParams('x=1&y=2').forEach((value, name, all) => log.push(name, value, all.size));
  assert_array_equals(log, ['x', '1', 2, 'y', '2', 2]);
}, 'iteration sees changes');

test(() => {
  assert_equals(URL.parse('x'), null);
  assert_equals(URL.parse('x', 'no base'), null);
  assert_equals(URL.parse('x', 'https://a.example/y').href, 'https://a.example/x');
  assert_true(URL.canParse('https://a.example'));
  assert_false(URL.canParse('x', undefined));
  assert_true(URL.canParse('x', 'https://a.example'));
  assert_equals(URL.parse(undefined, 'aaa:/b').href, 'aaa:/undefined');
  assert_throws_js(TypeError, () => URL.parse());
  assert_throws_js(TypeError, () => URL.canParse());
  assert_throws_js(TypeError, () => new URL('x', 'aaa:b'));
  assert_throws_js(TypeError, () => URL('https://a.example'));
  assert_throws_js(TypeError, () => new URL(Symbol()));
  assert_equals(JSON.stringify(new URL('https://a.example')), '"https://a.example/"');
}, 'the statics of URL');
