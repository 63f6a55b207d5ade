// SPDX-License-Identifier: MIT
// What fetch() does without the network: data: and blob: URLs, and the integrity of a response.
// `done` gets a response's state, of type `error` for a network error.
(function (host) {
  var lib = host.platform;
  var $ = lib.slot;
  var setTimer = lib.scopePrototype.setTimeout;

  function networkError(reason) {
    return {type: 'error', reason: reason};
  }

  function response(request, bytes, headers) {
    var isHead = request.method === 'HEAD';
    return {
      type: 'basic', urls: [host.withoutFragment(request.url)], status: 200, statusText: 'OK',
      list: headers, body: isHead ? null : {bytes: bytes, used: false},
    };
  }

  // As the Fetch specification has it (simple-range-header-value): [first, last], either null.
  function rangeOf(value) {
    var found = /^bytes[\t ]*=[\t ]*(\d*)[\t ]*-[\t ]*(\d*)$/i.exec(value);
    if (found === null || (found[1] === '' && found[2] === ''))
      return undefined;
    var first = found[1] === '' ? null : Number(found[1]);
    var last = found[2] === '' ? null : Number(found[2]);
    return first !== null && last !== null && first > last ? undefined : [first, last];
  }

  function partOf(request, blob, value) {
    var size = blob.bytes.length;
    var range = rangeOf(value);
    if (range === undefined)
      return networkError('the range is not valid');
    var first = range[0] === null ? Math.max(size - range[1], 0) : range[0];
    if (first >= size)
      return networkError('the range is outside of the blob');
    var last = range[0] === null || range[1] === null ? size - 1 : Math.min(range[1], size - 1);
    var part = response(request, blob.bytes.subarray(first, last + 1), [
      'content-length', String(last + 1 - first), 'content-type', blob.type,
      'content-range', 'bytes ' + first + '-' + last + '/' + size,
    ]);
    part.status = 206;
    part.statusText = 'Partial Content';
    return part;
  }

  function blobResponse(request) {
    if (request.method !== 'GET' || request.blob === undefined)
      return networkError('there is no such blob');
    var blob = request.blob[$];
    var range = lib.header(lib.listOf(request), 'range');
    if (range !== null)
      return partOf(request, blob, range);
    return response(request, blob.bytes, [
      'content-length', String(blob.bytes.length), 'content-type', blob.type,
    ]);
  }

  function dataResponse(request) {
    var data = lib.extra('mime').dataUrl(host.withoutFragment(request.url));
    if (data === null)
      return networkError('the data URL is not valid');
    return response(request, data.bytes, ['content-type', data.type]);
  }

  function respond(request) {
    if (request.url.slice(0, 5) === 'data:')
      return dataResponse(request);
    if (request.url.slice(0, 5) === 'blob:')
      return blobResponse(request);
    return networkError('the scheme of the URL cannot be fetched');
  }

  // Spec: Fetch#concept-scheme-fetch
  function start(request, done) {
    setTimer(function () { done(respond(request)); }, 0);
  }

  var METADATA = /^(sha256|sha384|sha512)-([A-Za-z0-9+\/_\-]+={0,2})(\?[\x21-\x7e]*)?$/i;
  var strengths = {sha256: 1, sha384: 2, sha512: 3};

  // As the Subresource Integrity specification parses them: the digests of the strongest hash, or
  // null if there is none that counts.
  function strongest(metadata) {
    var result = null;
    metadata.split(/[\t\n\f\r ]+/).forEach(function (item) {
      var found = METADATA.exec(item);
      if (found === null)
        return;
      var hash = found[1].toLowerCase();
      if (result === null || strengths[hash] > strengths[result.hash])
        result = {hash: hash, digests: []};
      if (hash === result.hash)
        result.digests.push(found[2].replace(/-/g, '+').replace(/_/g, '/'));
    });
    return result;
  }

  function matches(bytes, wanted) {
    var name = 'SHA-' + wanted.hash.slice(3);
    var digest = lib.extra('crypto_key').natives.digest(name, bytes);
    var text = '';
    for (var i = 0; i < digest.length; i++)
      text += String.fromCharCode(digest[i]);
    return wanted.digests.indexOf(host.encodeBase64(text)) >= 0;
  }

  // Reads the whole body before anybody sees any of it.
  function verify(state, metadata, done) {
    var wanted = strongest(metadata);
    if (wanted === null)
      return done(state);
    if (state.type === 'opaque' || state.type === 'opaqueredirect')
      return done(networkError('the integrity of an opaque response cannot be checked'));
    lib.readBody(state.body, function (data) {
      var bytes = lib.asBytes(data);
      if (!matches(bytes, wanted))
        return done(networkError('the body does not have the integrity that was asked for'));
      if (state.body !== null)
        state.body = {bytes: bytes, used: false};
      done(state);
    }, function (error) { done(networkError(String(error.message))); });
  }

  return {start: start, verify: verify};
});
