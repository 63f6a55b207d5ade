// SPDX-License-Identifier: MIT
// crypto: random numbers and digests. (WebCrypto)
(function(host) {
var lib = host.platform;
var of = lib.of;
var SINGLETON = lib.bit.singleton;
var RANDOM_BYTES_MAX = 65536;
var integers =
    [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array];

function check(self, name) {
  if (of(self, SINGLETON).name !== name)
    throw new TypeError('Illegal invocation');
}

var Crypto = lib.expose('Crypto', function Crypto() { lib.illegal(); }, {
  get subtle() {
    check(this, 'crypto');
    return subtle;
  },
  getRandomValues(array) {
    check(this, 'crypto');
    lib.need(arguments, 1, 'Crypto.getRandomValues');
    if (!integers.some(function(type) { return array instanceof type; }))
      lib.throwDom('TypeMismatchError',
                   'Crypto.getRandomValues: the argument is not an integer array');
    if (array.byteLength > RANDOM_BYTES_MAX)
      lib.throwDom('QuotaExceededError', 'Crypto.getRandomValues: more than 65536 bytes');
    host.fillRandom(array);
    return array;
  },
  randomUUID() {
    check(this, 'crypto');
    return host.randomUUID();
  },
});

var SubtleCrypto = lib.expose('SubtleCrypto', function SubtleCrypto() { lib.illegal(); }, {
  digest(algorithm, data) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      check(self, 'subtle');
      lib.need(given, 2, 'SubtleCrypto.digest');
      var name = String(lib.isObject(algorithm) ? algorithm.name : algorithm).toUpperCase();
      var bytes = host.copyBytes(data);
      if (bytes === undefined)
        throw new TypeError('SubtleCrypto.digest: the data holds no bytes');
      var digest = host.digest(name, bytes);
      if (digest === undefined)
        lib.throwDom('NotSupportedError', 'SubtleCrypto.digest: ' + name + ' is not supported');
      lib.resolve(promise, digest.buffer);
    });
  },
});

var subtle = lib.make(SubtleCrypto.prototype, {is: SINGLETON, name: 'subtle'});
var crypto = lib.make(Crypto.prototype, {is: SINGLETON, name: 'crypto'});
lib.global_members({
  get crypto() { return of(this, lib.bit.global) && crypto; },
});
lib.crypto = {};
})(__host);
