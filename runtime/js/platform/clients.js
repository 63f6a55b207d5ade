// SPDX-License-Identifier: MIT
// Clients, the registration and the ServiceWorker objects that script sees of it.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var CLIENT = lib.bit.client;
var WORKER = lib.bit.worker;
var REGISTRATION = lib.bit.registration;
var SINGLETON = lib.bit.singleton;

function illegal(name) {
  return {
    Client: function Client() { lib.illegal(); },
    WindowClient: function WindowClient() { lib.illegal(); },
    Clients: function Clients() { lib.illegal(); },
    ServiceWorker: function ServiceWorker() { lib.illegal(); },
    ServiceWorkerRegistration: function ServiceWorkerRegistration() { lib.illegal(); }
  }[name];
}

function checkTransfer(options) {
  var list = options !== undefined && options !== null && typeof options === 'object' &&
                     typeof options[Symbol.iterator] !== 'function'
                 ? options.transfer
                 : options;
  if (list !== undefined && list !== null && lib.sequence(list, 'transfer').length)
    lib.throwDom('DataCloneError', 'Values of this kind cannot be transferred');
}

// Spec: ServiceWorker#client-interface
var Client = lib.expose('Client', illegal('Client'), {
  get url() { return of(this, CLIENT).client.url; },
  get frameType() { return of(this, CLIENT).client.frameType; },
  get id() { return of(this, CLIENT).client.id; },
  get type() { return of(this, CLIENT).client.type; },
  postMessage(message) {
    var state = of(this, CLIENT);
    lib.need(arguments, 1, 'Client.postMessage');
    checkTransfer(arguments[1]);
    host.postToClient(state.client.id, message, function() {});
  },
});

function notSupported(what) {
  return lib.rejected(new lib.DOMException(what + ' is not possible here', 'NotSupportedError'));
}

function refused(self, given, count, what) {
  try {
    of(self, CLIENT);
    if (count > 0)
      lib.need(given, count, what);
  } catch (error) {
    return lib.rejected(error);
  }
  return notSupported(what);
}

var WindowClient = lib.expose('WindowClient', illegal('WindowClient'), {
  get visibilityState() { return of(this, CLIENT).client.visible ? 'visible' : 'hidden'; },
  get focused() { return of(this, CLIENT).client.focused; },
  get ancestorOrigins() {
    of(this, CLIENT);
    return Object.freeze([]);
  },
  focus() { return refused(this, arguments, 0, 'WindowClient.focus()'); },
  navigate(url) { return refused(this, arguments, 1, 'WindowClient.navigate()'); },
},
                              Client);

function clientOf(client) {
  var prototype = client.type === 'window' ? WindowClient.prototype : Client.prototype;
  return lib.make(prototype, {is: CLIENT, client: client});
}

function check(self) {
  if (of(self, SINGLETON).name !== 'clients')
    throw new TypeError('Illegal invocation');
}

// Spec: ServiceWorker#clients-interface
var Clients = lib.expose('Clients', illegal('Clients'), {
  'get'(id) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      check(self);
      lib.need(given, 1, 'Clients.get');
      host.clientsGet(
          String(id),
          lib.answer(promise,
                     function(list) { return list.length ? clientOf(list[0]) : undefined; }));
    });
  },
  matchAll() {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      check(self);
      var options = lib.dictionary(given[0], 'Clients.matchAll');
      var type =
          options.type === undefined
              ? 'window'
              : lib.oneOf(options.type, ['window', 'worker', 'sharedworker', 'all'], 'ClientType');
      host.clientsMatchAll(
          !!options.includeUncontrolled, type,
          lib.answer(promise, function(list) { return Object.freeze(list.map(clientOf)); }));
    });
  },
  openWindow(url) {
    try {
      check(this);
      lib.need(arguments, 1, 'Clients.openWindow');
    } catch (error) {
      return lib.rejected(error);
    }
    return notSupported('Clients.openWindow()');
  },
  claim() {
    var self = this;
    return lib.promised(function(promise) {
      check(self);
      host.clientsClaim(lib.answer(promise, function() { return undefined; }));
    });
  },
});

