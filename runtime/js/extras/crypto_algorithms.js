// SPDX-License-Identifier: MIT
// Algorithm identifiers: which operations know which names, and how their parameters are read.
(function (host) {
  var lib = host.platform;
  var idl = lib.extra('idl');
  var OCTET = 255;
  var SHORT = 65535;
  var LONG = 4294967295;

  function bytes(object, member) {
    return idl.bufferSource(idl.required(object, member, 'Algorithm'), member);
  }

  function optionalBytes(object, member) {
    return object[member] === undefined ? undefined : idl.bufferSource(object[member], member);
  }

  function number(object, member, max) {
    return idl.enforceRange(idl.required(object, member, 'Algorithm'), max, member);
  }

  function optionalNumber(object, member, max) {
    return object[member] === undefined ? undefined : idl.enforceRange(object[member], max, member);
  }

  function hash(object) {
    return normalize('digest', idl.required(object, 'hash', 'Algorithm'));
  }

  // Readers of parameters: each fills `out` from the dictionary.
  var readers = {
    nothing: function () {},
    aesLength: function (out, from) { out.length = number(from, 'length', SHORT); },
    cbc: function (out, from) { out.iv = bytes(from, 'iv'); },
    ctr: function (out, from) {
      out.counter = bytes(from, 'counter');
      out.length = number(from, 'length', OCTET);
    },
    gcm: function (out, from) {
      out.additionalData = optionalBytes(from, 'additionalData');
      out.iv = bytes(from, 'iv');
      out.tagLength = optionalNumber(from, 'tagLength', OCTET);
    },
    hmac: function (out, from) {
      out.hash = hash(from);
      out.length = optionalNumber(from, 'length', LONG);
    },
    hash: function (out, from) { out.hash = hash(from); },
    curve: function (out, from) {
      out.namedCurve = idl.string(idl.required(from, 'namedCurve', 'Algorithm'));
    },
    rsaGenerate: function (out, from) {
      out.modulusLength = number(from, 'modulusLength', LONG);
      var exponent = idl.required(from, 'publicExponent', 'Algorithm');
      if (!(exponent instanceof Uint8Array))
        throw new TypeError('publicExponent is not a Uint8Array');
      out.publicExponent = idl.copyBytes(exponent);
      out.hash = hash(from);
    },
    pss: function (out, from) { out.saltLength = number(from, 'saltLength', LONG); },
    oaep: function (out, from) { out.label = optionalBytes(from, 'label'); },
    ecdh: function (out, from) {
      var key = idl.required(from, 'public', 'Algorithm');
      if (!lib.extra('crypto_key').isKey(key))
        throw new TypeError('public is not a CryptoKey');
      out.public = key;
    },
    hkdf: function (out, from) {
      out.hash = hash(from);
      out.info = bytes(from, 'info');
      out.salt = bytes(from, 'salt');
    },
    pbkdf2: function (out, from) {
      out.hash = hash(from);
      out.iterations = number(from, 'iterations', LONG);
      out.salt = bytes(from, 'salt');
    },
  };

  function each(names, operations) {
    var rows = {};
    names.forEach(function (name) { rows[name] = operations; });
    return rows;
  }

  function merge(tables) {
    return Object.assign.apply(Object, [{}].concat(tables));
  }

  function aes(cipher) {
    return {
      encrypt: cipher, decrypt: cipher, generateKey: 'aesLength', importKey: 'nothing',
      exportKey: 'nothing', getKeyLength: 'aesLength',
    };
  }

  function rsa(sign) {
    return {
      sign: sign, verify: sign, generateKey: 'rsaGenerate', importKey: 'hash',
      exportKey: 'nothing',
    };
  }

  // Spec: WebCryptoAPI#algorithm-normalization-internal
  var registry = merge([
    each(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'], {digest: 'nothing'}),
    {
      'AES-CBC': aes('cbc'), 'AES-CTR': aes('ctr'), 'AES-GCM': aes('gcm'),
      'AES-KW': {
        wrapKey: 'nothing', unwrapKey: 'nothing', generateKey: 'aesLength', importKey: 'nothing',
        exportKey: 'nothing', getKeyLength: 'aesLength',
      },
      'HMAC': {
        sign: 'nothing', verify: 'nothing', generateKey: 'hmac', importKey: 'hmac',
        exportKey: 'nothing', getKeyLength: 'hmac',
      },
      'HKDF': {deriveBits: 'hkdf', importKey: 'nothing', getKeyLength: 'nothing'},
      'PBKDF2': {deriveBits: 'pbkdf2', importKey: 'nothing', getKeyLength: 'nothing'},
      'ECDSA': {
        sign: 'hash', verify: 'hash', generateKey: 'curve', importKey: 'curve',
        exportKey: 'nothing',
      },
      'ECDH': {
        deriveBits: 'ecdh', generateKey: 'curve', importKey: 'curve', exportKey: 'nothing',
      },
      'RSASSA-PKCS1-v1_5': rsa('nothing'), 'RSA-PSS': rsa('pss'),
      'RSA-OAEP': {
        encrypt: 'oaep', decrypt: 'oaep', generateKey: 'rsaGenerate', importKey: 'hash',
        exportKey: 'nothing',
      },
    },
  ]);

  var names = {};
  Object.keys(registry).forEach(function (name) { names[name.toUpperCase()] = name; });

  function supports(operation, name) {
    return registry[name] !== undefined && registry[name][operation] !== undefined;
  }

  function asciiUpper(text) {
    return text.replace(/[a-z]/g, function (c) { return c.toUpperCase(); });
  }

  // Spec: WebCryptoAPI#algorithm-normalization-normalize-an-algorithm
  function normalize(operation, algorithm) {
    var dictionary = lib.isObject(algorithm) ? algorithm : {name: idl.string(algorithm)};
    var given = idl.string(idl.required(dictionary, 'name', 'Algorithm'));
    var key = asciiUpper(given);
    var name = Object.prototype.hasOwnProperty.call(names, key) ? names[key] : undefined;
    if (name === undefined || !supports(operation, name))
      lib.throwDom('NotSupportedError', 'Unrecognized algorithm name: ' + given);
    var out = {name: name};
    readers[registry[name][operation]](out, dictionary);
    return out;
  }

  return {normalize: normalize, supports: supports};
});
