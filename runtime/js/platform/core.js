// SPDX-License-Identifier: MIT
// What every other platform file builds on. Files are sloppy on purpose: `this` of a call without
// receiver is then the global object, as Web IDL wants. An instance keeps its state in one object
// behind a hidden key that script cannot name; `is` of that object says which interfaces the
// instance has.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var G = lib.global;
var PromiseConstructor = G.Promise;

lib.bit = {
  event: 1,
  extendable: 2,
  fetchEvent: 4,
  target: 8,
  signal: 16,
  headers: 32,
  request: 64,
  response: 128,
  blob: 256,
  formData: 512,
  params: 1024,
  url: 2048,
  stream: 4096,
  cache: 8192,
  client: 16384,
  worker: 32768,
  registration: 65536,
  exception: 1 << 17,
  writable: 1 << 18,
  transform: 1 << 19,
  reader: 1 << 20,
  writer: 1 << 21,
  iterator: 1 << 22,
  singleton: 1 << 23,
  global: 1 << 24,
  messageEvent: 1 << 25,
  pushEvent: 1 << 26,
  other: 1 << 27,
};

lib.of = function(object, bit) {
  var state = object === undefined || object === null ? undefined : object[$];
  if (state === undefined || !(state.is & bit))
    throw new TypeError('Illegal invocation');
  return state;
};

lib.isA = function(value, bit) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return false;
  var state = value[$];
  return state !== undefined && (state.is & bit) !== 0;
};

var createObject = Object.create;
lib.make = function(prototype, state) {
  var object = createObject(prototype);
  object[$] = state;
  return object;
};

lib.constructing = function(target, name) {
  if (target === undefined)
    throw new TypeError("Class constructor " + name + " cannot be invoked without 'new'");
};

lib.illegal = function() { throw new TypeError('Illegal constructor'); };

lib.need = function(given, count, what) {
  if (given.length < count)
    throw new TypeError(what + ': ' + count + ' argument' + (count > 1 ? 's' : '') +
                        ' required, but only ' + given.length + ' present');
};

var noMembers = Object.freeze(Object.create(null));

// A Web IDL dictionary argument.
lib.dictionary = function(value, what) {
  if (value === undefined || value === null)
    return noMembers;
  if (typeof value !== 'object' && typeof value !== 'function')
    throw new TypeError(what + ': the options are not an object');
  return value;
};

// A DOMString argument.
var toText = G.String;
lib.string = function(value) {
  if (typeof value === 'symbol')
    throw new TypeError('Cannot convert a Symbol value to a string');
  return toText(value);
};

lib.oneOf = function(value, allowed, what) {
  value = lib.string(value);
  if (allowed.indexOf(value) < 0)
    throw new TypeError("'" + value + "' is not a valid value of " + what);
  return value;
};

lib.isObject = function(
    value) { return (typeof value === 'object' && value !== null) || typeof value === 'function'; };

lib.isIterable = function(object) {
  var method = object[Symbol.iterator];
  return method !== undefined && method !== null;
};

// The members of a sequence; `method` is its @@iterator for who has asked already.
lib.sequence = function(value, what, method) {
  if (method === undefined && lib.isObject(value))
    method = value[Symbol.iterator];
  if (typeof method !== 'function')
    throw new TypeError(what + ' is not iterable');
  var iterator = lib.apply(method, value, []);
  var out = [];
  for (var step = iterator.next(); !step.done; step = iterator.next())
    out.push(step.value);
  return out;
};

// The pairs of a record, both converted.
lib.record = function(object, toKey, toValue) {
  var pairs = [];
  Reflect.ownKeys(object).forEach(function(key) {
    var property = Object.getOwnPropertyDescriptor(object, key);
    if (property !== undefined && property.enumerable)
      pairs.push([toKey(key), toValue(object[key])]);
  });
  return pairs;
};

lib.apply = Reflect.apply;
lib.Promise = PromiseConstructor;
lib.newPromise = host.newPromise;
lib.resolve = host.resolvePromise;
lib.reject = host.rejectPromise;
lib.microtask = G.queueMicrotask;

lib.resolved = function(value) {
  var promise = host.newPromise();
  host.resolvePromise(promise, value);
  return promise;
};

lib.rejected = function(reason) {
  var promise = host.newPromise();
  host.rejectPromise(promise, reason);
  return promise;
};

// Reacts to a value or promise without a derived promise.
lib.react = function(value, fulfilled, rejected) {
  host.performThen(host.promiseResolve(PromiseConstructor, value), fulfilled, rejected);
};

// Reacts and gives the derived promise.
lib.then = function(value, fulfilled, rejected) {
  var derived = host.newPromise();
  var settle = function(handler, other) {
    return function(result) {
      try {
        if (handler === undefined)
          other(derived, result);
        else
          host.resolvePromise(derived, handler(result));
      } catch (error) {
        host.rejectPromise(derived, error);
      }
    };
  };
  lib.react(value, settle(fulfilled, host.resolvePromise), settle(rejected, host.rejectPromise));
  return derived;
};

