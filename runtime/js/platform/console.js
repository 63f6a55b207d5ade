// SPDX-License-Identifier: MIT
// console. (Console). Lines go to the node's log with the caller's file and line.
(function(host) {
var lib = host.platform;
var DEBUG = 0, LOG = 1, INFO = 2, WARN = 3, ERROR = 4;
var DEPTH_MAX = 4, ITEMS_MAX = 100, TEXT_MAX = 10000;
var counts = {};
var timers = {};
var groups = '';
var tagOf = Object.prototype.toString;

function quoted(text) {
  return "'" + text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n') + "'";
}

function inspect(value, depth, seen) {
  switch (typeof value) {
  case 'string':
    return depth === 0 ? value
                       : quoted(value.length > TEXT_MAX ? value.slice(0, TEXT_MAX) + '...' : value);
  case 'number':
    return Object.is(value, -0) ? '-0' : String(value);
  case 'bigint':
    return value + 'n';
  case 'function':
    return '[Function' + (value.name ? ': ' + value.name : ' (anonymous)') + ']';
  case 'object':
    return value === null ? 'null' : inspectObject(value, depth, seen);
  default:
    return String(value);
  }
}

function inspectObject(value, depth, seen) {
  if (seen.indexOf(value) >= 0)
    return '[Circular]';
  if (value instanceof Error || lib.isA(value, lib.bit.exception))
    return describeError(value);
  if (tagOf.call(value) === '[object BigInt]')
    return '[BigInt: ' + value + 'n]';
  if (depth > DEPTH_MAX)
    return Array.isArray(value) ? '[Array]' : '[Object]';
  seen.push(value);
  var text = inspectNested(value, depth, seen);
  seen.pop();
  return text;
}

function describeError(error) {
  var head = String(error);
  var stack = error.stack;
  if (typeof stack !== 'string' || !stack)
    return head;
  return stack.indexOf(head) === 0 ? stack : head + '\n' + stack;
}

function inspectNested(value, depth, seen) {
  var tag = lib.apply(tagOf, value, []).slice(8, -1);
  if (Array.isArray(value))
    return '[ ' +
           list(value.length,
                function(
                    i) { return i in value ? inspect(value[i], depth + 1, seen) : '<empty>'; }) +
           ' ]';
  if (tag === 'Date' || tag === 'RegExp')
    return tag === 'Date' && !isNaN(value) ? value.toISOString() : String(value);
  if (tag === 'Map' || tag === 'Set')
    return inspectCollection(value, tag, depth, seen);
  if (ArrayBuffer.isView(value) && typeof value.length === 'number')
    return tag + '(' + value.length + ') [ ' +
           list(value.length, function(i) { return inspect(value[i], depth + 1, seen); }) + ' ]';
  if (value instanceof ArrayBuffer)
    return 'ArrayBuffer { byteLength: ' + value.byteLength + ' }';
  var accessors = lib.isA(value, -1) && tag !== 'Object' ? attributes(value) : Object.keys(value);
  var body = list(
      accessors.length,
      function(i) { return accessors[i] + ': ' + property(value, accessors[i], depth, seen); });
  return (nameOf(value, tag)) + (body ? '{ ' + body + ' }' : '{}');
}

// The state of a platform object is behind getters of its prototype.
function attributes(value) {
  var names = [];
  for (var key in value)
    if (typeof value[key] !== 'function')
      names.push(key);
  return names;
}

function nameOf(value, tag) {
  if (tag !== 'Object')
    return tag + ' ';
  var prototype = Object.getPrototypeOf(value);
  if (prototype === null)
    return '[Object: null prototype] ';
  var constructor = prototype.constructor;
  var name = typeof constructor === 'function' ? constructor.name : '';
  return name && name !== 'Object' ? name + ' ' : '';
}

function property(value, key, depth, seen) {
  try {
    return inspect(value[key], depth + 1, seen);
  } catch (error) {
    return '[threw ' + error + ']';
  }
}

function inspectCollection(value, tag, depth, seen) {
  var items = [];
  value.forEach(function(item, key) {
    items.push((tag === 'Map' ? inspect(key, depth + 1, seen) + ' => ' : '') +
               inspect(item, depth + 1, seen));
  });
  return tag + '(' + value.size + ') { ' + list(items.length, function(i) { return items[i]; }) +
         ' }';
}

function list(length, text) {
  var out = [];
  for (var i = 0; i < length && i < ITEMS_MAX; i++)
    out.push(text(i));
  if (length > ITEMS_MAX)
    out.push('... ' + (length - ITEMS_MAX) + ' more');
  return out.join(', ');
}

function show(value) {
  try {
    return inspect(value, 0, []);
  } catch (error) {
    return '[not printable: ' + error + ']';
  }
}

// As the Console specification has it (formatter).
function format(values) {
  var at = 0;
  var parts = [];
  if (typeof values[0] === 'string' && values.length > 1) {
    at = 1;
    parts.push(values[0].replace(/%[sdifoOc%]/g, function(directive) {
      if (directive === '%%')
        return '%';
      return at < values.length ? convert(directive, values[at++]) : directive;
    }));
  }
  for (; at < values.length; at++)
    parts.push(show(values[at]));
  return parts.join(' ');
}

function convert(directive, value) {
  switch (directive) {
  case '%s':
    return typeof value === 'symbol' ? String(value) : show(value);
  case '%d':
  case '%i':
    return typeof value === 'symbol' ? 'NaN' : String(parseInt(value, 10));
  case '%f':
    return typeof value === 'symbol' ? 'NaN' : String(parseFloat(value));
  case '%c':
    return '';
  default:
    return inspect(value, 1, []);
  }
}

function print(level, values) {
  var text = format(values);
  host.log(level, groups ? groups + text.replace(/\n/g, '\n' + groups) : text);
}

function label(value) { return value === undefined ? 'default' : String(value); }

function elapsed(name) {
  return name + ': ' + (Math.round((host.now() - timers[name]) * 1000) / 1000) + ' ms';
}

function table(data) {
  if (!lib.isObject(data))
    return print(LOG, [data]);
  Object.keys(data).forEach(function(
      key) { host.log(LOG, groups + key + ' | ' + show(data[key])); });
}

var console = {
  assert(condition) {
    if (condition)
      return;
    var values = Array.prototype.slice.call(arguments, 1);
    if (typeof values[0] === 'string')
      values[0] = 'Assertion failed: ' + values[0];
    else
      values.unshift('Assertion failed');
    print(ERROR, values);
  },
  clear() { groups = ''; },
  debug() { print(DEBUG, arguments); },
  error() { print(ERROR, arguments); },
  info() { print(INFO, arguments); },
  log() { print(LOG, arguments); },
  table(data) { table(data); },
  trace() {
    var stack = String(new Error().stack).split('\n').slice(2).filter(function(line) {
      return line.indexOf('(offstage:') < 0 && line.indexOf('[anon]') < 0;
    });
    host.log(LOG, 'Trace' + (arguments.length ? ': ' + format(arguments) : '') + '\n' +
                      stack.join('\n'));
  },
  warn() { print(WARN, arguments); },
  dir(item) { host.log(LOG, groups + inspect(item, 1, [])); },
  dirxml() { print(LOG, arguments); },
  count(name) {
    name = label(name);
    counts[name] = (counts[name] || 0) + 1;
    host.log(INFO, groups + name + ': ' + counts[name]);
  },
  countReset(name) {
    name = label(name);
    if (counts[name] === undefined)
      host.log(WARN, "Count for '" + name + "' does not exist");
    counts[name] = 0;
  },
  group() {
    if (arguments.length)
      print(LOG, arguments);
    groups += '  ';
  },
  groupCollapsed() {
    if (arguments.length)
      print(LOG, arguments);
    groups += '  ';
  },
  groupEnd() { groups = groups.slice(2); },
  time(name) {
    name = label(name);
    if (timers[name] !== undefined)
      return host.log(WARN, "Timer '" + name + "' already exists");
    timers[name] = host.now();
  },
  timeLog(name) {
    name = label(name);
    if (timers[name] === undefined)
      return host.log(WARN, "Timer '" + name + "' does not exist");
    var rest = Array.prototype.slice.call(arguments, 1);
    host.log(LOG, groups + elapsed(name) + (rest.length ? ' ' + format(rest) : ''));
  },
  timeEnd(name) {
    name = label(name);
    if (timers[name] === undefined)
      return host.log(WARN, "Timer '" + name + "' does not exist");
    host.log(INFO, groups + elapsed(name));
    delete timers[name];
  },
};
['timeStamp', 'profile', 'profileEnd'].forEach(function(name) { console[name] = function() {}; });
Object.keys(console).forEach(function(
    name) { Object.defineProperty(console[name], 'length', {value: 0}); });
Object.defineProperty(console, Symbol.toStringTag, {value: 'console', configurable: true});
Object.setPrototypeOf(console, Object.create(Object.prototype));
lib.hide(lib.global, 'console', console);
lib.console = console;
})(__host);
