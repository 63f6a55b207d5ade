// SPDX-License-Identifier: MIT
// Event, EventTarget and the events that extend a worker's life. A listener list is an array of
// records; the native side dispatches trusted events through begin, step and end, so that
// microtasks run after each listener.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var EVENT = lib.bit.event;
var EXTENDABLE = lib.bit.extendable;
var FETCH = lib.bit.fetchEvent;
var TARGET = lib.bit.target;

function eventState(is, type, init) {
  var bubbles = !!init.bubbles;
  var cancelable = !!init.cancelable;
  return {
    is: is,
    type: type,
    bubbles: bubbles,
    cancelable: cancelable,
    composed: !!init.composed,
    target: null,
    current: null,
    phase: 0,
    canceled: false,
    stopped: false,
    stoppedNow: false,
    dispatching: false,
    initialized: true,
    trusted: false,
    passive: false,
    time: host.now(),
    records: null,
    pass: 0,
    at: 0,
    path: null,
    threw: false,
  };
}
lib.eventState = eventState;

// Every event has this attribute as its own, so that no prototype can lie about it.
var defineProperty = Object.defineProperty;
var unforgeable = {
  get isTrusted() { return of(this, EVENT).trusted; },
};
host.nameAccessors(unforgeable);
var isTrusted = Object.getOwnPropertyDescriptor(unforgeable, 'isTrusted');
isTrusted.configurable = false;

lib.construct = function(self, target, given, name, is) {
  lib.constructing(target, name);
  lib.need(given, 1, name);
  var type = lib.string(given[0]);
  var state = eventState(is, type, lib.dictionary(given[1], name));
  self[$] = state;
  defineProperty(self, 'isTrusted', isTrusted);
  return state;
};

// An event of the platform.
lib.makeEvent = function(prototype, state) {
  return defineProperty(lib.make(prototype, state), 'isTrusted', isTrusted);
};

// As the DOM specification has it (interface-event).
function Event(type) { lib.construct(this, new.target, arguments, 'Event', EVENT); }

lib.Event = lib.expose('Event', Event, {
  get type() { return of(this, EVENT).type; },
  get target() { return of(this, EVENT).target; },
  get srcElement() { return of(this, EVENT).target; },
  get currentTarget() { return of(this, EVENT).current; },
  composedPath() {
    var state = of(this, EVENT);
    return state.path ? state.path.slice() : state.current ? [state.current] : [];
  },
  get eventPhase() { return of(this, EVENT).phase; },
  stopPropagation() { of(this, EVENT).stopped = true; },
  get cancelBubble() { return of(this, EVENT).stopped; },
  set cancelBubble(value) {
    var state = of(this, EVENT);
    if (value)
      state.stopped = true;
  },
  stopImmediatePropagation() {
    var state = of(this, EVENT);
    state.stopped = state.stoppedNow = true;
  },
  get bubbles() { return of(this, EVENT).bubbles; },
  get cancelable() { return of(this, EVENT).cancelable; },
  get returnValue() { return !of(this, EVENT).canceled; },
  set returnValue(value) {
    var state = of(this, EVENT);
    if (!value)
      cancel(state);
  },
  preventDefault() { cancel(of(this, EVENT)); },
  get defaultPrevented() { return of(this, EVENT).canceled; },
  get composed() { return of(this, EVENT).composed; },
  get timeStamp() { return of(this, EVENT).time; },
  initEvent(type) { lib.initEvent(of(this, EVENT), arguments, 'initEvent'); },
});
lib.constants([Event, Event.prototype],
              {NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3});

// As the DOM specification has it (concept-event-initialize), for all the legacy operations.
lib.initEvent = function(state, given, what) {
  lib.need(given, 1, what);
  var type = lib.string(given[0]);
  if (state.dispatching)
    return;
  state.type = type;
  state.bubbles = !!given[1];
  state.cancelable = !!given[2];
  state.stopped = state.stoppedNow = state.canceled = state.trusted = false;
  state.target = null;
};

function cancel(state) {
  if (state.cancelable && !state.passive)
    state.canceled = true;
}

// As the DOM specification has it (interface-eventtarget).
function EventTarget() {
  lib.constructing(new.target, 'EventTarget');
  this[$] = {is: TARGET, listeners: [], handlers: null};
}

function same(record, type, callback, capture) {
  return record.type === type && record.callback === callback && record.capture === capture;
}

// A listener argument: an object or null.
function listenerOf(callback, what) {
  if (callback === undefined || callback === null)
    return null;
  if (!lib.isObject(callback))
    throw new TypeError(what + ': the listener is not an object');
  return callback;
}

