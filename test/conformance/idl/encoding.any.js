// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['streams'];
idl_test(['encoding'], dependencies, function(idl) {
  var objects = {
    TextEncoder: ['new TextEncoder()'],
    TextDecoder: ['new TextDecoder()'],
    TextEncoderStream: ['new TextEncoderStream()'],
    TextDecoderStream: ['new TextDecoderStream()'],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