// Spec: ServiceWorker#serviceworker-interface
var ServiceWorker = lib.expose('ServiceWorker', illegal('ServiceWorker'), {
  get scriptURL() { return of(this, WORKER).worker.scriptURL; },
  get state() { return of(this, WORKER).worker.state; },
  postMessage(message) {
    var state = of(this, WORKER);
    lib.need(arguments, 1, 'ServiceWorker.postMessage');
    checkTransfer(arguments[1]);
    host.postToWorker(state.worker.id, message, function() {});
  },
},
                               lib.EventTarget);
lib.handlers(ServiceWorker.prototype, ['statechange', 'error']);

var workers = {};

function workerOf(descriptor) {
  if (descriptor === null)
    return null;
  if (!workers[descriptor.id])
    workers[descriptor.id] =
        lib.make(ServiceWorker.prototype,
                 {is: lib.bit.target | WORKER, listeners: [], handlers: null, worker: descriptor});
  return workers[descriptor.id];
}

// Spec: ServiceWorker#serviceworkerregistration-interface
var Registration = lib.expose('ServiceWorkerRegistration', illegal('ServiceWorkerRegistration'), {
  get installing() { return workerOf(of(this, REGISTRATION).now.installing); },
  get waiting() { return workerOf(of(this, REGISTRATION).now.waiting); },
  get active() { return workerOf(of(this, REGISTRATION).now.active); },
  get scope() { return of(this, REGISTRATION).now.scope; },
  get updateViaCache() { return of(this, REGISTRATION).now.updateViaCache; },
  update() { return ask(this, host.updateRegistration, function() { return registration; }); },
  unregister() { return ask(this, host.unregister, function(value) { return value; }); },
  get pushManager() { return of(this, REGISTRATION) && lib.load('push_manager'); },
  showNotification(title) {
    var self = this;
    var given = arguments;
    return lib.promised(function() {
      of(self, REGISTRATION);
      lib.need(given, 1, 'ServiceWorkerRegistration.showNotification');
      lib.load('notifications').show(title, given[1]);
    });
  },
  getNotifications() {
    var self = this;
    var given = arguments[0];
    return lib.promised(function(promise) {
      of(self, REGISTRATION);
      var tag = lib.dictionary(given, 'ServiceWorkerRegistration.getNotifications').tag;
      if (tag !== undefined)
        lib.string(tag);
      lib.resolve(promise, []);
    });
  },
},
                              lib.EventTarget);
lib.handlers(Registration.prototype, ['updatefound']);

function ask(self, call, convert) {
  return lib.promised(function(promise) {
    of(self, REGISTRATION);
    call(lib.answer(promise, convert));
  });
}

var registration = lib.make(
    Registration.prototype,
    {is: lib.bit.target | REGISTRATION, listeners: [], handlers: null, now: host.registration()});
var clients = lib.make(Clients.prototype, {is: SINGLETON, name: 'clients'});

function self() {
  var now = registration[$].now;
  var mine = [now.installing, now.waiting, now.active].filter(function(
      worker) { return worker !== null && worker.id === lib.info.worker; })[0];
  return workerOf(mine || {id: lib.info.worker, scriptURL: lib.info.url, state: 'parsed'});
}

// The parent tells of a change: states follow, events fire.
function changed(descriptor) {
  var before = registration[$].now;
  registration[$].now = descriptor;
  var slots = ['installing', 'waiting', 'active'];
  slots.forEach(function(slot) {
    var worker = descriptor[slot];
    if (worker !== null)
      follow(workerOf(worker), worker.state);
  });
  slots.forEach(function(slot) {
    var gone = before[slot];
    var stays =
        gone === null ||
        slots.some(function(
            other) { return descriptor[other] !== null && descriptor[other].id === gone.id; });
    if (!stays)
      follow(workerOf(gone), 'redundant');
  });
  if (descriptor.installing !== null &&
      (before.installing === null || before.installing.id !== descriptor.installing.id))
    lib.fire(registration, 'updatefound');
}

function follow(worker, state) {
  if (worker[$].worker.state === state)
    return;
  worker[$].worker.state = state;
  lib.fire(worker, 'statechange');
}

lib.global_members({
  get clients() { return of(this, lib.bit.global) && clients; },
  get registration() { return of(this, lib.bit.global) && registration; },
  get serviceWorker() { return of(this, lib.bit.global) && self(); },
});
lib.clients = {
  clientOf: clientOf,
  workerOf: workerOf,
  changed: changed
};
})(__host);
