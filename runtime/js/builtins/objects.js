// SPDX-License-Identifier: MIT
// Object, Reflect, Proxy, Symbol, Function and JSON beyond what the engine has.
(function(host) {
'use strict';
var gopd = Object.getOwnPropertyDescriptor, getPrototypeOf = Object.getPrototypeOf,
    setPrototypeOf = Object.setPrototypeOf;
var defineProperty = Object.defineProperty, ownKeys = Reflect.ownKeys, isObject = host.isObject;
var hasOwn = Object.prototype.hasOwnProperty;

function toObject(value) {
  if (value === undefined || value === null)
    throw new TypeError('Cannot convert undefined or null to object');
  return Object(value);
}
function put(target, key, value) {
  defineProperty(target, key, {value: value, writable: true, enumerable: true, configurable: true});
}

host.methods(Object, {
  entries(object) {
    object = toObject(object);
    return Object.keys(object).map(function(key) { return [key, object[key]]; });
  },
  fromEntries(iterable) {
    if (iterable === undefined || iterable === null)
      throw new TypeError(iterable + ' is not iterable');
    var target = {};
    host.iterate(iterable, function(entry) {
      if (!isObject(entry))
        throw new TypeError('Iterator value ' + String(entry) + ' is not an entry object');
      var key = entry[0];
      put(target, typeof key === 'symbol' ? key : String(key), entry[1]);
    });
    return target;
  },
  getOwnPropertyDescriptors(object) {
    object = toObject(object);
    var target = {};
    ownKeys(object).forEach(function(key) {
      var descriptor = gopd(object, key);
      if (descriptor !== undefined) put(target, key, descriptor);
    });
    return target;
  },
  hasOwn(object, key) { return hasOwn.call(toObject(object), key); },
  values(object) {
    object = toObject(object);
    return Object.keys(object).map(function(key) { return object[key]; });
  }
});

function requireObject(value, what) {
  if (!isObject(value)) throw new TypeError(what + ' called on non-object');
}
// The first object of the chain that has the property, and its descriptor.
function lookup(object, key) {
  for (; object !== null; object = getPrototypeOf(object)) {
    var descriptor = gopd(object, key);
    if (descriptor !== undefined) return descriptor;
  }
  return undefined;
}
var nativeGet = Reflect.get, nativeSet = Reflect.set, nativeConstruct = Reflect.construct;

// Deviation: without that helper a constructor written in script is applied to an object of
// newTarget's prototype; its new.target is undefined unless newTarget is the constructor itself.
function construct(target, args, newTarget) {
  if (newTarget === target) return nativeConstruct(target, args);
  // Where lowered classes are known, their helper passes new.target on.
  if (host.global.__os_construct) return host.global.__os_construct(target, args, newTarget);
  var instance, made, proto = newTarget.prototype;
  if (host.isNative(target)) {
    made = nativeConstruct(target, args);
  } else {
    instance = Object.create(isObject(proto) ? proto : Object.prototype);
    made = target.apply(instance, args);
    if (!isObject(made)) return instance;
  }
  if (isObject(proto) && getPrototypeOf(made) !== proto) setPrototypeOf(made, proto);
  return made;
}

host.methods(Reflect, {
  construct(target, args) {
    var newTarget = arguments.length > 2 ? arguments[2] : target;
    if (!host.isConstructor(target)) throw new TypeError('target is not a constructor');
    if (!host.isConstructor(newTarget)) throw new TypeError('newTarget is not a constructor');
    if (!isObject(args)) throw new TypeError('CreateListFromArrayLike called on non-object');
    return construct(target, Array.prototype.slice.call(args), newTarget);
  },
  'get'(target, key) {
    requireObject(target, 'Reflect.get');
    if (arguments.length < 3 || arguments[2] === target) return nativeGet(target, key);
    var descriptor = lookup(target, key);
    if (descriptor === undefined) return undefined;
    return 'value' in descriptor     ? descriptor.value :
        descriptor.get === undefined ? undefined :
                                       descriptor.get.call(arguments[2]);
  },
  'set'(target, key, value) {
    requireObject(target, 'Reflect.set');
    if (arguments.length < 4 || arguments[3] === target) return nativeSet(target, key, value);
    var receiver = arguments[3], descriptor = lookup(target, key), own;
    if (descriptor !== undefined && !('value' in descriptor)) {
      if (descriptor.set === undefined) return false;
      descriptor.set.call(receiver, value);
      return true;
    }
    if ((descriptor !== undefined && !descriptor.writable) || !isObject(receiver)) return false;
    own = gopd(receiver, key);
    if (own === undefined)
      return Reflect.defineProperty(
          receiver, key, {value: value, writable: true, enumerable: true, configurable: true});
    if (!('value' in own) || !own.writable) return false;
    return Reflect.defineProperty(receiver, key, {value: value});
  }
});
host.construct = construct;
host.tag(Reflect, 'Reflect');
host.tag(JSON, 'JSON');

host.methods(Proxy, {
  revocable(target, handler) {
    var live = {}, revoked = false;
    ['get', 'set', 'has', 'deleteProperty', 'ownKeys', 'apply', 'construct',
     'getOwnPropertyDescriptor', 'defineProperty', 'getPrototypeOf', 'setPrototypeOf',
     'isExtensible', 'preventExtensions']
        .forEach(function(trap) {
          defineProperty(live, trap, {
            get: function() {
              if (revoked)
                throw new TypeError(
                    "Cannot perform '" + trap + "' on a proxy that has been revoked");
              return typeof handler[trap] === 'function' ? handler[trap].bind(handler) :
                                                           Reflect[trap];
            }
          });
        });
    if (!isObject(handler))
      throw new TypeError('Cannot create proxy with a non-object as target or handler');
    return {proxy: new Proxy(target, live), revoke() { revoked = true; }};
  }
});

// Duktape writes a lone surrogate as it is; JSON text must escape it. ECMAScript: quotejsonstring
var nativeStringify = JSON.stringify,
    lone = host.newRegExp(
        '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]', 'g');
var anySurrogate = host.newRegExp('[\\ud800-\\udfff]', '');
host.methods(JSON, {
  stringify(value, replacer, space) {
    var json = nativeStringify(value, replacer, space);
    if (typeof json !== 'string' || !anySurrogate.test(json)) return json;
    return json.replace(lone, function(unit) { return '\\u' + unit.charCodeAt(0).toString(16); });
  }
});

var symbolValueOf = Symbol.prototype.valueOf;
host.getters(Symbol.prototype, {
  description() { return host.descriptionOf(symbolValueOf.call(this)); }
});
})(__host);
