// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['streams'];
idl_test(['compression'], dependencies, function(idl) {
  var objects = {
    CompressionStream: ["new CompressionStream('deflate')"],
    DecompressionStream: ["new DecompressionStream('deflate')"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
