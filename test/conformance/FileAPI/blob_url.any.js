// SPDX-License-Identifier: MIT
// META: global=dedicatedworker
// As the FileAPI specification has it (creating-revoking).
'use strict';

test(() => {
  const blob = new Blob(['x']);
  const url = URL.createObjectURL(blob);
  const other = URL.createObjectURL(blob);
  assert_not_equals(url, other);
  assert_regexp_match(
      url,
      new RegExp(`^blob:${origin}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`));
  const parsed = new URL(url);
  assert_equals(parsed.protocol, 'blob:');
  assert_equals(parsed.origin, self.origin);
  assert_equals(parsed.host, '');
  assert_equals(new URL(URL.createObjectURL(new File([], 'f'))).protocol, 'blob:');
  assert_throws_js(TypeError, () => URL.createObjectURL({}));
  assert_throws_js(TypeError, () => URL.createObjectURL());
  assert_throws_js(TypeError, () => URL.createObjectURL(null));
  assert_equals(URL.revokeObjectURL('blob:null/nothing'), undefined);
  assert_equals(URL.revokeObjectURL('not a url'), undefined);
}, 'blob: URLs are unique and of our origin');

promise_test(async (t) => {
  const url = URL.createObjectURL(new Blob(['content'], {type: 'text/x'}));
  const response = await fetch(url);
  assert_equals(response.status, 200);
  assert_equals(response.statusText, 'OK');
  assert_equals(response.type, 'basic');
  assert_equals(response.url, url);
  assert_equals(response.headers.get('content-type'), 'text/x');
  assert_equals(response.headers.get('content-length'), '7');
  assert_equals((await response.blob()).type, 'text/x');
  assert_equals(await (await fetch(url + '#fragment')).text(), 'content');
  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])
    await promise_rejects_js(t, TypeError, fetch(url, {method}), method);
  await promise_rejects_js(t, TypeError, fetch('blob:https://web-platform.test/'));
  await promise_rejects_js(t, TypeError, fetch(url + '?query'));
}, 'a blob: URL can be fetched with GET');

promise_test(async (t) => {
  const url = URL.createObjectURL(new Blob(['content']));
  URL.revokeObjectURL(url + '#fragment');
  URL.revokeObjectURL(url + '?query');
  URL.revokeObjectURL(url + '/path');
  assert_equals(await (await fetch(url)).text(), 'content');
  const request = new Request(url);
  const cloned = request.clone();
  const started = fetch(url);
  URL.revokeObjectURL(url);
  assert_equals(await (await started).text(), 'content');
  assert_equals(await (await fetch(request)).text(), 'content');
  assert_equals(await (await fetch(cloned)).text(), 'content');
  await promise_rejects_js(t, TypeError, fetch(url));
}, 'a revoked URL leads nowhere, but requests made before do');

for (const [range, body, contentRange] of [
         ['bytes=0-2', 'abc', 'bytes 0-2/6'],
         ['bytes=4-', 'ef', 'bytes 4-5/6'],
         ['bytes=-2', 'ef', 'bytes 4-5/6'],
         ['bytes=2-100', 'cdef', 'bytes 2-5/6'],
         ['bytes=-100', 'abcdef', 'bytes 0-5/6'],
         ['bytes = 1 - 1', 'b', 'bytes 1-1/6'],
])
  promise_test(async () => {
    const url = URL.createObjectURL(new Blob(['abcdef'], {type: 'text/x'}));
    const response = await fetch(url, {headers: {Range: range}});
    assert_equals(response.status, 206);
    assert_equals(response.statusText, 'Partial Content');
    assert_equals(response.headers.get('content-range'), contentRange);
    assert_equals(response.headers.get('content-length'), String(body.length));
    assert_equals(await response.text(), body);
  }, `a part of a blob: ${range}`);

for (const range
         of ['bytes=', 'bytes=-', 'bytes=3-1', 'bytes=6-', 'bytes=0-1,3-4', 'items=0-1', ''])
  promise_test((t) => {
    const url = URL.createObjectURL(new Blob(['abcdef']));
    return promise_rejects_js(t, TypeError, fetch(url, {headers: {Range: range}}));
  }, `no part of a blob: "${range}"`);
