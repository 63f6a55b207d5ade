// SPDX-License-Identifier: MIT
// Algorithms of key pairs: ECDSA, ECDH and the three of RSA.
(function (host) {
  var lib = host.platform;
  var keys = lib.extra('crypto_key');
  var natives = keys.natives;
  var CURVES = {'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512'};
  var RSA_MEMBERS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'];
  var NO_BYTES = new Uint8Array(0);

  function usagesOf(kind, type) {
    return type === 'private' ? kind.privateUsages : kind.publicUsages;
  }

  // What import of SubjectPublicKeyInfo and PKCS#8 has in common. Undefined for other formats.
  function importDer(family, kind, format, data, usages) {
    if (format !== 'spki' && format !== 'pkcs8')
      return undefined;
    var type = format === 'spki' ? 'public' : 'private';
    keys.checkUsages(usages, usagesOf(kind, type));
    var material = natives.importKey(family, type === 'private', data);
    return {type: type, material: keys.orBadData(material, 'The key is not a valid ' + format)};
  }

  function exportDer(format, state) {
    keys.requireType(state, format === 'spki' ? 'public' : 'private');
    return natives.copy(state.material);
  }

  function pair(kind, extractable, usages, make, halves) {
    var privateKey = make('private', halves[0]);
    var publicKey = make('public', halves[1]);
    var own = privateKey[lib.slot];
    var open = publicKey[lib.slot];
    own.extractable = extractable;
    own.usages = keys.intersect(usages, kind.privateUsages);
    open.extractable = true;
    open.usages = keys.intersect(usages, kind.publicUsages);
    return {privateKey: privateKey, publicKey: publicKey};
  }

  function allUsages(kind) {
    return kind.privateUsages.concat(kind.publicUsages);
  }

  // -- Elliptic curves

  function ecMaker(name, curve) {
    return function (type, material) {
      return keys.makeKey(type, {name: name, namedCurve: curve}, material);
    };
  }

  function checkEcJwk(kind, jwk, curve, extractable, usages) {
    keys.checkUsages(usages, usagesOf(kind, jwk.d === undefined ? 'public' : 'private'));
    keys.checkJwk(jwk, 'EC', kind.use, extractable, usages);
    if (jwk.crv !== curve)
      keys.badData("The JWK's crv is not " + curve);
    if (kind.use === 'sig' && jwk.alg !== undefined && jwk.alg !== CURVES[curve])
      keys.badData("The JWK's alg does not suit the curve");
  }

  function importEcJwk(kind, jwk, curve, extractable, usages) {
    checkEcJwk(kind, jwk, curve, extractable, usages);
    var isPrivate = jwk.d !== undefined;
    var material = natives.importEcNumbers(curve, isPrivate, keys.jwkBytes(jwk, 'x'),
      keys.jwkBytes(jwk, 'y'), isPrivate ? keys.jwkBytes(jwk, 'd') : NO_BYTES);
    return {
      type: isPrivate ? 'private' : 'public',
      material: keys.orBadData(material, 'The JWK is not a key of the curve'),
    };
  }

  function importEc(kind) {
    return function (algorithm, format, data, extractable, usages) {
      var curve = algorithm.namedCurve;
      if (CURVES[curve] === undefined)
        keys.badData('Unrecognized curve: ' + curve);
      var half = importDer('EC', kind, format, data, usages);
      if (half !== undefined && natives.curveOf(half.type === 'private', half.material) !== curve)
        keys.badData('The key is not of the curve ' + curve);
      if (format === 'jwk')
        half = importEcJwk(kind, data, curve, extractable, usages);
      if (format === 'raw') {
        keys.checkUsages(usages, kind.publicUsages);
        var point = natives.importEcPoint(curve, data);
        half = {type: 'public', material: keys.orBadData(point, 'The point is not on the curve')};
      }
      return ecMaker(algorithm.name, curve)(half.type, half.material);
    };
  }

  function exportEc(kind) {
    return function (format, state) {
      if (format === 'jwk')
        return exportEcJwk(kind, state);
      if (format !== 'raw')
        return exportDer(format, state);
      keys.requireType(state, 'public');
      return keys.orFail(natives.exportEcPoint(state.material));
    };
  }

  function exportEcJwk(kind, state) {
    var numbers = keys.orFail(natives.exportEcNumbers(state.type === 'private', state.material));
    var jwk = {kty: 'EC', crv: state.algorithm.namedCurve};
    jwk.x = natives.toBase64Url(numbers[0]);
    jwk.y = natives.toBase64Url(numbers[1]);
    if (state.type === 'private')
      jwk.d = natives.toBase64Url(numbers[2]);
    return keys.finishJwk(jwk, state);
  }

  function ec(kind, operations) {
    return Object.assign({
      generateKey: function (algorithm, extractable, usages) {
        keys.checkUsages(usages, allUsages(kind));
        var curve = algorithm.namedCurve;
        if (CURVES[curve] === undefined)
          lib.throwDom('NotSupportedError', 'Unrecognized curve: ' + curve);
        return pair(kind, extractable, usages, ecMaker(algorithm.name, curve),
          keys.orFail(natives.generateEc(curve)));
      },
      importKey: importEc(kind),
      exportKey: exportEc(kind),
    }, operations);
  }

  // Spec: WebCryptoAPI#ecdh-operations-derive-bits
  function deriveEcdh(algorithm, state, length) {
    keys.requireType(state, 'private');
    var peer = keys.of(algorithm.public);
    keys.requireType(peer, 'public');
    if (peer.algorithm.name !== 'ECDH' || peer.algorithm.namedCurve !== state.algorithm.namedCurve)
      lib.throwDom('InvalidAccessError', 'The keys are not of the same curve');
    var secret = keys.orFail(natives.ecdh(state.material, peer.material));
    if (length === null)
      return secret;
    if (length > secret.length * 8)
      keys.operationFailed('The secret is shorter than the length asked for');
    var bits = natives.copy(secret, Math.ceil(length / 8));
    if (length % 8 !== 0)
      bits[bits.length - 1] &= 0xff << (8 - length % 8);
    return bits;
  }

  // -- Signatures

  // `describe(algorithm, state)` gives [kind of the native, hash, length of the salt].
  function signatures(describe) {
    return {
      sign: function (algorithm, state, data) {
        keys.requireType(state, 'private');
        var scheme = describe(algorithm, state);
        return keys.orFail(natives.sign(scheme[0], scheme[1], scheme[2], state.material, data));
      },
      verify: function (algorithm, state, signature, data) {
        keys.requireType(state, 'public');
        var scheme = describe(algorithm, state);
        return natives.verify(scheme[0], scheme[1], scheme[2], state.material, signature, data);
      },
    };
  }

  function ecdsa(algorithm) { return ['ECDSA', algorithm.hash.name, 0]; }
  function pkcs1(algorithm, state) { return ['RSASSA-PKCS1-v1_5', state.algorithm.hash.name, 0]; }
  function pss(algorithm, state) {
    return ['RSA-PSS', state.algorithm.hash.name, Math.min(algorithm.saltLength, 65536)];
  }

  // -- RSA

  function bitsOf(number) {
    var bits = number.length * 8;
    for (var top = 0x80; top > number[0]; top >>= 1)
      bits--;
    return bits;
  }

  function rsaMaker(name, hash) {
    return function (type, material) {
      var numbers = keys.orFail(natives.exportRsaNumbers(type === 'private', material));
      return keys.makeKey(type, {
        name: name, modulusLength: bitsOf(numbers[0]), publicExponent: numbers[1],
        hash: {name: hash.name},
      }, material);
    };
  }

  function rsaJwk(kind, hash) {
    var digits = hash.name.slice(4);
    if (kind.prefix !== 'RSA-OAEP')
      return kind.prefix + digits;
    return digits === '1' ? 'RSA-OAEP' : 'RSA-OAEP-' + digits;
  }

  function importRsaJwk(kind, algorithm, jwk, extractable, usages) {
    var type = jwk.d === undefined ? 'public' : 'private';
    keys.checkUsages(usages, usagesOf(kind, type));
    keys.checkJwk(jwk, 'RSA', kind.use, extractable, usages);
    if (jwk.alg !== undefined && jwk.alg !== rsaJwk(kind, algorithm.hash))
      keys.badData("The JWK's alg does not suit the algorithm");
    if (jwk.oth !== undefined)
      lib.throwDom('NotSupportedError', 'RSA keys of more than two primes are not supported');
    var members = type === 'private' ? RSA_MEMBERS : RSA_MEMBERS.slice(0, 2);
    var numbers = members.map(function (member) { return keys.jwkBytes(jwk, member); });
    var material = natives.importRsaNumbers(type === 'private', numbers);
    return {type: type, material: keys.orBadData(material, 'The JWK is not an RSA key')};
  }

  function importRsa(kind) {
    return function (algorithm, format, data, extractable, usages) {
      var half = format === 'jwk' ? importRsaJwk(kind, algorithm, data, extractable, usages)
        : importDer('RSA', kind, format, data, usages);
      if (half === undefined)
        keys.unsupported(format);
      return rsaMaker(algorithm.name, algorithm.hash)(half.type, half.material);
    };
  }

  function exportRsa(kind) {
    return function (format, state) {
      if (format === 'raw')
        keys.unsupported(format);
      if (format !== 'jwk')
        return exportDer(format, state);
      var numbers = keys.orFail(
        natives.exportRsaNumbers(state.type === 'private', state.material));
      var jwk = {kty: 'RSA', alg: rsaJwk(kind, state.algorithm.hash)};
      numbers.forEach(function (number, at) {
        jwk[RSA_MEMBERS[at]] = natives.toBase64Url(number);
      });
      return keys.finishJwk(jwk, state);
    };
  }

  function rsa(kind, operations) {
    return Object.assign({
      generateKey: function (algorithm, extractable, usages) {
        keys.checkUsages(usages, allUsages(kind));
        var halves = natives.generateRsa(algorithm.modulusLength, algorithm.publicExponent);
        return pair(kind, extractable, usages, rsaMaker(algorithm.name, algorithm.hash),
          keys.orFail(halves));
      },
      importKey: importRsa(kind),
      exportKey: exportRsa(kind),
    }, operations);
  }

  function oaep(encrypts, type) {
    return function (algorithm, state, data) {
      keys.requireType(state, type);
      return keys.orFail(natives.oaep(encrypts, state.algorithm.hash.name, state.material,
        algorithm.label || NO_BYTES, data));
    };
  }

  var SIGNS = {privateUsages: ['sign'], publicUsages: ['verify'], use: 'sig'};
  var DERIVES = {privateUsages: ['deriveKey', 'deriveBits'], publicUsages: [], use: 'enc'};

  function signing(prefix) { return Object.assign({prefix: prefix}, SIGNS); }

  return {
    'ECDSA': ec(SIGNS, signatures(ecdsa)),
    'ECDH': ec(DERIVES, {deriveBits: deriveEcdh}),
    'RSASSA-PKCS1-v1_5': rsa(signing('RS'), signatures(pkcs1)),
    'RSA-PSS': rsa(signing('PS'), signatures(pss)),
    'RSA-OAEP': rsa({
      prefix: 'RSA-OAEP', use: 'enc', privateUsages: ['decrypt', 'unwrapKey'],
      publicUsages: ['encrypt', 'wrapKey'],
    }, {encrypt: oaep(true, 'public'), decrypt: oaep(false, 'private')}),
  };
});
