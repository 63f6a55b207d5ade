// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_extras/crypto_fixtures.hpp"
#include "test/unit/runtime_extras/crypto_runner.hpp"

namespace offstage::test {

namespace {

// Fixtures of one curve as script variables.
void use_curve(crypto_runner& script, const std::string& curve) {
  const bool is_256 = curve == "P-256";
  const bool is_384 = curve == "P-384";
  script.define("curve", curve.c_str());
  script.define("pkcs8", is_256 ? p256_pkcs8 : is_384 ? p384_pkcs8 : p521_pkcs8);
  script.define("spki", is_256 ? p256_spki : is_384 ? p384_spki : p521_spki);
  script.define("signature", is_256 ? p256_signature : is_384 ? p384_signature : p521_signature);
  script.define("peer", is_256 ? p256_peer : is_384 ? p384_peer : p521_peer);
  script.define("secret", is_256 ? p256_secret : is_384 ? p384_secret : p521_secret);
}

constexpr const char* curves[] = {"P-256", "P-384", "P-521"};

} // namespace

TEST_CASE("ECDSA verifies what others signed and signs what it verifies") {
  for (const auto* curve : curves) {
    CAPTURE(curve);
    crypto_runner script;
    use_curve(script, curve);
    CHECK(script.run(R"js(
      var ec = {name: 'ECDSA', namedCurve: curve}, how = {name: 'ECDSA', hash: 'SHA-256'};
      var open, own;
      Promise.all([subtle.importKey('spki', unhex(spki), ec, true, ['verify']),
                   subtle.importKey('pkcs8', unhex(pkcs8), ec, true, ['sign'])])
        .then(function (keys) {
          open = keys[0]; own = keys[1];
          return Promise.all([subtle.verify(how, open, unhex(signature), utf8('offstage')),
                              subtle.verify(how, open, unhex(signature), utf8('Offstage')),
                              subtle.verify(how, open, utf8('short'), utf8('offstage')),
                              subtle.sign(how, own, utf8('offstage'))]);
        }).then(function (r) {
          print(r[0], r[1], r[2], r[3].byteLength === signature.length / 2);
          return subtle.verify(how, open, r[3], utf8('offstage'));
        }).then(print);
    )js") == "true false false true\ntrue\n");
    CHECK(script.run("errors([subtle.sign(how, open, utf8('')), subtle.verify(how, own, utf8(''), "
                     "utf8('')), subtle.sign('ECDSA', own, utf8(''))])")
          == "InvalidAccessError InvalidAccessError TypeError\n");
  }
}

TEST_CASE("keys of curves come back the same in every format") {
  for (const auto* curve : curves) {
    CAPTURE(curve);
    crypto_runner script;
    use_curve(script, curve);
    CHECK(script.run(R"js(
      var ec = {name: 'ECDSA', namedCurve: curve};
      function again(format, usages) {
        return function (key) {
          return subtle.exportKey(format, key).then(function (data) {
            return subtle.importKey(format, data, ec, true, usages);
          });
        };
      }
      function show(format) {
        return function (key) { return subtle.exportKey(format, key).then(hex); };
      }
      subtle.importKey('spki', unhex(spki), ec, true, ['verify'])
        .then(again('raw', ['verify'])).then(again('jwk', ['verify'])).then(again('spki', []))
        .then(show('spki')).then(function (text) { print(text === spki); });
      subtle.importKey('pkcs8', unhex(pkcs8), ec, true, ['sign'])
        .then(again('jwk', ['sign'])).then(again('pkcs8', ['sign']))
        .then(show('pkcs8')).then(function (text) { print(text === pkcs8); });
    )js") == "true\ntrue\n");
  }
}

TEST_CASE("ECDH derives the bits that its peer derives") {
  for (const auto* curve : curves) {
    CAPTURE(curve);
    crypto_runner script;
    use_curve(script, curve);
    CHECK(script.run(R"js(
      var ec = {name: 'ECDH', namedCurve: curve};
      var own, theirs;
      Promise.all([subtle.importKey('pkcs8', unhex(pkcs8), ec, false, ['deriveBits', 'deriveKey']),
                   subtle.importKey('raw', unhex(peer), ec, true, [])])
        .then(function (keys) {
          own = keys[0]; theirs = keys[1];
          var how = {name: 'ECDH', public: theirs};
          return Promise.all([subtle.deriveBits(how, own), subtle.deriveBits(how, own, 20),
            subtle.deriveKey(how, own, {name: 'AES-CBC', length: 256}, true, ['encrypt'])
              .then(function (key) { return subtle.exportKey('raw', key); })]);
        }).then(function (r) {
          print(hex(r[0]) === secret, hex(r[2]) === secret.slice(0, 64));
          print(hex(r[1]) === secret.slice(0, 5) + '0');
        });
    )js") == "true true\ntrue\n");
    CHECK(script.run("errors([subtle.deriveBits({name: 'ECDH', public: own}, own, null), "
                     "subtle.deriveBits({name: 'ECDH', public: theirs}, own, 1000), "
                     "subtle.deriveBits({name: 'ECDH', public: {}}, own, 8), "
                     "subtle.deriveBits({name: 'ECDH', public: theirs}, theirs, 8)])")
          == "InvalidAccessError OperationError TypeError InvalidAccessError\n");
  }
}

TEST_CASE("foreign keys of curves are refused when anything is wrong") {
  crypto_runner script;
  use_curve(script, "P-256");
  CHECK(script.run(R"js(
    var ec = {name: 'ECDSA', namedCurve: 'P-256'};
    function raw(bytes, usages) { return subtle.importKey('raw', bytes, ec, true, usages || []); }
    var outside = unhex(peer); outside[64] ^= 1;
    var longer = unhex(spki + '00');
    errors([raw(unhex(peer)), raw(outside), raw(unhex('00')), raw(new Uint8Array(0)),
            raw(unhex(peer), ['sign']),
            subtle.importKey('spki', longer, ec, true, []),
            subtle.importKey('spki', unhex(spki), {name: 'ECDSA', namedCurve: 'P-384'}, true, []),
            subtle.importKey('spki', unhex(spki), {name: 'RSA-PSS', hash: 'SHA-256'}, true, []),
            subtle.importKey('pkcs8', unhex(spki), ec, true, ['sign']),
            subtle.importKey('pkcs8', unhex(pkcs8), ec, true, []),
            subtle.importKey('raw', unhex(peer), {name: 'ECDSA', namedCurve: 'P-1'}, true, []),
            subtle.importKey('jwk', {kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA'}, ec, true, []),
            subtle.generateKey({name: 'ECDSA', namedCurve: 'P-1'}, true, ['sign']),
            subtle.generateKey(ec, true, ['verify']), subtle.generateKey(ec, true, ['encrypt'])]);
  )js")
        == "no error DataError DataError DataError SyntaxError DataError DataError DataError "
           "DataError SyntaxError DataError DataError NotSupportedError SyntaxError SyntaxError\n");
}

TEST_CASE("a compressed point is the key it stands for") {
  crypto_runner script;
  use_curve(script, "P-256");
  CHECK(script.run(R"js(
    var ec = {name: 'ECDSA', namedCurve: 'P-256'}, whole = unhex(peer);
    var short = new Uint8Array(33);
    short.set(whole.subarray(0, 33));
    short[0] = 2 + (whole[64] & 1);
    subtle.importKey('raw', short, ec, true, ['verify'])
      .then(function (key) { return subtle.exportKey('raw', key); })
      .then(function (data) { print(hex(data) === peer); });
  )js") == "true\n");
}

TEST_CASE("RSA signatures, encryption and formats agree with another implementation") {
  crypto_runner script;
  script.define("pkcs8", rsa_pkcs8);
  script.define("spki", rsa_spki);
  script.define("pkcs1", rsa_pkcs1_signature);
  script.define("pss", rsa_pss_signature);
  script.define("oaep", rsa_oaep_text);
  CHECK(script.run(R"js(
    function own(algorithm, usages) {
      return subtle.importKey('pkcs8', unhex(pkcs8), algorithm, true, usages);
    }
    function open(algorithm, usages) {
      return subtle.importKey('spki', unhex(spki), algorithm, true, usages);
    }
    var PKCS1 = {name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256'};
    var PSS = {name: 'RSA-PSS', hash: 'SHA-384', saltLength: 48};
    var OAEP = {name: 'RSA-OAEP', hash: 'SHA-256', label: utf8('label')};
    own(PKCS1, ['sign']).then(function (key) { return subtle.sign(PKCS1, key, utf8('offstage')); })
      .then(function (data) { print('pkcs1', hex(data) === pkcs1); })
      .then(function () { return open(PKCS1, ['verify']); })
      .then(function (key) { return subtle.verify(PKCS1, key, unhex(pkcs1), utf8('offstage')); })
      .then(function (good) { print('pkcs1', good); })
      .then(function () { return open(PSS, ['verify']); })
      .then(function (key) { return subtle.verify(PSS, key, unhex(pss), utf8('offstage')); })
      .then(function (good) { print('pss', good); })
      .then(function () { return own(OAEP, ['decrypt']); })
      .then(function (key) { return subtle.decrypt(OAEP, key, unhex(oaep)); })
      .then(function (data) { print('oaep', hex(data) === hex(utf8('offstage'))); });
  )js") == "pkcs1 true\npkcs1 true\npss true\noaep true\n");
  CHECK(script.run(R"js(
    own(PKCS1, ['sign']).then(function (key) { return subtle.exportKey('jwk', key); })
      .then(function (jwk) {
        print(Object.keys(jwk).sort().join(), jwk.alg, jwk.e);
        return subtle.importKey('jwk', jwk, PKCS1, true, ['sign']);
      }).then(function (key) {
        print(key.algorithm.modulusLength, hex(key.algorithm.publicExponent));
        return subtle.exportKey('pkcs8', key);
      }).then(function (data) { print(hex(data) === pkcs8); });
  )js") == "alg,d,dp,dq,e,ext,key_ops,kty,n,p,q,qi RS256 AQAB\n2048 010001\ntrue\n");
}

TEST_CASE("RSA keys that are generated work, and impossible ones are refused") {
  crypto_runner script;
  CHECK(script.run(R"js(
    var how = {name: 'RSA-OAEP', modulusLength: 1024, publicExponent: unhex('010001'),
               hash: 'SHA-1'};
    subtle.generateKey(how, false, ['encrypt', 'decrypt']).then(function (pair) {
      print(pair.publicKey.extractable, pair.privateKey.extractable, pair.publicKey.usages,
            pair.privateKey.usages, pair.privateKey.algorithm.modulusLength);
      return subtle.encrypt('RSA-OAEP', pair.publicKey, utf8('to be')).then(function (data) {
        return subtle.decrypt('RSA-OAEP', pair.privateKey, data);
      });
    }).then(function (data) { print(hex(data) === hex(utf8('to be'))); });
  )js") == "true false encrypt decrypt 1024\ntrue\n");
  CHECK(script.run(R"js(
    function make(changes) {
      return subtle.generateKey(Object.assign({}, how, changes), true, ['decrypt']);
    }
    errors([make({modulusLength: 100}), make({modulusLength: 1048576}),
            make({publicExponent: unhex('02')}), make({publicExponent: unhex('01')}),
            make({publicExponent: new Uint8Array(0)}), make({publicExponent: new Uint8Array(64)}),
            make({publicExponent: [1, 0, 1]}), make({hash: 'MD5'}), make({hash: undefined})]);
  )js")
        == "OperationError OperationError OperationError OperationError OperationError "
           "OperationError TypeError NotSupportedError TypeError\n");
}

} // namespace offstage::test