function readOptions(given) {
  if (given !== undefined && given !== null && !lib.isObject(given))
    return {capture: !!given, once: false, passive: false, signal: undefined};
  given = lib.dictionary(given, 'addEventListener');
  var options = {capture: !!given.capture, once: !!given.once, passive: false, signal: undefined};
  options.passive = !!given.passive;
  options.signal = given.signal;
  if (options.signal !== undefined && !lib.isA(options.signal, lib.bit.signal))
    throw new TypeError('addEventListener: signal is not an AbortSignal');
  return options;
}

// As the DOM specification has it (add-an-event-listener).
function add(state, type, callback, options) {
  var signal = options.signal;
  if ((signal !== undefined && signal[$].aborted) || callback === null)
    return;
  var listeners = state.listeners;
  for (var i = 0; i < listeners.length; i++)
    if (same(listeners[i], type, callback, options.capture))
      return;
  var record = {
    type: type,
    callback: callback,
    capture: options.capture,
    once: options.once,
    passive: options.passive,
    removed: false,
    handler: false,
  };
  listeners[listeners.length] = record;
  if (signal !== undefined)
    lib.load('abort').onAbort(signal, function() { drop(state, record); });
}

function drop(state, record) {
  record.removed = true;
  var left = [];
  for (var i = 0; i < state.listeners.length; i++)
    if (state.listeners[i] !== record)
      left[left.length] = state.listeners[i];
  state.listeners = left;
}

lib.EventTarget = lib.expose('EventTarget', EventTarget, {
  addEventListener(type, callback) {
    var state = of(this, TARGET);
    lib.need(arguments, 2, 'addEventListener');
    type = lib.string(type);
    callback = listenerOf(callback, 'addEventListener');
    add(state, type, callback, readOptions(arguments[2]));
  },
  removeEventListener(type, callback) {
    var state = of(this, TARGET);
    lib.need(arguments, 2, 'removeEventListener');
    type = lib.string(type);
    callback = listenerOf(callback, 'removeEventListener');
    var options = arguments[2];
    var capture = lib.isObject(options) ? !!options.capture : !!options;
    for (var i = 0; i < state.listeners.length; i++)
      if (same(state.listeners[i], type, callback, capture))
        return drop(state, state.listeners[i]);
  },
  dispatchEvent(event) {
    of(this, TARGET);
    lib.need(arguments, 1, 'dispatchEvent');
    if (!lib.isA(event, EVENT))
      throw new TypeError('dispatchEvent: the argument is not an Event');
    if (event[$].dispatching)
      lib.throwDom('InvalidStateError', 'The event is already being dispatched');
    event[$].trusted = false;
    return this[$].parent === undefined ? dispatch(this, event) : lib.idb.dispatch(this, event);
  },
});

// (DOM: concept-event-dispatch.) Trees do not exist here: the target is the whole path, which an
// event passes twice. What a listener of the first pass adds may run in the second.
function begin(target, event) {
  var state = event[$];
  state.dispatching = true;
  state.target = state.current = target;
  state.phase = 2;
  state.pass = 1;
  state.records = state.stopped ? [] : matching(target[$].listeners, state.type, true);
  state.at = 0;
  return state.records.length + matching(target[$].listeners, state.type, false).length;
}

function matching(listeners, type, capture) {
  var found = [];
  for (var i = 0; i < listeners.length; i++)
    if (listeners[i].capture === capture && listeners[i].type === type)
      found[found.length] = listeners[i];
  return found;
}

// Runs the next listener; false when there is none.
function step(event) {
  var state = event[$];
  for (;;) {
    while (state.at < state.records.length && !state.stoppedNow) {
      var record = state.records[state.at++];
      if (!record.removed) {
        run(event, state, record);
        return true;
      }
    }
    if (state.pass === 2 || state.stopped)
      return false;
    state.pass = 2;
    state.at = 0;
    state.records = matching(state.current[$].listeners, state.type, false);
  }
}

function run(event, state, record) {
  if (record.once)
    drop(state.current[$], record);
  var callback = record.callback;
  state.passive = record.passive;
  try {
    if (record.handler)
      runHandler(event, state, record);
    else if (typeof callback === 'function')
      lib.apply(callback, state.current, [event]);
    else
      runObject(callback, event);
  } catch (error) {
    state.threw = true;
    lib.report(error);
  }
  state.passive = false;
}

function runObject(callback, event) {
  var method = callback.handleEvent;
  if (typeof method !== 'function')
    throw new TypeError('handleEvent is not a function');
  lib.apply(method, callback, [event]);
}

// As the HTML specification has it (the-event-handler-processing-algorithm).
function runHandler(event, state, record) {
  var handler = state.current[$].handlers[state.type];
  if (typeof handler !== 'function')
    return;
  if (state.type === 'error' && lib.isA(state.current, lib.bit.global) && state.error) {
    var e = state.error;
    if (lib.apply(handler, state.current, [e.message, e.filename, e.lineno, e.colno, e.error]) ===
        true)
      cancel(state);
  } else if (lib.apply(handler, state.current, [event]) === false) {
    cancel(state);
  }
}

