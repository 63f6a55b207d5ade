// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['dom', 'hr-time', 'wai-aria', 'SVG', 'cssom', 'touch-events', 'uievents',
  'performance-timeline', 'trusted-types', 'service-workers', 'fetch', 'FileAPI', 'url',
  'streams', 'mediacapture-streams', 'media-source', 'webidl'];
idl_test(['html'], dependencies, function(idl) {
  var objects = {
    WorkerLocation: ['self.location'],
    WorkerNavigator: ['self.navigator'],
    MessageChannel: ['new MessageChannel()'],
    MessagePort: ['new MessageChannel().port1'],
    BroadcastChannel: ["new BroadcastChannel('a')"],
    MessageEvent: ["new MessageEvent('a')"],
    ErrorEvent: ["new ErrorEvent('a')"],
    PromiseRejectionEvent: ["new PromiseRejectionEvent('a', {promise: Promise.resolve()})"],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
