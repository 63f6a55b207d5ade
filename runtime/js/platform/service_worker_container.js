// SPDX-License-Identifier: MIT
// navigator.serviceWorker as a worker has it. A service worker sees its own registration; a
// dedicated worker that no page belongs to has none.
// Deviation: register() is for pages and is refused; registrations of other scopes are not seen.
(function(host) {
var lib = host.platform;
var CONTAINER = {};
var registration = lib.dedicated ? null : lib.load('clients') && lib.global.registration;

function containerOf(self) {
  var state = lib.of(self, lib.bit.target);
  if (state.kind !== CONTAINER)
    throw new TypeError('Illegal invocation');
  return state;
}

function promised(self, steps) {
  try {
    containerOf(self);
    return lib.resolved(steps());
  } catch (error) {
    return lib.rejected(error);
  }
}

function matches(href) {
  return registration !== null && href.indexOf(registration.scope) === 0;
}

function ServiceWorkerContainer() { lib.illegal(); }

// Spec: ServiceWorker#serviceworkercontainer-interface
lib.expose('ServiceWorkerContainer', ServiceWorkerContainer, {
  get controller() { return containerOf(this) && null; },
  get ready() {
    try {
      return readyOf(containerOf(this));
    } catch (error) {
      return lib.rejected(error);
    }
  },
  register(scriptURL) {
    var given = arguments;
    return promised(this, function() {
      lib.need(given, 1, 'ServiceWorkerContainer.register');
      lib.throwDom('NotSupportedError', 'Only a page can register a service worker here');
    });
  },
  getRegistration() {
    var given = arguments[0];
    return promised(this, function() {
      var text = given === undefined ? '' : lib.string(given);
      var href = host.resolveUrl(text, lib.base);
      if (href === undefined)
        throw new TypeError("'" + text + "' is not a valid URL");
      if (href.indexOf(lib.info.origin + '/') !== 0)
        lib.throwDom('SecurityError', 'The URL is of another origin');
      return matches(href) ? registration : undefined;
    });
  },
  getRegistrations() {
    return promised(
        this, function() { return Object.freeze(registration === null ? [] : [registration]); });
  },
  startMessages() { containerOf(this); },
},
           lib.EventTarget);
lib.handlers(ServiceWorkerContainer.prototype, ['controllerchange', 'message', 'messageerror']);

// Settled as soon as the registration has an active worker.
function readyOf(state) {
  if (state.ready !== null)
    return state.ready;
  state.ready = lib.newPromise();
  if (registration !== null)
    whenActive(state.ready);
  return state.ready;
}

function whenActive(promise) {
  if (registration.active !== null)
    return lib.resolve(promise, registration);
  var worker = registration.installing || registration.waiting;
  function look() {
    if (registration.active !== null)
      lib.resolve(promise, registration);
  }
  if (worker !== null)
    lib.EventTarget.prototype.addEventListener.call(worker, 'statechange', look);
}

lib.service_worker_container = lib.make(ServiceWorkerContainer.prototype, {
  is: lib.bit.target,
  kind: CONTAINER,
  listeners: [],
  handlers: null,
  ready: null,
});
})(__host);
