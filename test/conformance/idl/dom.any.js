// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['fullscreen', 'html', 'observable'];
idl_test(['dom'], dependencies, function(idl) {
  var objects = {
    EventTarget: ['new EventTarget()'],
    Event: ["new Event('foo')"],
    CustomEvent: ["new CustomEvent('foo')"],
    AbortController: ['new AbortController()'],
    AbortSignal: ['new AbortController().signal'],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
