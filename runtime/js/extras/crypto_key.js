// SPDX-License-Identifier: MIT
// CryptoKey, and what all kinds of keys have in common. The material of a key is bytes that only
// the chunks of the platform see: a secret, PKCS#8 or SubjectPublicKeyInfo.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var KIND = {};
  var USAGES = ['encrypt', 'decrypt', 'sign', 'verify', 'deriveKey', 'deriveBits', 'wrapKey',
    'unwrapKey'];

  function of(object) { return idl.stateOf(object, KIND); }

  // Spec: WebCryptoAPI#cryptokey-interface
  var CryptoKey = idl.makeAbstract('CryptoKey', {
    get type() { return of(this).type; },
    get extractable() { return of(this).extractable; },
    get algorithm() { return of(this).algorithm; },
    get usages() { return of(this).usages; },
  });

  function makeKey(type, algorithm, material) {
    return lib.make(CryptoKey.prototype, {
      is: lib.bit.other, kind: KIND, type: type, algorithm: algorithm, material: material,
      extractable: false, usages: [],
    });
  }

  // The usages as script gave them, in the order of the specification, each once.
  function normalizeUsages(value) {
    var given = lib.sequence(value, 'keyUsages').map(function (usage) {
      return lib.oneOf(idl.string(usage), USAGES, 'KeyUsage');
    });
    return USAGES.filter(function (usage) { return given.indexOf(usage) >= 0; });
  }

  // Fails if a usage is not one that this kind of key may have.
  function checkUsages(usages, allowed) {
    usages.forEach(function (usage) {
      if (allowed.indexOf(usage) < 0)
        lib.throwDom('SyntaxError', 'The key cannot be used for ' + usage);
    });
  }

  function intersect(usages, allowed) {
    return usages.filter(function (usage) { return allowed.indexOf(usage) >= 0; });
  }

  function operationFailed(message) {
    lib.throwDom('OperationError', message || 'The operation failed');
  }

  function badData(message) {
    lib.throwDom('DataError', message);
  }

  // What a native could not do.
  function orFail(result) {
    return result === undefined ? operationFailed() : result;
  }

  function orBadData(result, message) {
    return result === undefined ? badData(message) : result;
  }

  function requireType(state, type) {
    if (state.type !== type)
      lib.throwDom('InvalidAccessError', 'The operation needs a ' + type + ' key');
  }

  function unsupported(format) {
    lib.throwDom('NotSupportedError', 'The format ' + format + ' does not suit the key');
  }

  var JWK_STRINGS = ['kty', 'use', 'alg', 'crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq',
    'qi', 'k'];

  // Converts a dictionary. Spec: WebCryptoAPI#JsonWebKey-dictionary
  function readJwk(value) {
    var jwk = {};
    JWK_STRINGS.forEach(function (member) {
      if (value[member] !== undefined)
        jwk[member] = idl.string(value[member]);
    });
    if (value.ext !== undefined)
      jwk.ext = !!value.ext;
    if (value.key_ops !== undefined)
      jwk.key_ops = lib.sequence(value.key_ops, 'key_ops').map(idl.string);
    if (value.oth !== undefined)
      jwk.oth = value.oth;
    return jwk;
  }

  // The checks that are the same for every key type.
  function checkJwk(jwk, kty, use, extractable, usages) {
    if (jwk.kty !== kty)
      badData("The JWK's kty is not " + kty);
    if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use)
      badData("The JWK's use is not " + use);
    if (jwk.key_ops !== undefined)
      checkKeyOps(jwk.key_ops, usages);
    if (jwk.ext === false && extractable)
      badData('The JWK is not extractable');
  }

  function checkKeyOps(operations, usages) {
    operations.forEach(function (operation, at) {
      if (operations.indexOf(operation) !== at)
        badData("The JWK's key_ops has a value twice");
    });
    usages.forEach(function (usage) {
      if (operations.indexOf(usage) < 0)
        badData("The JWK's key_ops lacks " + usage);
    });
  }

  function jwkBytes(jwk, member) {
    if (jwk[member] === undefined)
      badData("The JWK's " + member + ' is missing');
    return orBadData(natives.fromBase64Url(jwk[member]), "The JWK's " + member
      + ' is not base64url');
  }

  function finishJwk(jwk, state) {
    jwk.key_ops = state.usages.slice();
    jwk.ext = state.extractable;
    return jwk;
  }

  return {
    CryptoKey: CryptoKey, natives: natives, of: of, makeKey: makeKey,
    isKey: function (value) { return idl.isKind(value, KIND); },
    normalizeUsages: normalizeUsages, checkUsages: checkUsages, intersect: intersect,
    operationFailed: operationFailed, badData: badData, orFail: orFail, orBadData: orBadData,
    requireType: requireType, unsupported: unsupported, readJwk: readJwk, checkJwk: checkJwk,
    jwkBytes: jwkBytes, finishJwk: finishJwk,
  };
});