function end(event) {
  var state = event[$];
  state.phase = 0;
  state.current = state.records = null;
  state.dispatching = state.stopped = state.stoppedNow = false;
  return !state.canceled;
}

function dispatch(target, event) {
  begin(target, event);
  while (step(event)) {
    // step has done it all
  }
  return end(event);
}
lib.dispatch = dispatch;
lib.begin = begin;
lib.step = step;
lib.runListener = run;

// A trusted event that nothing waits for.
lib.fire = function(target, type, init, constructor) {
  var state = eventState(EVENT, type, init || {});
  state.trusted = true;
  return dispatch(target, lib.makeEvent((constructor || Event).prototype, state));
};

lib.handlerOf = function(state, type) { return (state.handlers && state.handlers[type]) || null; };

lib.setHandler = function(state, type, value) {
  state.handlers = state.handlers || {};
  if (!lib.isObject(value))
    value = null;
  var had = state.handlers[type];
  state.handlers[type] = value;
  if (value && !had)
    state.listeners[state.listeners.length] = {
      type: type,
      callback: {},
      capture: false,
      once: false,
      passive: false,
      removed: false,
      handler: true,
    };
  for (var i = 0; !value && i < state.listeners.length; i++)
    if (state.listeners[i].handler && state.listeners[i].type === type)
      return drop(state, state.listeners[i]);
};

// on* attributes.
lib.handlers = function(object, types, enumerable) {
  types.forEach(function(type) {
    Object.defineProperty(object, 'on' + type, {
      get: function() { return lib.handlerOf(of(this, TARGET), type); },
      set: function(value) { lib.setHandler(of(this, TARGET), type, value); },
      enumerable: true,
      configurable: true,
    });
  });
  host.nameAccessors(object);
};

// Spec: ServiceWorker#extendableevent-interface
function ExtendableEvent(type) {
  lib.construct(this, new.target, arguments, 'ExtendableEvent', EVENT | EXTENDABLE);
}

lib.ExtendableEvent = lib.expose('ExtendableEvent', ExtendableEvent, {
  waitUntil(promise) {
    var state = of(this, EXTENDABLE);
    lib.need(arguments, 1, 'waitUntil');
    extend(state, promise, true);
  },
},
                                 Event);

// As the ServiceWorker specification has it (extendableevent-active).
function isActive(state) { return !state.over && (state.dispatching || state.pending > 0); }

// As the ServiceWorker specification has it (extendableevent-add-lifetime-promise). What runs for
// every event is written as methods: other functions come with a prototype that refers back to
// them, and such cycles wait for the collector.
function extend(state, value, counts) {
  if (!state.trusted)
    lib.throwDom('InvalidStateError', 'The event was made by a script');
  if (!isActive(state))
    lib.throwDom('InvalidStateError',
                 'The event has finished: its life cannot be extended any more');
  state.pending++;
  var on = {
    fulfilled() { settled(state); },
    rejected(reason) {
      if (counts && !state.rejected) {
        state.rejected = true;
        state.reason = reason;
      }
      settled(state);
    },
  };
  lib.react(value, on.fulfilled, on.rejected);
}
lib.extend = extend;

// The count drops one microtask later, so that the last reaction may still extend the event.
function settled(state) {
  lib.microtask(({
    run() {
      state.pending--;
      finishIfIdle(state);
    },
  }).run);
}

function finishIfIdle(state) {
  if (state.dispatching || state.pending > 0 || state.over)
    return;
  state.over = true;
  host.eventDone(state.id, state.rejected, state.reason);
}

lib.extendable = function(id, type, is) {
  var state = eventState(EVENT | EXTENDABLE | is, type, {});
  state.trusted = true;
  state.id = id;
  state.pending = 0;
  state.over = state.rejected = false;
  return state;
};

// The end of a dispatch by the native side.
lib.endExtendable = function(event) {
  end(event);
  var state = event[$];
  if (state.is & FETCH)
    lib.endFetch(event, state);
  finishIfIdle(state);
};

// Spec: ServiceWorker#installevent-interface
function InstallEvent(type) {
  lib.construct(this, new.target, arguments, 'InstallEvent', EVENT | EXTENDABLE);
}

lib.expose('InstallEvent', InstallEvent, {}, ExtendableEvent);

lib.makeInstall = function(
    id) { return lib.makeEvent(InstallEvent.prototype, lib.extendable(id, 'install', 0)); };
lib.makeActivate = function(
    id) { return lib.makeEvent(ExtendableEvent.prototype, lib.extendable(id, 'activate', 0)); };

// As the HTML specification has it (report-the-exception).
var reporting = false;
lib.report = function(error) {
  if (reporting)
    return host.uncaught(error);
  reporting = true;
  try {
    if (lib.load('errors').fireError(error))
      host.uncaught(error);
  } finally {
    reporting = false;
  }
};
})(__host);
