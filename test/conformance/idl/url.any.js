// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = [];
idl_test(['url'], dependencies, function(idl) {
  var objects = {
    URL: ["new URL('http://foo')"],
    URLSearchParams: ["new URLSearchParams('hi=there')"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
