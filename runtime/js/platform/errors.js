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

function text(value) { return value === undefined ? '' : lib.string(value); }

// As the HTML specification has it (errorevent).
function ErrorEvent(type, init) {
  var state = lib.construct(this, new.target, arguments, 'ErrorEvent', EVENT);
  init = lib.dictionary(init, 'ErrorEvent');
  var colno = init.colno >>> 0;
  var error = init.error;
  var filename = text(init.filename);
  var lineno = init.lineno >>> 0;
  state.error =
      {message: text(init.message), filename: filename, lineno: lineno, colno: colno, error: error};
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
  lib.constructing(new.target, 'PromiseRejectionEvent');
  lib.need(arguments, 2, 'PromiseRejectionEvent');
  var state = lib.construct(this, new.target, arguments, 'PromiseRejectionEvent', EVENT);
  init = lib.dictionary(init, 'PromiseRejectionEvent');
  var promise = init.promise;
  if (!lib.isObject(promise))
    throw new TypeError('PromiseRejectionEvent: init.promise is not an object');
  state.rejection = {promise: promise, reason: init.reason};
}

lib.expose('PromiseRejectionEvent', PromiseRejectionEvent, {
  get promise() { return detail(this, 'rejection').promise; },
  get reason() { return detail(this, 'rejection').reason; },
},
           lib.Event);

// As the DOM specification has it (interface-customevent).
function CustomEvent(type, init) {
  var state = lib.construct(this, new.target, arguments, 'CustomEvent', EVENT);
  var given = lib.dictionary(init, 'CustomEvent').detail;
  state.custom = {detail: given === undefined ? null : given};
}
Object.defineProperty(CustomEvent, 'length', {value: 1});

lib.expose('CustomEvent', CustomEvent, {
  get detail() { return detail(this, 'custom').detail; },
  initCustomEvent(type) {
    var custom = detail(this, 'custom');
    lib.initEvent(this[$], arguments, 'initCustomEvent');
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
  return lib.dispatch(lib.global, lib.makeEvent(ErrorEvent.prototype, state));
};

lib.errors.fireRejection = function(unhandled, promise, reason) {
  var state = lib.eventState(EVENT, unhandled ? 'unhandledrejection' : 'rejectionhandled',
                             {cancelable: unhandled});
  state.trusted = true;
  state.rejection = {promise: promise, reason: reason};
  return lib.dispatch(lib.global, lib.makeEvent(PromiseRejectionEvent.prototype, state));
};
})(__host);