// Runs the steps of an operation that returns a promise: what they throw is the promise's
// rejection.
lib.promised = function(steps) {
  var promise = host.newPromise();
  try {
    steps(promise);
  } catch (error) {
    host.rejectPromise(promise, error);
  }
  return promise;
};

// The answer of a call to the parent settles a promise; `convert` makes the script's value of it.
lib.answer = function(promise, convert) {
  return function(value, name, message) {
    if (name !== undefined)
      return host.rejectPromise(promise, lib.failure(name, message));
    try {
      host.resolvePromise(promise, convert ? convert(value) : value);
    } catch (error) {
      host.rejectPromise(promise, error);
    }
  };
};

lib.failure = function(name, message) {
  var constructor =
      {TypeError: TypeError, RangeError: RangeError, SyntaxError: SyntaxError, Error: Error}[name];
  return constructor ? new constructor(message) : lib.makeDom(message, name);
};

lib.hide = function(object, name, value) {
  Object.defineProperty(object, name,
                        {value: value, writable: true, enumerable: false, configurable: true});
};

// Makes an interface: `prototype` is an object literal whose methods and accessors are already what
// Web IDL asks for. Methods with the name of a keyword have to be quoted in Duktape's dialect and
// then come without a name. Constructors are marked, so that a class of script that extends one
// gets the object the constructor made.
lib.expose = function(name, constructor, prototype, parent) {
  host.exposeInterface(name, constructor, prototype);
  if (parent) {
    Object.setPrototypeOf(prototype, parent.prototype);
    Object.setPrototypeOf(constructor, parent);
  }
  host.markNative(constructor);
  return constructor;
};

lib.constants = function(targets, values) {
  for (var i = 0; i < targets.length; i++)
    host.constants(targets[i], values);
};

// Members of the scope's own interface live on the global object, those that all workers have on
// the prototype they share.
lib.global_members = function(members) { host.copyMembers(G, members); };
lib.scopePrototype = {};
lib.scope_members = function(members) { host.copyMembers(lib.scopePrototype, members); };
// [Replaceable] attributes.
lib.replaceable = function(name, get) {
  Object.defineProperty(lib.scopePrototype, name, {
    get: get,
    set: function(value) {
      lib.of(this === undefined ? G : this, lib.bit.global);
      Object.defineProperty(G, name,
                            {value: value, writable: true, enumerable: true, configurable: true});
    },
    enumerable: true,
    configurable: true,
  });
};

// Files that are loaded when script first needs them.
lib.load = function(file) {
  if (lib[file] === undefined)
    host.load(file);
  return lib[file];
};

var codes = {
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

// As the WebIDL specification has it (idl-DOMException).
function DOMException(message, name) {
  lib.constructing(new.target, 'DOMException');
  message = message === undefined ? '' : String(message);
  var error = new Error(message);
  delete error.message;
  error[$] = {
    is: lib.bit.exception,
    message: message,
    name: name === undefined ? 'Error' : String(name)
  };
  Object.setPrototypeOf(error, new.target.prototype);
  return error;
}

lib.expose('DOMException', DOMException, {
  get name() { return lib.of(this, lib.bit.exception).name; },
  get message() { return lib.of(this, lib.bit.exception).message; },
  get code() { return codes[lib.of(this, lib.bit.exception).name] || 0; },
});
Object.setPrototypeOf(DOMException.prototype, Error.prototype);
lib.constants([DOMException, DOMException.prototype], {
  INDEX_SIZE_ERR: 1,
  DOMSTRING_SIZE_ERR: 2,
  HIERARCHY_REQUEST_ERR: 3,
  WRONG_DOCUMENT_ERR: 4,
  INVALID_CHARACTER_ERR: 5,
  NO_DATA_ALLOWED_ERR: 6,
  NO_MODIFICATION_ALLOWED_ERR: 7,
  NOT_FOUND_ERR: 8,
  NOT_SUPPORTED_ERR: 9,
  INUSE_ATTRIBUTE_ERR: 10,
  INVALID_STATE_ERR: 11,
  SYNTAX_ERR: 12,
  INVALID_MODIFICATION_ERR: 13,
  NAMESPACE_ERR: 14,
  INVALID_ACCESS_ERR: 15,
  VALIDATION_ERR: 16,
  TYPE_MISMATCH_ERR: 17,
  SECURITY_ERR: 18,
  NETWORK_ERR: 19,
  ABORT_ERR: 20,
  URL_MISMATCH_ERR: 21,
  QUOTA_EXCEEDED_ERR: 22,
  TIMEOUT_ERR: 23,
  INVALID_NODE_TYPE_ERR: 24,
  DATA_CLONE_ERR: 25,
});
lib.DOMException = DOMException;
Object.defineProperty(DOMException, 'length', {value: 0});

// An exception of the platform; exceeded quotas have an interface of their own.
lib.makeDom = function(message, name) {
  return name === 'QuotaExceededError' ? lib.load('quota_error').make(message)
                                       : new DOMException(message, name);
};
host.keepException(lib.makeDom);

lib.throwDom = function(name, message) { throw lib.makeDom(message, name); };
})(__host);
