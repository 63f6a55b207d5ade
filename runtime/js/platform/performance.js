// SPDX-License-Identifier: MIT
// performance: time, marks and measures. Observers are in a file of their own.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var OTHER = lib.bit.other;
var ENTRY = {};
// What is kept of each type; older entries go first.
var ENTRIES_MAX = 10000;
var entries = [];

function entryOf(self) {
  var state = of(self, OTHER);
  if (state.kind !== ENTRY)
    throw new TypeError('Illegal invocation');
  return state;
}

function typedEntryOf(self, type) {
  var state = entryOf(self);
  if (state.type !== type)
    throw new TypeError('Illegal invocation');
  return state;
}

// As the Performance Timeline specification has it (performanceentry).
function PerformanceEntry() { lib.illegal(); }
lib.expose('PerformanceEntry', PerformanceEntry, {
  get name() { return entryOf(this).name; },
  get entryType() { return entryOf(this).type; },
  get startTime() { return entryOf(this).start; },
  get duration() { return entryOf(this).duration; },
  toJSON() {
    var state = entryOf(this);
    return {
      name: state.name,
      entryType: state.type,
      startTime: state.start,
      duration: state.duration,
      detail: state.detail
    };
  },
});

// As the User Timing specification has it (performancemark).
function PerformanceMark(name) {
  lib.constructing(new.target, 'PerformanceMark');
  lib.need(arguments, 1, 'PerformanceMark');
  this[$] = markState(lib.string(name), arguments[1]);
}
lib.expose('PerformanceMark', PerformanceMark, {
  get detail() { return typedEntryOf(this, 'mark').detail; },
},
           PerformanceEntry);

function PerformanceMeasure() { lib.illegal(); }
lib.expose('PerformanceMeasure', PerformanceMeasure, {
  get detail() { return typedEntryOf(this, 'measure').detail; },
},
           PerformanceEntry);

// A DOMHighResTimeStamp argument.
function time(value) {
  value = +value;
  if (!(value > -Infinity && value < Infinity))
    throw new TypeError('A time is not a finite number');
  return value;
}

function copyOf(detail) {
  return detail === undefined || detail === null ? null : host.structuredClone(detail);
}

function state(type, name, start, duration, detail) {
  return {
    is: OTHER,
    kind: ENTRY,
    name: name,
    type: type,
    start: start,
    duration: duration,
    detail: detail,
  };
}

function markState(name, given) {
  var options = lib.dictionary(given, 'PerformanceMarkOptions');
  var detail = options.detail;
  var start = options.startTime;
  start = start === undefined ? host.now() : time(start);
  if (start < 0)
    throw new TypeError('performance.mark: startTime is negative');
  return state('mark', name, start, 0, copyOf(detail));
}

function keep(entry) {
  if (entries.length >= ENTRIES_MAX)
    entries.shift();
  entries.push(entry);
  if (lib.performance_observer !== undefined)
    lib.performance_observer.queue(entry);
  return entry;
}

// A mark's name or a time: (DOMString or DOMHighResTimeStamp).
function markOrTime(value) {
  return value === undefined || typeof value === 'number' ? value && time(value)
                                                          : lib.string(value);
}

// As the User Timing specification has it (convert-a-mark-to-a-timestamp).
function timeOf(mark) {
  if (typeof mark === 'number') {
    if (mark < 0)
      throw new TypeError('performance.measure: a time is negative');
    return mark;
  }
  for (var i = entries.length - 1; i >= 0; i--)
    if (entries[i][$].type === 'mark' && entries[i][$].name === mark)
      return entries[i][$].start;
  return lib.throwDom('SyntaxError', "performance.measure: there is no mark '" + mark + "'");
}

