// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['dom', 'html', 'url'];
idl_test(['FileAPI'], dependencies, function(idl) {
  var objects = {
    Blob: ["new Blob(['x'])"],
    File: ["new File(['x'], 'y')"],
    FileReader: ['new FileReader()'],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
