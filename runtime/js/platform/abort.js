// SPDX-License-Identifier: MIT
// AbortController and AbortSignal.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var SIGNAL = lib.bit.signal;
var setTimer = lib.global.setTimeout;

function AbortSignal() { lib.illegal(); }

function makeSignal() {
  return lib.make(AbortSignal.prototype, {
    is: lib.bit.target | SIGNAL,
    listeners: [],
    handlers: null,
    aborted: false,
    reason: undefined,
    algorithms: [],
    dependents: [],
    sources: null,
  });
}

function reasonOf(given) {
  return given === undefined ? new lib.DOMException('The operation was aborted', 'AbortError')
                             : given;
}

// As the DOM specification has it (abortsignal-signal-abort).
function signalAbort(signal, reason) {
  var state = signal[$];
  if (state.aborted)
    return;
  var affected = [signal];
  mark(state, reasonOf(reason));
  state.dependents.forEach(function(other) {
    if (other[$].aborted)
      return;
    mark(other[$], state.reason);
    affected.push(other);
  });
  affected.forEach(runSteps);
}

function mark(state, reason) {
  state.aborted = true;
  state.reason = reason;
}

function runSteps(signal) {
  var state = signal[$];
  var algorithms = state.algorithms;
  state.algorithms = [];
  algorithms.forEach(function(algorithm) { algorithm(); });
  state.dependents = [];
  lib.fire(signal, 'abort');
}

// As the DOM specification has it (create-a-dependent-abort-signal).
function dependent(signals) {
  var result = makeSignal();
  for (var i = 0; i < signals.length; i++)
    if (signals[i][$].aborted) {
      mark(result[$], signals[i][$].reason);
      return result;
    }
  result[$].sources = [];
  signals.forEach(function(signal) {
    (signal[$].sources || [signal]).forEach(function(source) {
      if (result[$].sources.indexOf(source) >= 0)
        return;
      result[$].sources.push(source);
      source[$].dependents.push(result);
    });
  });
  return result;
}

lib.expose('AbortSignal', AbortSignal, {
  get aborted() { return of(this, SIGNAL).aborted; },
  get reason() { return of(this, SIGNAL).reason; },
  throwIfAborted() {
    var state = of(this, SIGNAL);
    if (state.aborted)
      throw state.reason;
  },
},
           lib.EventTarget);
lib.handlers(AbortSignal.prototype, ['abort']);

var statics = {
  abort() {
    var signal = makeSignal();
    mark(signal[$], reasonOf(arguments[0]));
    return signal;
  },
  timeout(milliseconds) {
    lib.need(arguments, 1, 'AbortSignal.timeout');
    milliseconds = Number(milliseconds);
    if (!(milliseconds >= 0 && milliseconds <= 9007199254740991))
      throw new TypeError('AbortSignal.timeout: the time is out of range');
    var signal = makeSignal();
    setTimer(function() {
      signalAbort(signal, new lib.DOMException('The operation timed out', 'TimeoutError'));
    }, milliseconds);
    return signal;
  },
  any(signals) {
    lib.need(arguments, 1, 'AbortSignal.any');
    signals = lib.sequence(signals, 'AbortSignal.any');
    signals.forEach(function(signal) { of(signal, SIGNAL); });
    return dependent(signals);
  },
};
Object.keys(statics).forEach(function(key) {
  Object.defineProperty(
      AbortSignal, key,
      {value: statics[key], writable: true, enumerable: true, configurable: true});
});

function AbortController() {
  lib.constructing(new.target, 'AbortController');
  this[$] = {is: lib.bit.other, signal: makeSignal()};
}

lib.expose('AbortController', AbortController, {
  get signal() { return of(this, lib.bit.other).signal; },
  abort() { signalAbort(of(this, lib.bit.other).signal, arguments[0]); },
});

lib.abort = {
  makeSignal: makeSignal,
  signalAbort: signalAbort,
  dependent: dependent,
  onAbort: function(signal, algorithm) {
    if (!signal[$].aborted)
      signal[$].algorithms.push(algorithm);
  },
  offAbort: function(signal, algorithm) {
    var at = signal[$].algorithms.indexOf(algorithm);
    if (at >= 0)
      signal[$].algorithms.splice(at, 1);
  },
};
})(__host);
