// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

var dependencies = ['fetch', 'html', 'dom'];
idl_test(['service-workers'], dependencies, function(idl) {
  var objects = {
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  if (scope === 'ServiceWorkerGlobalScope') {
    objects.Clients = ['clients'];
    objects.ServiceWorkerRegistration = ['registration'];
    objects.ServiceWorker = ['serviceWorker'];
    objects.ExtendableEvent = ["new ExtendableEvent('a')"];
    objects.InstallEvent = ["new InstallEvent('a')"];
    objects.FetchEvent = ["new FetchEvent('a', {request: new Request('/')})"];
    objects.ExtendableMessageEvent = ["new ExtendableMessageEvent('a')"];
  }
  objects.CacheStorage = ['caches'];
  objects.ServiceWorkerContainer = ['navigator.serviceWorker'];
  idl.add_objects(objects);
});
