// SPDX-License-Identifier: MIT
// PerformanceObserver, as the Performance Timeline specification has it.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var performance = lib.load('performance');
var postTask = lib.extra('messaging').postTask;
var OTHER = lib.bit.other;
var OBSERVER = {};
var LIST = {};
var TYPES = Object.freeze(['mark', 'measure']);
var observers = [];
var isQueued = false;

function PerformanceObserverEntryList() { lib.illegal(); }
lib.expose('PerformanceObserverEntryList', PerformanceObserverEntryList,
           performance.getters(function(self) { return support.stateOf(self, LIST).entries; }));

function PerformanceObserver(callback) {
  lib.constructing(new.target, 'PerformanceObserver');
  lib.need(arguments, 1, 'PerformanceObserver');
  if (typeof callback !== 'function')
    throw new TypeError('PerformanceObserver: the callback is not a function');
  this[$] = {
    is: OTHER,
    kind: OBSERVER,
    callback: callback,
    mode: null,
    types: [],
    buffer: [],
    object: this
  };
}

// A PerformanceObserverInit dictionary, read in the order of Web IDL.
function readInit(given) {
  var init = lib.dictionary(given, 'PerformanceObserverInit');
  var buffered = init.buffered;
  var types = init.entryTypes;
  if (types !== undefined)
    types = lib.sequence(types, 'entryTypes').map(lib.string);
  var type = init.type === undefined ? undefined : lib.string(init.type);
  if (types === undefined && type === undefined)
    throw new TypeError('PerformanceObserver.observe: entryTypes or type is needed');
  if (types !== undefined && (type !== undefined || buffered !== undefined))
    throw new TypeError('PerformanceObserver.observe: entryTypes excludes the others');
  return {types: types, type: type, buffered: !!buffered};
}

function known(type) { return TYPES.indexOf(type) >= 0; }

lib.expose('PerformanceObserver', PerformanceObserver, {
  observe() {
    var state = support.stateOf(this, OBSERVER);
    var init = readInit(arguments[0]);
    var mode = init.types === undefined ? 'single' : 'multiple';
    if (state.mode !== null && state.mode !== mode)
      lib.throwDom('InvalidModificationError', 'The observer was told its types in another way');
    state.mode = mode;
    var types = (init.types || [init.type]).filter(known);
    if (types.length === 0)
      return;
    state.types = mode === 'multiple' ? types : state.types.concat(types);
    if (observers.indexOf(state) < 0)
      observers.push(state);
    if (init.buffered)
      performance.entries().forEach(function(entry) {
        if (entry[$].type === init.type)
          state.buffer.push(entry);
      });
    if (state.buffer.length > 0)
      queueTask();
  },
  disconnect() {
    var state = support.stateOf(this, OBSERVER);
    observers = observers.filter(function(other) { return other !== state; });
    state.buffer = [];
    state.types = [];
    state.mode = null;
  },
  takeRecords() {
    var state = support.stateOf(this, OBSERVER);
    var records = state.buffer;
    state.buffer = [];
    return records;
  },
});
var statics = {
  get supportedEntryTypes() { return TYPES; },
};
host.copyMembers(PerformanceObserver, statics);

function queueTask() {
  if (isQueued)
    return;
  isQueued = true;
  postTask(function() {
    isQueued = false;
    observers.slice().forEach(notify);
  });
}

function notify(state) {
  var records = state.buffer;
  state.buffer = [];
  if (records.length === 0)
    return;
  var list = lib.make(PerformanceObserverEntryList.prototype,
                      {is: OTHER, kind: LIST, entries: records});
  try {
    lib.apply(state.callback, state.object, [list, state.object, {}]);
  } catch (error) {
    lib.report(error);
  }
}

lib.performance_observer = {
  // As the Performance Timeline specification has it (queue-a-performanceentry).
  queue: function(entry) {
    observers.forEach(function(state) {
      if (state.types.indexOf(entry[$].type) >= 0)
        state.buffer.push(entry);
    });
    if (observers.length > 0)
      queueTask();
  },
};
})(__host);
