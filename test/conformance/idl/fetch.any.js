// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['referrer-policy', 'html', 'dom'];
idl_test(['fetch'], dependencies, function(idl) {
  var objects = {
    Headers: ['new Headers()'],
    Request: ["new Request('about:blank')"],
    Response: ['new Response()'],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
