// SPDX-License-Identifier: MIT
// Crypto and SubtleCrypto. Operations run at once on the script's thread; their promises settle as
// if they had not.
(function (host) {
  var lib = host.platform;
  var idl = lib.extra('idl');
  var CRYPTO = {};
  var SUBTLE = {};
  var FORMATS = ['raw', 'pkcs8', 'spki', 'jwk'];
  var INTEGER_ARRAYS = /^(Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|BigInt64|BigUint64)/;
  var RANDOM_BYTES_MAX = 65536;

  function algorithms() { return lib.extra('crypto_algorithms'); }
  function keys() { return lib.extra('crypto_key'); }

  function operationsOf(name) {
    return lib.extra('crypto_secret')[name] || lib.extra('crypto_pairs')[name];
  }

  // Runs a method's steps: exceptions of conversions and of the operation reject its promise.
  function method(self, given, count, name, steps) {
    return lib.promised(function (promise) {
      idl.stateOf(self, SUBTLE);
      lib.need(given, count, 'SubtleCrypto.' + name);
      lib.resolve(promise, steps());
    });
  }

  function keyState(value) {
    if (!keys().isKey(value))
      throw new TypeError('The key is not a CryptoKey');
    return keys().of(value);
  }

  function data(value) { return idl.bufferSource(value, 'The data'); }

  function check(normalized, state, usage) {
    if (normalized.name !== state.algorithm.name)
      lib.throwDom('InvalidAccessError', 'The key is for another algorithm');
    if (state.usages.indexOf(usage) < 0)
      lib.throwDom('InvalidAccessError', 'The key may not be used for ' + usage);
  }

  function cipher(operation) {
    return function (algorithm, key, bytes) {
      var given = arguments;
      return method(this, given, 3, operation, function () {
        var state = keyState(key);
        bytes = data(bytes);
        var normalized = algorithms().normalize(operation, algorithm);
        check(normalized, state, operation);
        return operationsOf(normalized.name)[operation](normalized, state, bytes).buffer;
      });
    };
  }

  function requireUsages(key) {
    var state = keys().of(key);
    if (state.type !== 'public' && state.usages.length === 0)
      lib.throwDom('SyntaxError', 'The key would have no use');
  }

  function finishKey(key, extractable, usages) {
    var state = keys().of(key);
    state.extractable = extractable;
    state.usages = usages;
    requireUsages(key);
    return key;
  }

  function importKey(format, bytes, normalized, extractable, usages) {
    var key = operationsOf(normalized.name)
      .importKey(normalized, format, bytes, extractable, usages);
    return finishKey(key, extractable, usages);
  }

  function readKeyData(format, value) {
    if (format !== 'jwk')
      return idl.bufferSource(value, 'The key data');
    if (!lib.isObject(value) || idl.isBufferSource(value))
      throw new TypeError('The key data is not a JsonWebKey');
    return keys().readJwk(value);
  }

  function exportKey(format, state) {
    if (!algorithms().supports('exportKey', state.algorithm.name))
      lib.throwDom('NotSupportedError', 'Keys of this algorithm cannot be exported');
    if (!state.extractable)
      lib.throwDom('InvalidAccessError', 'The key is not extractable');
    return operationsOf(state.algorithm.name).exportKey(format, state);
  }

  function bytesOf(format, exported) {
    return format === 'jwk' ? idl.encodeUtf8(JSON.stringify(exported)) : exported;
  }

  function parseJwk(bytes) {
    var value;
    try {
      value = JSON.parse(idl.decodeUtf8(bytes));
    } catch (error) {
      keys().badData('The unwrapped key is not JSON');
    }
    if (!lib.isObject(value) || value.kty === undefined)
      keys().badData('The unwrapped key is not a JsonWebKey');
    return keys().readJwk(value);
  }

  // Wrapping falls back to encrypting. Gives [operation, normalized algorithm].
  function normalizeWrap(wraps, algorithm) {
    var name = wraps ? 'wrapKey' : 'unwrapKey';
    try {
      return [name, algorithms().normalize(name, algorithm)];
    } catch (error) {
      name = wraps ? 'encrypt' : 'decrypt';
      return [name, algorithms().normalize(name, algorithm)];
    }
  }

  function readLength(value) {
    return value === undefined || value === null ? null : Number(value) >>> 0;
  }

  // Spec: WebCryptoAPI#subtlecrypto-interface
  var SubtleCrypto = idl.makeAbstract('SubtleCrypto', {
    encrypt: cipher('encrypt'),
    decrypt: cipher('decrypt'),
    sign: cipher('sign'),
    verify(algorithm, key, signature, bytes) {
      return method(this, arguments, 4, 'verify', function () {
        var state = keyState(key);
        signature = data(signature);
        bytes = data(bytes);
        var normalized = algorithms().normalize('verify', algorithm);
        check(normalized, state, 'verify');
        return operationsOf(normalized.name).verify(normalized, state, signature, bytes);
      });
    },
    digest(algorithm, bytes) {
      return method(this, arguments, 2, 'digest', function () {
        bytes = data(bytes);
        var normalized = algorithms().normalize('digest', algorithm);
        return keys().orFail(keys().natives.digest(normalized.name, bytes)).buffer;
      });
    },
    generateKey(algorithm, extractable, usages) {
      return method(this, arguments, 3, 'generateKey', function () {
        usages = keys().normalizeUsages(usages);
        var normalized = algorithms().normalize('generateKey', algorithm);
        var result = operationsOf(normalized.name)
          .generateKey(normalized, !!extractable, usages);
        if (keys().isKey(result))
          return finishKey(result, !!extractable, usages);
        requireUsages(result.privateKey);
        return result;
      });
    },
    deriveKey(algorithm, baseKey, derivedKeyType, extractable, usages) {
      return method(this, arguments, 5, 'deriveKey', function () {
        var state = keyState(baseKey);
        usages = keys().normalizeUsages(usages);
        var normalized = algorithms().normalize('deriveBits', algorithm);
        var target = algorithms().normalize('importKey', derivedKeyType);
        var sized = algorithms().normalize('getKeyLength', derivedKeyType);
        check(normalized, state, 'deriveKey');
        var length = operationsOf(sized.name).getKeyLength(sized);
        var secret = operationsOf(normalized.name).deriveBits(normalized, state, length);
        return importKey('raw', secret, target, !!extractable, usages);
      });
    },
    deriveBits(algorithm, baseKey) {
      var length = arguments[2];
      return method(this, arguments, 2, 'deriveBits', function () {
        var state = keyState(baseKey);
        length = readLength(length);
        var normalized = algorithms().normalize('deriveBits', algorithm);
        check(normalized, state, 'deriveBits');
        return operationsOf(normalized.name).deriveBits(normalized, state, length).buffer;
      });
    },
    importKey(format, keyData, algorithm, extractable, usages) {
      return method(this, arguments, 5, 'importKey', function () {
        format = lib.oneOf(idl.string(format), FORMATS, 'KeyFormat');
        usages = keys().normalizeUsages(usages);
        var normalized = algorithms().normalize('importKey', algorithm);
        return importKey(format, readKeyData(format, keyData), normalized, !!extractable, usages);
      });
    },
    exportKey(format, key) {
      return method(this, arguments, 2, 'exportKey', function () {
        format = lib.oneOf(idl.string(format), FORMATS, 'KeyFormat');
        var result = exportKey(format, keyState(key));
        return format === 'jwk' ? result : result.buffer;
      });
    },
    wrapKey(format, key, wrappingKey, wrapAlgorithm) {
      return method(this, arguments, 4, 'wrapKey', function () {
        format = lib.oneOf(idl.string(format), FORMATS, 'KeyFormat');
        var state = keyState(key);
        var wrapping = keyState(wrappingKey);
        var wrap = normalizeWrap(true, wrapAlgorithm);
        check(wrap[1], wrapping, 'wrapKey');
        var bytes = bytesOf(format, exportKey(format, state));
        return operationsOf(wrap[1].name)[wrap[0]](wrap[1], wrapping, bytes).buffer;
      });
    },
    unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, algorithm, extractable, usages) {
      return method(this, arguments, 7, 'unwrapKey', function () {
        format = lib.oneOf(idl.string(format), FORMATS, 'KeyFormat');
        var bytes = data(wrappedKey);
        var unwrapping = keyState(unwrappingKey);
        usages = keys().normalizeUsages(usages);
        var wrap = normalizeWrap(false, unwrapAlgorithm);
        var normalized = algorithms().normalize('importKey', algorithm);
        check(wrap[1], unwrapping, 'unwrapKey');
        bytes = operationsOf(wrap[1].name)[wrap[0]](wrap[1], unwrapping, bytes);
        var keyData = format === 'jwk' ? parseJwk(bytes) : bytes;
        return importKey(format, keyData, normalized, !!extractable, usages);
      });
    },
  });
  ['encrypt', 'decrypt', 'sign'].forEach(function (name) {
    host.rename(SubtleCrypto.prototype[name], name);
  });

  var subtle = lib.make(SubtleCrypto.prototype, {is: lib.bit.other, kind: SUBTLE});

  function tagOf(value) {
    return Object.prototype.toString.call(value).slice(8, -1);
  }

  // Spec: WebCryptoAPI#crypto-interface
  var Crypto = idl.makeAbstract('Crypto', {
    get subtle() {
      idl.stateOf(this, CRYPTO);
      return subtle;
    },
    getRandomValues(array) {
      idl.stateOf(this, CRYPTO);
      lib.need(arguments, 1, 'getRandomValues');
      if (!ArrayBuffer.isView(array))
        throw new TypeError('getRandomValues: the argument is not a view of an ArrayBuffer');
      if (!INTEGER_ARRAYS.test(tagOf(array)))
        lib.throwDom('TypeMismatchError', 'getRandomValues fills arrays of integers only');
      if (array.byteLength > RANDOM_BYTES_MAX)
        lib.throwDom('QuotaExceededError', 'getRandomValues fills at most 65536 bytes');
      keys().natives.fillRandom(array);
      return array;
    },
    randomUUID() {
      idl.stateOf(this, CRYPTO);
      return keys().natives.randomUuid();
    },
  });

  var crypto = lib.make(Crypto.prototype, {is: lib.bit.other, kind: CRYPTO});
  lib.scope_members({
    get crypto() { return lib.of(this, lib.bit.global) && crypto; },
  });

  return {Crypto: Crypto, SubtleCrypto: SubtleCrypto, subtle: subtle, crypto: crypto};
});
