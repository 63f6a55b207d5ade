// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['hr-time', 'performance-timeline', 'dom'];
idl_test(['user-timing'], dependencies, function(idl) {
  var objects = {
    PerformanceMark: ["performance.mark('x')"],
    PerformanceMeasure: ["performance.measure('y')"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
