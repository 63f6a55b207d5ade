// SPDX-License-Identifier: MIT
// performance: time, marks and measures.
(function(host) {
var lib = host.platform;
var of = lib.of;
var ENTRY = lib.bit.other;
var ENTRIES_MAX = 10000;
var entries = [];

function PerformanceEntry() { lib.illegal(); }
lib.expose('PerformanceEntry', PerformanceEntry, {
  get name() { return of(this, ENTRY).name; },
  get entryType() { return of(this, ENTRY).type; },
  get startTime() { return of(this, ENTRY).start; },
  get duration() { return of(this, ENTRY).duration; },
  toJSON() {
    var state = of(this, ENTRY);
    return {
      name: state.name,
      entryType: state.type,
      startTime: state.start,
      duration: state.duration,
      detail: state.detail
    };
  },
});
var detail = {get detail() { return of(this, ENTRY).detail; }};
function PerformanceMark(name) {
  lib.constructing(new.target, 'PerformanceMark');
  lib.need(arguments, 1, 'PerformanceMark');
  this[lib.slot] = markState(String(name), lib.dictionary(arguments[1], 'PerformanceMark'));
}
lib.expose('PerformanceMark', PerformanceMark,
           Object.create(null, Object.getOwnPropertyDescriptors(detail)), PerformanceEntry);
function PerformanceMeasure() { lib.illegal(); }
lib.expose('PerformanceMeasure', PerformanceMeasure,
           Object.create(null, Object.getOwnPropertyDescriptors(detail)), PerformanceEntry);

function markState(name, options) {
  var start = options.startTime === undefined ? host.now() : Number(options.startTime);
  if (start < 0)
    throw new TypeError('performance.mark: startTime is negative');
  return {
    is: ENTRY,
    name: name,
    type: 'mark',
    start: start,
    duration: 0,
    detail: options.detail === undefined ? null : host.structuredClone(options.detail),
  };
}

function keep(entry) {
  if (entries.length >= ENTRIES_MAX)
    entries.shift();
  entries.push(entry);
  return entry;
}

function timeOf(mark) {
  if (typeof mark === 'number')
    return mark;
  for (var i = entries.length - 1; i >= 0; i--)
    if (entries[i][lib.slot].type === 'mark' && entries[i][lib.slot].name === String(mark))
      return entries[i][lib.slot].start;
  lib.throwDom('SyntaxError', "performance.measure: there is no mark '" + mark + "'");
}

function select(filter) {
  return entries.filter(function(entry) { return filter(entry[lib.slot]); })
      .sort(function(a, b) { return a[lib.slot].start - b[lib.slot].start; });
}

function clear(type, name) {
  entries = entries.filter(function(entry) {
    var state = entry[lib.slot];
    return state.type !== type || (name !== undefined && state.name !== String(name));
  });
}

function check(self) {
  if (of(self, lib.bit.singleton).name !== 'performance')
    throw new TypeError('Illegal invocation');
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
    return keep(lib.make(PerformanceMark.prototype,
                         markState(String(name), lib.dictionary(arguments[1], 'mark'))));
  },
  measure(name) {
    check(this);
    lib.need(arguments, 1, 'performance.measure');
    var options =
        lib.isObject(arguments[1]) ? arguments[1] : {start: arguments[1], end: arguments[2]};
    var end = options.end !== undefined ? timeOf(options.end)
              : options.start !== undefined && options.duration !== undefined
                  ? timeOf(options.start) + Number(options.duration)
                  : host.now();
    var start = options.start !== undefined      ? timeOf(options.start)
                : options.duration !== undefined ? end - Number(options.duration)
                                                 : 0;
    return keep(lib.make(PerformanceMeasure.prototype, {
      is: ENTRY,
      name: String(name),
      type: 'measure',
      start: start,
      duration: end - start,
      detail: options.detail === undefined ? null : host.structuredClone(options.detail),
    }));
  },
  clearMarks() { clear('mark', arguments[0]); },
  clearMeasures() { clear('measure', arguments[0]); },
  getEntries() { return select(function() { return true; }); },
  getEntriesByType(
      type) { return select(function(state) { return state.type === String(type); }); },
  getEntriesByName(name) {
    var type = arguments[1];
    return select(function(state) {
      return state.name === String(name) && (type === undefined || state.type === String(type));
    });
  },
},
                             lib.EventTarget);

var performance = lib.make(
    Performance.prototype,
    {is: lib.bit.singleton | lib.bit.target, listeners: [], handlers: null, name: 'performance'});
lib.replaceable('performance', function() { return of(this, lib.bit.global) && performance; });
host.nameAccessors(lib.scopePrototype);
lib.performance = {};
})(__host);
