// SPDX-License-Identifier: MIT
// Turns the scope of a service worker into that of a dedicated worker. The interfaces and members
// that only service workers have go. Nobody is at the other end of its message port: messages are
// cloned, as the sender can observe, and then dropped.
(function(host) {
var lib = host.platform;
var G = lib.global;
var clone = G.structuredClone;

[
  'ServiceWorkerGlobalScope', 'ExtendableEvent', 'FetchEvent', 'InstallEvent',
  'ExtendableMessageEvent', 'PushEvent', 'PushMessageData', 'SyncEvent', 'NotificationEvent',
  'Client', 'Clients',
  'WindowClient', 'ServiceWorker', 'ServiceWorkerRegistration', 'clients', 'registration',
  'serviceWorker', 'skipWaiting', 'oninstall', 'onactivate', 'onfetch', 'onpush',
  'onnotificationclick', 'onnotificationclose', 'onpushsubscriptionchange', 'onsync',
  'onperiodicsync', 'onmessage', 'onmessageerror'
].forEach(function(name) { delete G[name]; });

// As the HTML specification has it, less what needs a page.
var DedicatedWorkerGlobalScope = lib.expose(
    'DedicatedWorkerGlobalScope', function DedicatedWorkerGlobalScope() { lib.illegal(); }, {},
    G.WorkerGlobalScope);
lib.setPrototype(G, DedicatedWorkerGlobalScope.prototype);

lib.global_members({
  get name() { return lib.of(this, lib.bit.global) && ''; },
  close() { host.close(); },
  postMessage(message) {
    lib.of(this, lib.bit.global);
    lib.need(arguments, 1, 'postMessage');
    var options = arguments[1];
    var isList = lib.isObject(options) && lib.isIterable(options);
    clone(message, isList ? {transfer: options} : options);
  },
});
lib.handlers(G, ['message', 'messageerror']);
host.exposeToDedicated();
lib.dedicated = true;
})(__host);
