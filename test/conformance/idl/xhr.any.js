// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['dom', 'html'];
idl_test(['xhr'], dependencies, function(idl) {
  var objects = {
    FormData: ['new FormData()'],
    ProgressEvent: ["new ProgressEvent('x')"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
