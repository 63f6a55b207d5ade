// SPDX-License-Identifier: MIT
// The global scope itself: its interfaces, its event handlers and the functions that need no file
// of their own.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var G = lib.global;
var of = lib.of;
var GLOBAL = lib.bit.global;

var WorkerGlobalScope = lib.expose(
    'WorkerGlobalScope', function WorkerGlobalScope() { lib.illegal(); }, lib.scopePrototype,
    lib.EventTarget);
var ServiceWorkerGlobalScope =
    lib.expose('ServiceWorkerGlobalScope', function ServiceWorkerGlobalScope() { lib.illegal(); },
               {}, WorkerGlobalScope);
Object.setPrototypeOf(G, ServiceWorkerGlobalScope.prototype);
G[$] = {
  is: lib.bit.target | GLOBAL,
  listeners: [],
  handlers: null
};

lib.handlers(G, [
  'install', 'activate', 'fetch', 'message', 'messageerror', 'push', 'notificationclick',
  'notificationclose', 'pushsubscriptionchange', 'sync', 'periodicsync'
]);
lib.handlers(lib.scopePrototype, [
  'error', 'languagechange', 'offline', 'online', 'rejectionhandled', 'unhandledrejection'
]);
delete G.performance;
['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask'].forEach(
    function(name) {
      lib.scopePrototype[name] = G[name];
      delete G[name];
    });

// The global object and what it inherits from have a prototype that stays. (WebIDL: Global)
var setPrototype = Object.setPrototypeOf;
var setByReflect = Reflect.setPrototypeOf;
var prototypeOf = Object.getPrototypeOf;
var accessor = Object.getOwnPropertyDescriptor(Object.prototype, '__proto__');
lib.setPrototype = setPrototype;

function isFixed(object, prototype) {
  return (object === G || object === prototypeOf(G) || object === WorkerGlobalScope.prototype) &&
         prototypeOf(object) !== prototype;
}

function refuseFixed(object, prototype) {
  if (isFixed(object, prototype))
    throw new TypeError('The prototype of a global object cannot be changed');
}

host.methods(Object, {
  setPrototypeOf(object, prototype) {
    refuseFixed(object, prototype);
    return setPrototype(object, prototype);
  },
});
host.methods(Reflect, {
  setPrototypeOf(object, prototype) {
    return !isFixed(object, prototype) && setByReflect(object, prototype);
  },
});
if (accessor !== undefined && accessor.set !== undefined)
  Object.defineProperty(Object.prototype, '__proto__', {
    set: host.rename(function(prototype) {
      refuseFixed(this, prototype);
      lib.apply(accessor.set, this, [prototype]);
    }, 'set __proto__'),
  });

// Who the worker is, once the heap is given to one.
lib.attach = function(info) {
  lib.info = info;
  lib.base = info.url;
};

lib.replaceable('origin', function() { return of(this, GLOBAL) && lib.info.origin; });
lib.global_members({
  // Spec: ServiceWorker#service-worker-global-scope-skipwaiting
  skipWaiting() {
    var self = this;
    return lib.promised(function(promise) {
      of(self, GLOBAL);
      host.skipWaiting(lib.answer(promise, function() { return undefined; }));
    });
  },
});
lib.scope_members({
  get self() {
    of(this, GLOBAL);
    return G;
  },
  get isSecureContext() { return of(this, GLOBAL) && lib.info.secure; },
  get crossOriginIsolated() { return of(this, GLOBAL) && false; },

  // As the HTML specification has it (dom-workerglobalscope-importscripts).
  importScripts() {
    if (lib.info.module)
      throw new TypeError('importScripts() is not there in module workers');
    var hrefs = [];
    for (var i = 0; i < arguments.length; i++) {
      var href = host.resolveUrl(String(arguments[i]), lib.base);
      if (href === undefined)
        lib.throwDom('SyntaxError', "'" + arguments[i] + "' is not a valid URL");
      hrefs.push(href);
    }
    host.importScripts(hrefs);
  },

  structuredClone(value) {
    lib.need(arguments, 1, 'structuredClone');
    var list = lib.dictionary(arguments[1], 'structuredClone').transfer;
    if (list === undefined)
      return host.structuredClone(value);
    return lib.load('transfer').run(value, lib.sequence(list, 'transfer'), null).value;
  },

  btoa(data) {
    lib.need(arguments, 1, 'btoa');
    return host.encodeBase64(lib.string(data));
  },

  atob(data) {
    lib.need(arguments, 1, 'atob');
    return host.decodeBase64(lib.string(data));
  },

  reportError(error) {
    lib.need(arguments, 1, 'reportError');
    lib.report(error);
  },
});

host.nameAccessors(lib.scopePrototype);

// The set of event types to handle.
lib.eventTypes = function() {
  var types = [];
  G[$].listeners.forEach(function(record) {
    if (types.indexOf(record.type) < 0)
      types.push(record.type);
  });
  return types;
};

// What import() is compiled to.
host.define(G, '__import', function(referrer, specifier) {
  return lib.load('modules').importNow(referrer, specifier);
});
lib.runModule = function(url, settled) { lib.load('modules').run(url, settled); };
lib.runModuleNow = function(url) { lib.load('modules').runNow(url); };

lib.registrationChanged = function(descriptor) {
  if (lib.clients !== undefined)
    lib.clients.changed(descriptor);
};

// A promise was rejected and nobody handled it (yet).
lib.promiseRejected = function(unhandled, promise, reason) {
  if (lib.load('errors').fireRejection(unhandled, promise, reason) && unhandled)
    host.uncaught(reason);
};

['makeMessage', 'makePush', 'makeSync'].forEach(function(name) {
  lib[name] = function() { return lib.apply(lib.load('messages')[name], undefined, arguments); };
});
lib.takeApart = function(value) { return lib.load('clone').takeApart(value); };
lib.putTogether = function(kind, values,
                           object) { return lib.load('clone').putTogether(kind, values, object); };
// Key paths reach these attributes of blobs and files.
lib.blobProperty = function(value, name) {
  if (!lib.isA(value, lib.bit.blob))
    return undefined;
  var state = value[$];
  if (name === 'size')
    return lib.load('blob').sizeOf(value);
  return state.name === undefined && name !== 'type' ? undefined : state[name];
};
lib.makePump = function(stream, number) { return lib.load('streams').makePump(stream, number); };
})(__host);
