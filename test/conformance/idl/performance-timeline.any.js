// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['hr-time', 'dom'];
idl_test(['performance-timeline'], dependencies, function(idl) {
  var objects = {
    Performance: ['performance'],
    PerformanceObserver: ['new PerformanceObserver(() => {})'],
    PerformanceMark: ["performance.mark('x')"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
