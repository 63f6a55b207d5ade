// SPDX-License-Identifier: MIT
// Modules: the module map, linking, evaluation and import(). As ECMAScript has it (source text
// module records) with the loading of the HTML specification. A record's body is a coroutine, see
// runtime/lowering/emit_modules.cpp. Loaded with the first module.
(function(host) {
var lib = host.platform;
var coroutines = host.coroutines;
var define = Object.defineProperty;
var create = Object.create;
var has_own = Object.prototype.hasOwnProperty;

var UNLINKED = 0;
var LINKING = 1;
var LINKED = 2;
var EVALUATING = 3;
var EVALUATING_ASYNC = 4;
var EVALUATED = 5;

// By URL: a record, or what its loading failed with.
var map = create(null);
var asyncEvaluations = 0;

function has(object, key) { return lib.apply(has_own, object, [key]); }

function Failure(reason) { this.reason = reason; }

// -- Loading -----------------------------------------------------------------------------------

function Record(url, compiled) {
  this.url = url;
  this.body = compiled.body;
  this.specifiers = compiled.requests;
  this.importEntries = compiled.imports;
  this.exportEntries = compiled.exports;
  this.awaits = compiled.awaits;
  this.requests = []; // URLs, then records
  this.imports = compiled.requests.map(function() { return create(null); });
  this.meta = importMeta(url);
  this.own = create(null);
  this.status = UNLINKED;
  this.error = null;
  this.job = null;
  this.namespace = null;
  this.dfsIndex = this.dfsAncestor = 0;
  this.cycleRoot = null;
  this.asyncOrder = 0; // not 0: evaluates asynchronously
  this.pending = 0;
  this.asyncParents = [];
  this.promise = null;
}

// The body says what it exports before it stops at its boundary.
Record.prototype.exports = function(getters) {
  for (var name in getters)
    this.own[name] = getters[name];
};

function importMeta(url) {
  var meta = create(null);
  meta.url = url;
  meta.resolve = function(specifier) { return resolve(String(specifier), url); };
  host.rename(meta.resolve, 'resolve');
  return meta;
}

// There are no import maps in workers, so a bare specifier means nothing.
function resolve(specifier, base) {
  var relative = /^(\/|\.\/|\.\.\/)/.test(specifier);
  var url = host.resolveUrl(specifier, relative ? base : undefined);
  if (url === undefined)
    throw new TypeError("Failed to resolve module specifier '" + specifier + "'" +
                        (relative ? '' : ": it must be a URL or start with '/', './' or '../'"));
  return url;
}

function withoutFragment(url) { return url.replace(/#.*$/, ''); }

// One module without what it imports.
function load(url) {
  var known = map[url];
  if (known !== undefined)
    return known;
  try {
    var compiled = host.compileModule(url);
    known = new Record(url, compiled);
    known.requests =
        compiled.requests.map(function(specifier) { return resolve(specifier, url); });
  } catch (error) {
    known = new Failure(error);
  }
  return map[url] = known;
}

// The record of the module with everything it imports loaded; throws what failed first.
function loadGraph(url) {
  var root = load(url);
  var seen = [];
  var visit = [root];
  while (visit.length > 0) {
    var record = visit.shift();
    if (record instanceof Failure)
      throw record.reason;
    if (record.status !== UNLINKED || seen.indexOf(record) >= 0)
      continue;
    seen.push(record);
    for (var i = 0; i < record.requests.length; i++) {
      if (typeof record.requests[i] === 'string') {
        var required = load(record.requests[i]);
        if (required instanceof Failure)
          throw required.reason;
        record.requests[i] = required;
      }
      visit.push(record.requests[i]);
    }
  }
  return root;
}

// -- Linking -----------------------------------------------------------------------------------

// (ECMAScript: resolveexport) A record and how to read the binding there, null, or AMBIGUOUS.
var AMBIGUOUS = {};

function Resolution(record, name, get) {
  this.record = record;
  this.name = name;
  this.get = get; // undefined: the namespace of the record
}

function resolveExport(record, name, path) {
  var key = record.url + ' ' + name;
  if (path[key])
    return null;
  path[key] = true;
  if (has(record.own, name))
    return new Resolution(record, name, record.own[name]);
  var entries = record.exportEntries;
  for (var i = 0; i < entries.length; i++) {
    if (entries[i].exported !== name || entries[i].request < 0)
      continue;
    var from = record.requests[entries[i].request];
    if (entries[i].imported === '*')
      return new Resolution(from, '*', undefined);
    return resolveExport(from, entries[i].imported, path);
  }
  return name === 'default' ? null : resolveStar(record, name, path);
}

function resolveStar(record, name, path) {
  var found = null;
  var entries = record.exportEntries;
  for (var i = 0; i < entries.length; i++) {
    if (entries[i].exported !== '*')
      continue;
    var one = resolveExport(record.requests[entries[i].request], name, path);
    if (one === AMBIGUOUS)
      return one;
    if (one === null)
      continue;
    if (found !== null && (found.record !== one.record || found.name !== one.name))
      return AMBIGUOUS;
    found = one;
  }
  return found;
}

function exportedNames(record, seen, names) {
  if (seen.indexOf(record) >= 0)
    return names;
  seen.push(record);
  record.exportEntries.forEach(function(entry) {
    if (entry.exported !== '*')
      return names[entry.exported] = true;
    var stars = exportedNames(record.requests[entry.request], seen, create(null));
    for (var name in stars)
      if (name !== 'default')
        names[name] = true;
  });
  return names;
}

function namespaceOf(record) {
  if (record.namespace !== null)
    return record.namespace;
  var space = record.namespace = create(null);
  Object.keys(exportedNames(record, [], create(null))).sort().forEach(function(name) {
    var found = resolveExport(record, name, create(null));
    if (found !== null && found !== AMBIGUOUS)
      define(space, name, {get: getterOf(found), enumerable: true, configurable: false});
  });
  define(space, Symbol.toStringTag, {value: 'Module'});
  return Object.preventExtensions(space);
}

function getterOf(resolution) {
  return resolution.get || function() { return namespaceOf(resolution.record); };
}

function need(record, request, name, line) {
  var found = resolveExport(record.requests[request], name, create(null));
  if (found !== null && found !== AMBIGUOUS)
    return found;
  throw host.syntaxError("The requested module '" + record.specifiers[request] + "' " +
                             (found === null ? 'does not provide an export' : 'has two exports') +
                             " named '" + name + "'",
                         record.url, line);
}

function initialize(record) {
  record.exportEntries.forEach(function(entry) {
    if (entry.request >= 0 && entry.imported !== '*')
      need(record, entry.request, entry.imported, entry.line);
  });
  record.importEntries.forEach(function(entry) {
    var bindings = record.imports[entry.request];
    if (has(bindings, entry.imported))
      return;
    if (entry.imported === '*')
      return define(bindings, '*', {value: namespaceOf(record.requests[entry.request])});
    var found = need(record, entry.request, entry.imported, entry.line);
    if (found.get === undefined)
      define(bindings, entry.imported, {value: namespaceOf(found.record)});
    else
      define(bindings, entry.imported, {get: found.get});
  });
}

// All records of the graph that are not linked yet, in order of evaluation.
function unlinked(record, found) {
  if (record.status !== UNLINKED || found.indexOf(record) >= 0)
    return found;
  found.push(record);
  record.requests.forEach(function(required) { unlinked(required, found); });
  return found;
}

// (ECMAScript: moduledeclarationlinking)
function link(root) {
  var records = unlinked(root, []);
  // Exports first: modules that import each other look into both.
  records.forEach(function(record) {
    if (record.job === null)
      record.job = coroutines.prepare_module(record.body, record);
  });
  records.forEach(initialize);
  records.forEach(function(record) { record.status = LINKED; });
}

// -- Evaluation --------------------------------------------------------------------------------

// (ECMAScript: moduleevaluation) A promise.
function evaluate(record) {
  if (record.status >= EVALUATING_ASYNC)
    record = record.cycleRoot || record;
  if (record.promise !== null)
    return record.promise;
  record.promise = lib.newPromise();
  var stack = [];
  try {
    evaluateInner(record, stack, 0);
    if (record.asyncOrder === 0)
      lib.resolve(record.promise, undefined);
  } catch (error) {
    stack.forEach(function(member) {
      member.status = EVALUATED;
      member.error = new Failure(error);
    });
    lib.reject(record.promise, error);
  }
  return record.promise;
}

// (ECMAScript: innermoduleevaluation)
function evaluateInner(record, stack, index) {
  if (record.status >= EVALUATING_ASYNC) {
    if (record.error !== null)
      throw record.error.reason;
    return index;
  }
  if (record.status === EVALUATING)
    return index;
  record.status = EVALUATING;
  record.dfsIndex = record.dfsAncestor = index++;
  stack.push(record);
  record.requests.forEach(function(required) {
    index = evaluateInner(required, stack, index);
    if (required.status === EVALUATING) {
      record.dfsAncestor = Math.min(record.dfsAncestor, required.dfsAncestor);
    } else {
      required = required.cycleRoot;
      if (required.error !== null)
        throw required.error.reason;
    }
    if (required.asyncOrder !== 0 && required.status !== EVALUATED) {
      record.pending++;
      required.asyncParents.push(record);
    }
  });
  if (record.pending > 0 || record.awaits) {
    record.asyncOrder = ++asyncEvaluations;
    if (record.pending === 0)
      runAsync(record);
  } else {
    coroutines.run_module(record.job);
  }
  if (record.dfsAncestor === record.dfsIndex) {
    var member;
    do {
      member = stack.pop();
      member.status = member.asyncOrder === 0 ? EVALUATED : EVALUATING_ASYNC;
      member.cycleRoot = record;
    } while (member !== record);
  }
  return index;
}

function runAsync(record) {
  lib.react(coroutines.run_module_async(record.job), function() { asyncFulfilled(record); },
            function(error) { asyncRejected(record, error); });
}

// (ECMAScript: async-module-execution-fulfilled)
function asyncFulfilled(record) {
  if (record.status === EVALUATED)
    return;
  settle(record);
  var ready = [];
  gatherAvailable(record, ready);
  ready.sort(function(a, b) { return a.asyncOrder - b.asyncOrder; }).forEach(function(next) {
    if (next.status === EVALUATED)
      return;
    if (next.awaits)
      return runAsync(next);
    try {
      coroutines.run_module(next.job);
    } catch (error) {
      return asyncRejected(next, error);
    }
    settle(next);
  });
}

function settle(record) {
  record.status = EVALUATED;
  if (record.promise !== null)
    lib.resolve(record.promise, undefined);
}

// (ECMAScript: gather-available-ancestors)
function gatherAvailable(record, ready) {
  record.asyncParents.forEach(function(parent) {
    if (ready.indexOf(parent) >= 0 || (parent.cycleRoot || parent).error !== null)
      return;
    if (--parent.pending > 0)
      return;
    ready.push(parent);
    if (!parent.awaits)
      gatherAvailable(parent, ready);
  });
}

// (ECMAScript: async-module-execution-rejected)
function asyncRejected(record, error) {
  if (record.status === EVALUATED)
    return;
  record.error = new Failure(error);
  record.status = EVALUATED;
  record.asyncParents.forEach(function(parent) { asyncRejected(parent, error); });
  if (record.promise !== null)
    lib.reject(record.promise, error);
}

// -- Entry points ------------------------------------------------------------------------------

function prepare(url) {
  var record = loadGraph(withoutFragment(url));
  link(record);
  return record;
}

function awaitsAnywhere(record, seen) {
  if (seen.indexOf(record) >= 0)
    return false;
  seen.push(record);
  return record.awaits ||
         record.requests.some(function(required) { return awaitsAnywhere(required, seen); });
}

lib.modules = {
  // The whole of a main module; `settled` is called once it is over. What it throws is reported.
  run: function(url, settled) {
    if (!lib.dedicated) {
      lib.modules.runNow(url);
      return settled();
    }
    lib.react(evaluate(prepare(url)), settled, function(error) {
      lib.report(error);
      settled();
    });
  },

  // The same for a service worker, whose evaluation has to be over at once.
  // Spec: ServiceWorker#run-service-worker-algorithm
  runNow: function(url) {
    var record = loadGraph(url);
    if (awaitsAnywhere(record, []))
      throw new TypeError('top-level await is not allowed in service workers');
    link(record);
    evaluate(record);
    if (record.error !== null) {
      lib.react(record.promise, undefined, function() {}); // it is told once
      throw record.error.reason;
    }
  },

  // (ECMAScript: import-calls)
  importNow: function(referrer, specifier) {
    return lib.promised(function(promise) {
      if (typeof specifier === 'symbol')
        throw new TypeError('a symbol is no module specifier');
      var text = String(specifier);
      if (!lib.dedicated)
        throw new TypeError('import() is not allowed in service workers');
      var url = resolve(text, referrer ? referrer.url : host.callerUrl() || lib.base);
      host.postTask(function() {
        try {
          var record = prepare(url);
          lib.react(evaluate(record), function() { lib.resolve(promise, namespaceOf(record)); },
                    function(error) { lib.reject(promise, error); });
        } catch (error) {
          lib.reject(promise, error);
        }
      });
    });
  },
};
})(__host);