// A PerformanceMeasureOptions argument, or what stands for one.
function measureOptions(given, endMark) {
  if (given !== undefined && given !== null && !lib.isObject(given))
    return {start: lib.string(given), end: endMark, duration: undefined, detail: undefined};
  var dictionary = lib.dictionary(given, 'PerformanceMeasureOptions');
  var detail = dictionary.detail;
  var duration = dictionary.duration === undefined ? undefined : time(dictionary.duration);
  var options = {detail: detail, duration: duration, end: markOrTime(dictionary.end)};
  options.start = markOrTime(dictionary.start);
  var isEmpty = options.start === undefined && options.end === undefined;
  if (isEmpty && duration === undefined && detail === undefined) {
    options.end = endMark;
    return options;
  }
  if (endMark !== undefined || isEmpty)
    throw new TypeError('performance.measure: the options need a start or an end, not both kinds');
  if (options.start !== undefined && options.end !== undefined && duration !== undefined)
    throw new TypeError('performance.measure: start, duration and end are too much');
  return options;
}

function endOf(options) {
  if (options.end !== undefined)
    return timeOf(options.end);
  if (options.start !== undefined && options.duration !== undefined)
    return timeOf(options.start) + timeOf(options.duration);
  return host.now();
}

function startOf(options, end) {
  if (options.start !== undefined)
    return timeOf(options.start);
  return options.duration === undefined ? 0 : end - timeOf(options.duration);
}

function inOrder(list) {
  return list.slice().sort(function(a, b) { return a[$].start - b[$].start; });
}

function select(list, name, type) {
  return inOrder(list.filter(function(entry) {
    return (name === undefined || entry[$].name === name) &&
           (type === undefined || entry[$].type === type);
  }));
}

function clear(type, name) {
  name = name === undefined ? undefined : lib.string(name);
  entries = entries.filter(function(entry) {
    return entry[$].type !== type || (name !== undefined && entry[$].name !== name);
  });
}

function check(self) {
  if (of(self, lib.bit.singleton).name !== 'performance')
    throw new TypeError('Illegal invocation');
}

// The three ways to look at a list of entries; `listOf` checks `this`.
function getters(listOf) {
  return {
    getEntries() { return select(listOf(this)); },
    getEntriesByName(name) {
      var list = listOf(this);
      lib.need(arguments, 1, 'getEntriesByName');
      var type = arguments[1];
      return select(list, lib.string(name), type === undefined ? undefined : lib.string(type));
    },
    getEntriesByType(type) {
      var list = listOf(this);
      lib.need(arguments, 1, 'getEntriesByType');
      return select(list, undefined, lib.string(type));
    },
  };
}

var Performance = lib.expose('Performance', function Performance() { lib.illegal(); }, {
  now() {
    check(this);
    return host.now();
  },
  get timeOrigin() {
    check(this);
    return lib.info.timeOrigin;
  },
  toJSON() {
    check(this);
    return {timeOrigin: lib.info.timeOrigin};
  },
  mark(name) {
    check(this);
    lib.need(arguments, 1, 'performance.mark');
    return keep(lib.make(PerformanceMark.prototype, markState(lib.string(name), arguments[1])));
  },
  // As the User Timing specification has it (dom-performance-measure).
  measure(name) {
    check(this);
    lib.need(arguments, 1, 'performance.measure');
    name = lib.string(name);
    var endMark = arguments[2] === undefined ? undefined : lib.string(arguments[2]);
    var options = measureOptions(arguments[1], endMark);
    var end = endOf(options);
    var start = startOf(options, end);
    return keep(lib.make(PerformanceMeasure.prototype,
                         state('measure', name, start, end - start, copyOf(options.detail))));
  },
  clearMarks() {
    check(this);
    clear('mark', arguments[0]);
  },
  clearMeasures() {
    check(this);
    clear('measure', arguments[0]);
  },
},
                             lib.EventTarget);
host.copyMembers(Performance.prototype, getters(function(self) {
                   check(self);
                   return entries;
                 }));

var performance = lib.make(
    Performance.prototype,
    {is: lib.bit.singleton | lib.bit.target, listeners: [], handlers: null, name: 'performance'});
lib.replaceable('performance', function() { return of(this, lib.bit.global) && performance; });
host.nameAccessors(lib.scopePrototype);
lib.performance = {
  getters: getters,
  entries: function() { return entries; },
};
})(__host);
