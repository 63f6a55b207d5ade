// SPDX-License-Identifier: MIT
// Algorithms of secret keys: AES, HMAC, HKDF, PBKDF2. Each operation gets the normalized algorithm
// first; keys are states of CryptoKey.
(function (host) {
  var lib = host.platform;
  var keys = lib.extra('crypto_key');
  var natives = keys.natives;
  var HASH_BITS = {'SHA-1': 512, 'SHA-256': 512, 'SHA-384': 1024, 'SHA-512': 1024};
  var NO_BYTES = new Uint8Array(0);
  var SECRET_BITS_MAX = natives.secretBytesMax * 8;

  function checkAesLength(length) {
    if (length !== 128 && length !== 192 && length !== 256)
      keys.operationFailed('An AES key has 128, 192 or 256 bits');
  }

  function exportSecret(jwk) {
    return function (format, state) {
      if (format === 'raw')
        return natives.copy(state.material);
      if (format !== 'jwk')
        keys.unsupported(format);
      var out = {kty: 'oct', k: natives.toBase64Url(state.material), alg: jwk(state)};
      return keys.finishJwk(out, state);
    };
  }

  // Spec: WebCryptoAPI#aes-gcm-operations-generate-key, and the same for the other modes.
  function aes(suffix, usages, ciphers) {
    function jwkAlgorithm(bytes) { return 'A' + bytes.length * 8 + suffix; }

    function make(name, bytes) {
      return keys.makeKey('secret', {name: name, length: bytes.length * 8}, bytes);
    }

    return Object.assign({
      generateKey: function (algorithm, extractable, wanted) {
        keys.checkUsages(wanted, usages);
        checkAesLength(algorithm.length);
        return make(algorithm.name, keys.orFail(natives.random(algorithm.length / 8)));
      },
      importKey: function (algorithm, format, data, extractable, wanted) {
        keys.checkUsages(wanted, usages);
        if (format !== 'raw' && format !== 'jwk')
          keys.unsupported(format);
        var bytes = data;
        if (format === 'jwk') {
          keys.checkJwk(data, 'oct', 'enc', extractable, wanted);
          bytes = keys.jwkBytes(data, 'k');
        }
        if (bytes.length !== 16 && bytes.length !== 24 && bytes.length !== 32)
          keys.badData('An AES key has 128, 192 or 256 bits');
        if (format === 'jwk' && data.alg !== undefined && data.alg !== jwkAlgorithm(bytes))
          keys.badData("The JWK's alg does not suit the key");
        return make(algorithm.name, bytes);
      },
      exportKey: exportSecret(function (state) { return jwkAlgorithm(state.material); }),
      getKeyLength: function (algorithm) {
        checkAesLength(algorithm.length);
        return algorithm.length;
      },
    }, ciphers);
  }

  var CIPHER_USAGES = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'];

  function both(run) {
    return {
      encrypt: function (algorithm, state, data) { return run(true, algorithm, state, data); },
      decrypt: function (algorithm, state, data) { return run(false, algorithm, state, data); },
    };
  }

  function cbc(encrypts, algorithm, state, data) {
    return keys.orFail(natives.aesCbc(encrypts, state.material, algorithm.iv, data));
  }

  function ctr(encrypts, algorithm, state, data) {
    return keys.orFail(
      natives.aesCtr(state.material, algorithm.counter, algorithm.length, data));
  }

  function gcm(encrypts, algorithm, state, data) {
    var tagLength = algorithm.tagLength === undefined ? 128 : algorithm.tagLength;
    if ([32, 64, 96, 104, 112, 120, 128].indexOf(tagLength) < 0)
      keys.operationFailed('The length of the tag is not one that AES-GCM has');
    return keys.orFail(natives.aesGcm(encrypts, state.material, algorithm.iv,
      algorithm.additionalData || NO_BYTES, tagLength / 8, data));
  }

  var kw = {
    wrapKey: function (algorithm, state, data) {
      return keys.orFail(natives.aesKw(true, state.material, data));
    },
    unwrapKey: function (algorithm, state, data) {
      return keys.orFail(natives.aesKw(false, state.material, data));
    },
  };

  // Spec: WebCryptoAPI#hmac-operations-get-key-length
  function hmacLength(algorithm) {
    if (algorithm.length === undefined)
      return HASH_BITS[algorithm.hash.name];
    if (algorithm.length === 0)
      throw new TypeError('The length of an HMAC key is zero');
    return algorithm.length;
  }

  function makeHmac(hash, length, bytes) {
    return keys.makeKey('secret', {name: 'HMAC', hash: {name: hash.name}, length: length}, bytes);
  }

  function clearUnusedBits(bytes, length) {
    if (length % 8 !== 0)
      bytes[bytes.length - 1] &= 0xff << (8 - length % 8);
    return bytes;
  }

  function importHmac(algorithm, format, data, extractable, usages) {
    keys.checkUsages(usages, ['sign', 'verify']);
    if (format !== 'raw' && format !== 'jwk')
      keys.unsupported(format);
    var bytes = data;
    if (format === 'jwk') {
      keys.checkJwk(data, 'oct', 'sig', extractable, usages);
      bytes = keys.jwkBytes(data, 'k');
      if (data.alg !== undefined && data.alg !== hmacJwk(algorithm.hash))
        keys.badData("The JWK's alg does not suit the hash");
    }
    var length = bytes.length * 8;
    if (length === 0)
      keys.badData('An HMAC key is not empty');
    if (length > SECRET_BITS_MAX)
      keys.badData('The HMAC key is too long');
    if (algorithm.length !== undefined) {
      if (algorithm.length > length || algorithm.length <= length - 8)
        keys.badData('The length does not suit the HMAC key');
      length = algorithm.length;
    }
    return makeHmac(algorithm.hash, length, clearUnusedBits(bytes, length));
  }

  function hmacJwk(hash) { return 'HS' + hash.name.slice(4); }

  var hmac = {
    generateKey: function (algorithm, extractable, usages) {
      keys.checkUsages(usages, ['sign', 'verify']);
      if (algorithm.length === 0 || algorithm.length > SECRET_BITS_MAX)
        keys.operationFailed('The length of the HMAC key is out of range');
      var length = hmacLength(algorithm);
      var bytes = keys.orFail(natives.random(Math.ceil(length / 8)));
      return makeHmac(algorithm.hash, length, clearUnusedBits(bytes, length));
    },
    importKey: importHmac,
    exportKey: exportSecret(function (state) { return hmacJwk(state.algorithm.hash); }),
    getKeyLength: hmacLength,
    sign: function (algorithm, state, data) {
      return keys.orFail(natives.hmac(state.algorithm.hash.name, state.material, data));
    },
    verify: function (algorithm, state, signature, data) {
      return natives.same(hmac.sign(algorithm, state, data), signature);
    },
  };

  // Secrets that only more bits are derived from.
  function derivation(name, derive) {
    return {
      importKey: function (algorithm, format, data, extractable, usages) {
        if (format !== 'raw')
          keys.unsupported(format);
        keys.checkUsages(usages, ['deriveKey', 'deriveBits']);
        if (extractable)
          lib.throwDom('SyntaxError', 'Such a key cannot be extractable');
        return keys.makeKey('secret', {name: name}, data);
      },
      getKeyLength: function () { return null; },
      deriveBits: function (algorithm, state, length) {
        if (length === null || length % 8 !== 0 || length > SECRET_BITS_MAX)
          keys.operationFailed('The length is not one that can be derived');
        return derive(algorithm, state, length / 8);
      },
    };
  }

  function hkdf(algorithm, state, length) {
    return keys.orFail(natives.hkdf(algorithm.hash.name, state.material, algorithm.salt,
      algorithm.info, length));
  }

  function pbkdf2(algorithm, state, length) {
    if (algorithm.iterations === 0)
      keys.operationFailed('There are no iterations');
    return keys.orFail(natives.pbkdf2(algorithm.hash.name, state.material, algorithm.salt,
      algorithm.iterations, length));
  }

  return {
    'AES-CBC': aes('CBC', CIPHER_USAGES, both(cbc)),
    'AES-CTR': aes('CTR', CIPHER_USAGES, both(ctr)),
    'AES-GCM': aes('GCM', CIPHER_USAGES, both(gcm)),
    'AES-KW': aes('KW', ['wrapKey', 'unwrapKey'], kw),
    'HMAC': hmac,
    'HKDF': derivation('HKDF', hkdf),
    'PBKDF2': derivation('PBKDF2', pbkdf2),
  };
});
