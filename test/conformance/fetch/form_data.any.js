// SPDX-License-Identifier: MIT
// As the XHR specification has it (interface-formdata).
'use strict';

test(() => {
  assert_throws_js(TypeError, () => FormData());
  assert_throws_js(TypeError, () => new FormData('form'));
  assert_throws_js(TypeError, () => new FormData(null));
  new FormData(undefined);
  const form = new FormData();
  for (const method of ['append', 'set']) assert_throws_js(TypeError, () => form[method]('name'));
  for (const method of ['delete', 'get', 'getAll', 'has'])
    assert_throws_js(TypeError, () => form[method]());
  assert_throws_js(TypeError, () => form.append('name', 'value', 'file'));
  assert_throws_js(TypeError, () => form.append('name', {}, 'file'));
  assert_throws_js(TypeError, () => form.append(Symbol(), 'value'));
}, 'what FormData refuses');

test(() => {
  const form = new FormData();
  form.append('a', 1);
  form.append('b', undefined);
  form.append('a', null);
  form.append('\ud800', '\udc00');
  assert_array_equals(
      [...form].flat(), ['a', '1', 'b', 'undefined', 'a', 'null', '\ufffd', '\ufffd']);
  assert_equals(form.get('a'), '1');
  assert_array_equals(form.getAll('a'), ['1', 'null']);
  assert_equals(form.get('none'), null);
  assert_array_equals(form.getAll('none'), []);
  form.set('a', '2');
  form.set('c', '3');
  assert_array_equals([...form.keys()], ['a', 'b', '\ufffd', 'c']);
  form.delete('b');
  form.delete('none');
  assert_false(form.has('b'));
  assert_array_equals([...form.values()], ['2', '\ufffd', '3']);
  assert_equals(FormData.prototype[Symbol.iterator], FormData.prototype.entries);
  assert_equals(String(form.entries()), '[object FormData Iterator]');
}, 'strings in FormData');

test(() => {
  const form = new FormData();
  const file = new File(['x'], 'own', {type: 'a/b', lastModified: 5});
  form.append('blob', new Blob(['x'], {type: 'q/r'}));
  form.append('named', new Blob(['x']), 'name');
  form.append('file', file);
  form.append('renamed', file, 'other');
  form.append('undefined', file, undefined);
  const [blob, named, same, renamed, kept] = [...form.values()];
  assert_true(blob instanceof File);
  assert_equals(blob.name, 'blob');
  assert_equals(blob.type, 'q/r');
  assert_equals(named.name, 'name');
  assert_equals(same, file);
  assert_equals(renamed.name, 'other');
  assert_equals(renamed.lastModified, 5);
  assert_equals(kept, file);
  assert_equals(form.get('blob'), blob);
}, 'blobs in FormData become files');

test(() => {
  const form = new FormData();
  for (const name of ['a', 'b', 'c']) form.append(name, name);
  const seen = [];
  for (const [name] of form) {
    seen.push(name);
    if (name === 'a') form.delete('b');
    if (name === 'c' && form.getAll('d').length < 2) form.append('d', 'x');
  }
  assert_array_equals(seen, ['a', 'c', 'd']);
}, 'iteration sees changes');
