// SPDX-License-Identifier: MIT
'use strict';

test(() => {
  const m = performance.mark('a', {startTime: 5, detail: {x: 1}});
  assert_equals(m.startTime, 5);
  assert_equals(m.detail.x, 1);
  assert_equals(m.entryType, 'mark');
  const me = performance.measure('m', {start: 5, duration: 10});
  assert_equals(me.duration, 10);
  assert_equals(performance.getEntriesByName('m', 'measure').length, 1);
  performance.clearMarks();
  performance.clearMeasures();
  assert_equals(performance.getEntries().length, 0);
  assert_throws_dom('SyntaxError', () => performance.measure('q', 'nope'));
  assert_throws_js(TypeError, () => performance.mark('b', {startTime: -1}));
  assert_equals(JSON.stringify(performance.toJSON()).includes('timeOrigin'), true)
}, 'perf');
promise_test(async () => {
  const seen = [];
  const observer = new PerformanceObserver(
      (list, self) => seen.push([list.getEntries().map(e => e.name), self]));
  observer.observe({entryTypes: ['mark', 'unknown']});
  performance.mark('one');
  performance.measure('not seen');
  await new Promise(done => setTimeout(done, 5));
  assert_array_equals(seen[0][0], ['one']);
  assert_equals(seen[0][1], observer);
  performance.mark('two');
  assert_equals(observer.takeRecords().length, 1);
  observer.disconnect();
  performance.mark('three');
  await new Promise(done => setTimeout(done, 5));
  assert_equals(seen.length, 1);
  assert_true(Object.isFrozen(PerformanceObserver.supportedEntryTypes));
}, 'an observer gets entries of its types');
test(() => {
  assert_throws_js(TypeError, () => performance.measure('x', {duration: 1}));
  assert_throws_js(TypeError, () => performance.measure('x', {start: 1, end: 2, duration: 1}));
  assert_throws_js(TypeError, () => performance.measure('x', {start: 1}, 'end'));
  assert_throws_js(TypeError, () => performance.measure('x', {start: -1}));
  assert_equals(performance.measure('x', {end: 7, duration: 3}).startTime, 4);
}, 'options of measure()');
