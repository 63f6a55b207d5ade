// SPDX-License-Identifier: MIT
// Events that tell about errors, and CustomEvent.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var EVENT = lib.bit.event;
lib.errors = {};

function detail(self, name) {
  var state = of(self, EVENT);
  if (!state[name])
    throw new TypeError('Illegal invocation');
  return state[name];
}

// As the HTML specification has it (errorevent).
function ErrorEvent(type, init) {
  init = lib.dictionary(init, 'ErrorEvent');
  lib.construct(this, new.target, arguments, 'ErrorEvent', EVENT).error = {
    message: init.message === undefined ? '' : String(init.message),
    filename: init.filename === undefined ? '' : String(init.filename),
    lineno: init.lineno >>> 0,
    colno: init.colno >>> 0,
    error: init.error,
  };
}
Object.defineProperty(ErrorEvent, 'length', {value: 1});

lib.expose('ErrorEvent', ErrorEvent, {
  get message() { return detail(this, 'error').message; },
  get filename() { return detail(this, 'error').filename; },
  get lineno() { return detail(this, 'error').lineno; },
  get colno() { return detail(this, 'error').colno; },
  get error() { return detail(this, 'error').error; },
},
           lib.Event);

// As the HTML specification has it (promiserejectionevent).
function PromiseRejectionEvent(type, init) {
  lib.need(arguments, 2, 'PromiseRejectionEvent');
  init = lib.dictionary(init, 'PromiseRejectionEvent');
  if (!('promise' in init))
    throw new TypeError('PromiseRejectionEvent: init.promise is missing');
  lib.construct(this, new.target, arguments, 'PromiseRejectionEvent', EVENT).rejection = {
    promise: init.promise,
    reason: init.reason
  };
}

lib.expose('PromiseRejectionEvent', PromiseRejectionEvent, {
  get promise() { return detail(this, 'rejection').promise; },
  get reason() { return detail(this, 'rejection').reason; },
},
           lib.Event);

// As the DOM specification has it (interface-customevent).
function CustomEvent(type, init) {
  init = lib.dictionary(init, 'CustomEvent');
  lib.construct(this, new.target, arguments, 'CustomEvent', EVENT).custom = {
    detail: init.detail === undefined ? null : init.detail
  };
}
Object.defineProperty(CustomEvent, 'length', {value: 1});

lib.expose('CustomEvent', CustomEvent, {
  get detail() { return detail(this, 'custom').detail; },
  initCustomEvent(type) {
    var custom = detail(this, 'custom');
    lib.apply(lib.Event.prototype.initEvent, this, arguments);
    if (!this[$].dispatching)
      custom.detail = arguments[3] === undefined ? null : arguments[3];
  },
},
           lib.Event);

// True if nobody said that the error is taken care of.
lib.errors.fireError = function(error) {
  var place = host.place(error);
  var state = lib.eventState(EVENT, 'error', {cancelable: true});
  state.trusted = true;
  state.error = {
    message: 'Uncaught ' + host.describe(error).replace(/ \([^()]*:\d+\)$/, ''),
    filename: place[0],
    lineno: place[1],
    colno: place[2],
    error: error,
  };
  return lib.dispatch(lib.global, lib.make(ErrorEvent.prototype, state));
};

lib.errors.fireRejection = function(unhandled, promise, reason) {
  var state = lib.eventState(EVENT, unhandled ? 'unhandledrejection' : 'rejectionhandled',
                             {cancelable: unhandled});
  state.trusted = true;
  state.rejection = {promise: promise, reason: reason};
  return lib.dispatch(lib.global, lib.make(PromiseRejectionEvent.prototype, state));
};
})(__host);
