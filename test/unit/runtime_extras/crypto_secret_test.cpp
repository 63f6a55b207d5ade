// SPDX-License-Identifier: MIT
// Vectors: FIPS 180-4, RFC 4231, SP 800-38A, the GCM specification, RFC 3394, 6070 and 5869.
#include <doctest/doctest.h>

#include "test/unit/runtime_extras/crypto_fixtures.hpp"
#include "test/unit/runtime_extras/crypto_runner.hpp"

namespace offstage::test {

namespace {

std::string import_raw(const std::string& bytes, const std::string& algorithm,
                       const std::string& usages, const std::string& then) {
  return "subtle.importKey('raw', " + bytes + ", " + algorithm + ", true, " + usages
         + ").then(function (key) { return " + then + "; })";
}

} // namespace

TEST_CASE("digests of the four hashes") {
  crypto_runner script;
  const auto digest = [&](const std::string& hash) {
    return script.settle("subtle.digest('" + hash + "', utf8('abc')).then(hex)");
  };
  CHECK(digest("sha-1") == "a9993e364706816aba3e25717850c26c9cd0d89d\n");
  CHECK(digest("SHA-256") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
  CHECK(digest("SHA-384")
        == "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca"
           "134c825a7\n");
  CHECK(digest("SHA-512")
        == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c2"
           "3a3feebbd454d4423643ce80e2a9ac94fa54ca49f\n");
  CHECK(script.settle("subtle.digest({name: 'SHA-256'}, new ArrayBuffer(0)).then(hex)")
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
}

TEST_CASE("digest takes its data before it returns and gives a promise for every error") {
  crypto_runner script;
  CHECK(script.settle("(function () { var b = utf8('abc'), p = subtle.digest('SHA-1', b); b[0] = "
                      "0; return p.then(hex); })()")
        == "a9993e364706816aba3e25717850c26c9cd0d89d\n");
  CHECK(script.run("errors([subtle.digest('MD5', utf8('')), subtle.digest({}, utf8('')), "
                   "subtle.digest('SHA-1', 'abc'), subtle.digest('SHA-1'), "
                   "subtle.digest.call({}, 'SHA-1', utf8(''))])")
        == "NotSupportedError TypeError TypeError TypeError TypeError\n");
}

TEST_CASE("HMAC signs, verifies and shows its key") {
  crypto_runner script;
  CHECK(script.settle(import_raw("utf8('Jefe')", "{name: 'hmac', hash: 'SHA-256'}", "['sign']",
                                 "subtle.sign('HMAC', key, utf8('what do ya want for nothing?'))")
                      + ".then(hex)")
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\n");
  CHECK(
      script.settle(import_raw("utf8('Jefe')", "{name: 'HMAC', hash: 'SHA-1'}",
                               "['verify', 'sign', 'verify']", "key")
                    + ".then(function (key) { return Promise.all(["
                      "subtle.verify('HMAC', key, unhex('effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'"
                      "), utf8('what do ya want for nothing?')),"
                      "subtle.verify('HMAC', key, new Uint8Array(20), utf8('x')),"
                      "subtle.exportKey('jwk', key).then(JSON.stringify)]); })")
      == "true,false,{\"kty\":\"oct\",\"k\":\"SmVmZQ\",\"alg\":\"HS1\",\"key_ops\":[\"sign\","
         "\"verify\"],\"ext\":true}\n");
  CHECK(script.settle("subtle.generateKey({name: 'HMAC', hash: 'SHA-384'}, false, ['sign']).then("
                      "function (key) { return [key.type, key.extractable, key.algorithm.name, "
                      "key.algorithm.hash.name, key.algorithm.length, key.usages, String(key), "
                      "key.algorithm === key.algorithm].join(); })")
        == "secret,false,HMAC,SHA-384,1024,sign,[object CryptoKey],true\n");
}

TEST_CASE("AES-CBC and AES-CTR agree with SP 800-38A") {
  crypto_runner script;
  const std::string key = "unhex('2b7e151628aed2a6abf7158809cf4f3c')";
  const std::string text = "unhex('6bc1bee22e409f96e93d7e117393172a')";
  CHECK(script.settle(import_raw(key, "'AES-CBC'", "['encrypt']",
                                 "subtle.encrypt({name: 'AES-CBC', iv: unhex("
                                 "'000102030405060708090a0b0c0d0e0f')}, key, "
                                     + text + ")")
                      + ".then(function (b) { return hex(b).slice(0, 32) + b.byteLength; })")
        == "7649abac8119b246cee98e9b12e9197d32\n");
  CHECK(script.settle(import_raw(key, "'AES-CTR'", "['encrypt']",
                                 "subtle.encrypt({name: 'AES-CTR', length: 64, counter: unhex("
                                 "'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff')}, key, "
                                     + text + ")")
                      + ".then(hex)")
        == "874d6191b620e3261bef6864990db6ce\n");
}

TEST_CASE("the counter of AES-CTR wraps within its own bits") {
  crypto_runner script;
  const auto wrap = [&](const std::string& bits) {
    return script.settle(import_raw("new Uint8Array(16)", "'AES-CTR'", "['encrypt']",
                                    "subtle.encrypt({name: 'AES-CTR', length: " + bits
                                        + ", counter: repeat(255, 16)}, key, new Uint8Array(50))")
                         + ".then(hex)");
  };
  CHECK(wrap("4") == std::string{ctr_wrap_4} + "\n");
  CHECK(wrap("8") == std::string{ctr_wrap_8} + "\n");
  CHECK(wrap("64") == std::string{ctr_wrap_64} + "\n");
  CHECK(wrap("128") == std::string{ctr_wrap_128} + "\n");
  CHECK(wrap("1").find("OperationError") == 0);
  CHECK(wrap("0").find("OperationError") == 0);
  CHECK(wrap("129").find("OperationError") == 0);
}

TEST_CASE("AES-GCM authenticates text and additional data") {
  crypto_runner script;
  script.run(R"js(
    var gcm = {name: 'AES-GCM', iv: unhex('cafebabefacedbaddecaf888'),
               additionalData: unhex('feedfacedeadbeeffeedfacedeadbeefabaddad2')};
    var text = unhex('d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
                     '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39');
    var secret;
    subtle.importKey('raw', unhex('feffe9928665731c6d6a8f9467308308'), 'AES-GCM', false,
                     ['encrypt', 'decrypt']).then(function (key) { secret = key; });
  )js");
  const std::string sealed =
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac"
      "84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47";
  CHECK(script.settle("subtle.encrypt(gcm, secret, text).then(hex)") == sealed + "\n");
  script.define("sealed", sealed.c_str());
  CHECK(script.settle("subtle.decrypt(gcm, secret, unhex(sealed)).then(hex).then(function (h) { "
                      "return h === hex(text); })")
        == "true\n");
  CHECK(script.run("errors([subtle.decrypt(gcm, secret, unhex(sealed.slice(2) + '00')),"
                   "subtle.decrypt(gcm, secret, unhex('00')),"
                   "subtle.encrypt(Object.assign({}, gcm, {tagLength: 1}), secret, text),"
                   "subtle.encrypt(Object.assign({}, gcm, {tagLength: 256}), secret, text),"
                   "subtle.encrypt({name: 'AES-GCM'}, secret, text),"
                   "subtle.encrypt({name: 'AES-CBC', iv: new Uint8Array(16)}, secret, text),"
                   "subtle.exportKey('raw', secret), subtle.sign('HMAC', secret, text)])")
        == "OperationError OperationError OperationError TypeError TypeError InvalidAccessError "
           "InvalidAccessError InvalidAccessError\n");
  CHECK(script.settle("subtle.encrypt({name: 'AES-GCM', iv: new Uint8Array(12), tagLength: 96}, "
                      "secret, new Uint8Array(0)).then(function (b) { return b.byteLength; })")
        == "12\n");
}

TEST_CASE("AES-KW wraps keys, and so does encrypting them") {
  crypto_runner script;
  CHECK(script.run(R"js(
    var kek, key;
    Promise.all([
      subtle.importKey('raw', unhex('000102030405060708090a0b0c0d0e0f'), 'AES-KW', true,
                       ['wrapKey', 'unwrapKey']),
      subtle.importKey('raw', unhex('00112233445566778899aabbccddeeff'), 'AES-CBC', true,
                       ['encrypt'])
    ]).then(function (both) {
      kek = both[0]; key = both[1];
      return subtle.wrapKey('raw', key, kek, 'AES-KW');
    }).then(function (wrapped) {
      print(hex(wrapped));
      return subtle.unwrapKey('raw', wrapped, kek, 'AES-KW', 'AES-CBC', true, ['decrypt']);
    }).then(function (back) {
      return subtle.exportKey('raw', back);
    }).then(function (raw) { print(hex(raw)); });
  )js") == "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5\n00112233445566778899aabbccddeeff\n");
  CHECK(script.run(R"js(
    var gcm = {name: 'AES-GCM', iv: new Uint8Array(12)}, wrapping;
    subtle.generateKey({name: 'AES-GCM', length: 256}, false, ['wrapKey', 'unwrapKey'])
      .then(function (made) { wrapping = made; return subtle.wrapKey('jwk', key, made, gcm); })
      .then(function (wrapped) {
        return subtle.unwrapKey('jwk', wrapped, wrapping, gcm, 'AES-CBC', true, ['encrypt']);
      }).then(function (back) { return subtle.exportKey('raw', back); })
      .then(function (raw) { print(hex(raw)); });
  )js") == "00112233445566778899aabbccddeeff\n");
  CHECK(script.run("errors([subtle.unwrapKey('raw', new Uint8Array(24), kek, 'AES-KW', 'AES-CBC', "
                   "true, ['decrypt']), subtle.wrapKey('raw', key, key, 'AES-KW')])")
        == "OperationError InvalidAccessError\n");
}

TEST_CASE("PBKDF2 and HKDF derive bits and keys") {
  crypto_runner script;
  CHECK(script.settle("subtle.importKey('raw', utf8('password'), 'PBKDF2', false, ['deriveBits'])"
                      ".then(function (key) { return subtle.deriveBits({name: 'PBKDF2', hash: "
                      "'SHA-1', salt: utf8('salt'), iterations: 4096}, key, 160); }).then(hex)")
        == "4b007901b765489abead49d926f721d065a429c1\n");
  script.run("var ikm; subtle.importKey('raw', repeat(11, 22), 'HKDF', false, ['deriveBits', "
             "'deriveKey']).then(function (key) { ikm = key; });"
             "var hkdf = {name: 'HKDF', hash: 'SHA-256', salt: unhex('000102030405060708090a0b0c'),"
             " info: unhex('f0f1f2f3f4f5f6f7f8f9')};");
  CHECK(
      script.settle("subtle.deriveBits(hkdf, ikm, 336).then(hex)")
      == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865\n");
  CHECK(script.settle("subtle.deriveKey(hkdf, ikm, {name: 'AES-GCM', length: 128}, true, "
                      "['encrypt']).then(function (key) { return subtle.exportKey('raw', key); })"
                      ".then(hex)")
        == "3cb25f25faacd57a90434f64d0362f2a\n");
  CHECK(
      script.run("errors([subtle.deriveBits(hkdf, ikm, null), subtle.deriveBits(hkdf, ikm, 7), "
                 "subtle.deriveBits(hkdf, ikm, 8 * 255 * 32 + 8), "
                 "subtle.deriveKey(hkdf, ikm, {name: 'AES-GCM', length: 100}, true, ['encrypt']),"
                 "subtle.deriveKey(hkdf, ikm, {name: 'AES-GCM', length: 128}, true, []),"
                 "subtle.importKey('raw', utf8('x'), 'HKDF', true, ['deriveBits']),"
                 "subtle.importKey('raw', utf8('x'), 'HKDF', false, ['sign']),"
                 "subtle.importKey('jwk', {kty: 'oct', k: 'AA'}, 'HKDF', false, ['deriveBits'])])")
      == "OperationError OperationError OperationError OperationError SyntaxError SyntaxError "
         "SyntaxError NotSupportedError\n");
}

TEST_CASE("PBKDF2 refuses work that would hold the thread for long") {
  crypto_runner script;
  script.run("var pw; subtle.importKey('raw', utf8('password'), 'PBKDF2', false, ['deriveBits'])"
             ".then(function (key) { pw = key; });"
             "function bits(iterations, length) { return subtle.deriveBits({name: 'PBKDF2', hash: "
             "'SHA-256', salt: utf8('salt'), iterations: iterations}, pw, length); }");
  CHECK(script.run("errors([bits(0, 256), bits(4294967295, 256), bits(1000, 8 * 1048576), "
                   "bits(4294967296, 256)])")
        == "OperationError OperationError OperationError TypeError\n");
}

TEST_CASE("secret keys are imported only if everything about them fits") {
  crypto_runner script;
  CHECK(
      script.run(R"js(
    var jwk = {kty: 'oct', k: 'AAAAAAAAAAAAAAAAAAAAAA', alg: 'A128GCM', ext: false};
    function from(changes, extractable, usages) {
      return subtle.importKey('jwk', Object.assign({}, jwk, changes), 'AES-GCM', !!extractable,
                              usages || ['encrypt']);
    }
    errors([from({}), from({}, true), from({alg: 'A256GCM'}), from({kty: 'EC'}), from({k: 'A+A='}),
            from({k: undefined}), from({use: 'sig'}), from({key_ops: ['decrypt']}),
            from({key_ops: ['encrypt', 'encrypt']}), from({}, false, []), from({}, false, ['sign']),
            from({}, false, ['nothing']),
            subtle.importKey('raw', new Uint8Array(15), 'AES-GCM', true, ['encrypt']),
            subtle.importKey('raw', jwk, 'AES-GCM', true, ['encrypt']),
            subtle.importKey('jwk', new Uint8Array(16), 'AES-GCM', true, ['encrypt']),
            subtle.importKey('spki', new Uint8Array(16), 'AES-GCM', true, ['encrypt']),
            subtle.importKey('der', new Uint8Array(16), 'AES-GCM', true, ['encrypt']),
            subtle.importKey('raw', new Uint8Array(0), {name: 'HMAC', hash: 'SHA-1'}, true,
                             ['sign'])]);
  )js")
      == "no error DataError DataError DataError DataError DataError DataError DataError DataError "
         "SyntaxError SyntaxError TypeError DataError TypeError TypeError NotSupportedError "
         "TypeError DataError\n");
}

TEST_CASE("getRandomValues fills integer arrays, randomUUID has its version") {
  crypto_runner script;
  CHECK(
      script.evaluate("(function () { var a = new Uint8Array(32); return "
                      "crypto.getRandomValues(a) === a && hex(a) !== hex(new Uint8Array(32)); })()")
      == "true");
  CHECK(script.evaluate("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/"
                        ".test(crypto.randomUUID())")
        == "true");
  CHECK(script.evaluate("crypto.getRandomValues(new Float32Array(1))").find("TypeMismatchError")
        == 0);
  CHECK(script.evaluate("crypto.getRandomValues(new Uint8Array(65537))").find("QuotaExceededError")
        == 0);
  CHECK(script.evaluate("crypto.getRandomValues([])").find("TypeError") == 0);
  CHECK(script.evaluate("crypto.subtle === crypto.subtle && crypto === crypto") == "true");
  CHECK(script.evaluate("new CryptoKey()").find("TypeError") == 0);
  CHECK(script.evaluate("new Crypto()").find("TypeError") == 0);
}

} // namespace offstage::test
