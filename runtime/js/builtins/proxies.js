// SPDX-License-Identifier: MIT
// What the engine's natives do with proxies; the traps get, set, has, deleteProperty, apply and
// construct of a direct proxy are the engine's own. Every function gets the native's magic and
// `this` first, see offstage_proxy_native; magic 1 or more is Reflect's form where there are two.
(function(host) {
'use strict';
var gopd = Object.getOwnPropertyDescriptor, define = Object.defineProperty;
var prototypeOf = Object.getPrototypeOf, isExtensible = Object.isExtensible;
var ownKeys = Reflect.ownKeys, reflectGet = Reflect.get, reflectSet = Reflect.set;
var reflectDefine = Reflect.defineProperty, reflectSetPrototype = Reflect.setPrototypeOf;
var reflectPrevent = Reflect.preventExtensions;
var isObject = host.isObject, parts = host.proxyParts;
var fields = ['value', 'writable', 'get', 'set', 'enumerable', 'configurable'];

function fail(trap) {
  throw new TypeError("'" + trap + "' on proxy: the trap gave what the target does not allow");
}

// The trap of a handler, undefined without one.
function trapOf(handler, name) {
  var trap = handler[name];
  if (trap === undefined || trap === null) return undefined;
  if (typeof trap !== 'function') throw new TypeError('trap ' + name + ' is not a function');
  return trap;
}
function keyOf(key) {
  key = typeof key === 'symbol' ? key : host.toPropertyKey(key);
  return key;
}

function getPrototype(proxy) {
  var p = parts(proxy), trap = trapOf(p[1], 'getPrototypeOf'), result;
  if (!trap) return prototypeOf(p[0]);
  result = trap.call(p[1], p[0]);
  if (result !== null && !isObject(result)) fail('getPrototypeOf');
  if (!isExtensible(p[0]) && result !== prototypeOf(p[0])) fail('getPrototypeOf');
  return result;
}
function setPrototype(proxy, value) {
  var p = parts(proxy), trap = trapOf(p[1], 'setPrototypeOf');
  if (!trap) return reflectSetPrototype(p[0], value);
  if (!trap.call(p[1], p[0], value)) return false;
  if (!isExtensible(p[0]) && value !== prototypeOf(p[0])) fail('setPrototypeOf');
  return true;
}
function extensible(proxy) {
  var p = parts(proxy), trap = trapOf(p[1], 'isExtensible'), result;
  if (!trap) return isExtensible(p[0]);
  result = !!trap.call(p[1], p[0]);
  if (result !== isExtensible(p[0])) fail('isExtensible');
  return result;
}
function prevent(proxy) {
  var p = parts(proxy), trap = trapOf(p[1], 'preventExtensions'), result;
  if (!trap) return reflectPrevent(p[0]);
  result = !!trap.call(p[1], p[0]);
  if (result && isExtensible(p[0])) fail('preventExtensions');
  return result;
}

// ECMAScript: topropertydescriptor, completed when `whole`
function descriptorFrom(source, whole) {
  if (!isObject(source)) throw new TypeError('Property description must be an object');
  var descriptor = {};
  fields.forEach(function(name) { if (name in source) descriptor[name] = source[name]; });
  ['enumerable', 'configurable', 'writable'].forEach(function(name) {
    if (name in descriptor) descriptor[name] = !!descriptor[name];
  });
  ['get', 'set'].forEach(function(name) {
    if (descriptor[name] !== undefined && typeof descriptor[name] !== 'function')
      throw new TypeError(name + 'ter must be a function');
  });
  var accessor = 'get' in descriptor || 'set' in descriptor;
  if (accessor && ('value' in descriptor || 'writable' in descriptor))
    throw new TypeError('a property cannot have both accessors and a value');
  if (!whole) return descriptor;
  (accessor ? ['get', 'set', 'enumerable', 'configurable'] :
              ['value', 'writable', 'enumerable', 'configurable'])
      .forEach(function(name) {
        if (!(name in descriptor))
          descriptor[name] = name === 'enumerable' || name === 'configurable' ||
                  name === 'writable' ?
              false :
              undefined;
      });
  return descriptor;
}

// ECMAScript: validateandapplypropertydescriptor without an object
function isCompatible(canExtend, wanted, current) {
  if (current === undefined) return canExtend;
  if (current.configurable) return true;
  if (wanted.configurable) return false;
  if ('enumerable' in wanted && wanted.enumerable !== current.enumerable) return false;
  if ('get' in current) {
    if ('value' in wanted || 'writable' in wanted) return false;
    return !('get' in wanted && wanted.get !== current.get) &&
        !('set' in wanted && wanted.set !== current.set);
  }
  if ('get' in wanted || 'set' in wanted) return false;
  if (current.writable) return true;
  return !wanted.writable && !('value' in wanted && !Object.is(wanted.value, current.value));
}

function getOwn(proxy, key) {
  var p = parts(proxy), trap = trapOf(p[1], 'getOwnPropertyDescriptor'), result, current, found;
  if (!trap) return gopd(p[0], key);
  result = trap.call(p[1], p[0], key);
  if (result !== undefined && !isObject(result)) fail('getOwnPropertyDescriptor');
  current = gopd(p[0], key);
  if (result === undefined) {
    if (current !== undefined && (!current.configurable || !isExtensible(p[0])))
      fail('getOwnPropertyDescriptor');
    return undefined;
  }
  var canExtend = isExtensible(p[0]);
  found = descriptorFrom(result, true);
  if (!isCompatible(canExtend, found, current)) fail('getOwnPropertyDescriptor');
  if (!found.configurable &&
      (current === undefined || current.configurable ||
       (found.writable === false && current.writable)))
    fail('getOwnPropertyDescriptor');
  return found;
}
function defineOwn(proxy, key, descriptor) {
  var p = parts(proxy), trap = trapOf(p[1], 'defineProperty'), current, fixed;
  if (!trap) return reflectDefine(p[0], key, descriptor);
  if (!trap.call(p[1], p[0], key, descriptor)) return false;
  current = gopd(p[0], key);
  fixed = descriptor.configurable === false;
  if (current === undefined) {
    if (!isExtensible(p[0]) || fixed) fail('defineProperty');
  } else if (
      !isCompatible(isExtensible(p[0]), descriptor, current) || (fixed && current.configurable) ||
      (current.writable && !current.configurable && descriptor.writable === false)) {
    fail('defineProperty');
  }
  return true;
}

// ECMAScript: proxy-object-internal-methods-and-internal-slots-ownpropertykeys
function keysOf(proxy) {
  var p = parts(proxy), trap = trapOf(p[1], 'ownKeys'), listed, keys = [], i;
  if (!trap) return ownKeys(p[0]);
  listed = trap.call(p[1], p[0]);
  if (!isObject(listed)) fail('ownKeys');
  for (i = 0; i < listed.length; i++) {
    if ((typeof listed[i] !== 'string' && typeof listed[i] !== 'symbol') ||
        keys.indexOf(listed[i]) >= 0)
      fail('ownKeys');
    keys.push(listed[i]);
  }
  var canExtend = isExtensible(p[0]), targetKeys = ownKeys(p[0]), seen = 0;
  targetKeys.forEach(function(key) {
    if (keys.indexOf(key) >= 0) seen++;
    else if (!canExtend || !gopd(p[0], key).configurable) fail('ownKeys');
  });
  if (!canExtend && seen !== keys.length) fail('ownKeys');
  return keys;
}

function isListed(proxy, key) {
  var descriptor = getOwn(proxy, key);
  return descriptor !== undefined && descriptor.enumerable;
}

function setIntegrity(proxy, frozen) {
  if (!prevent(proxy)) throw new TypeError('preventExtensions gave false');
  keysOf(proxy).forEach(function(key) {
    var current = frozen ? getOwn(proxy, key) : undefined, wanted = {configurable: false};
    if (frozen && current === undefined) return;
    if (frozen && 'value' in current) wanted.writable = false;
    if (!defineOwn(proxy, key, wanted)) throw new TypeError('defineProperty gave false');
  });
  return proxy;
}

host.setProxyHandlers({
  get: function(proxy, key, receiver) {
    var p = parts(proxy), trap = trapOf(p[1], 'get');
    return trap ? trap.call(p[1], p[0], key, receiver) : reflectGet(p[0], key, receiver);
  },
  set: function(proxy, key, value, receiver) {
    var p = parts(proxy), trap = trapOf(p[1], 'set');
    return trap ? trap.call(p[1], p[0], key, value, receiver) :
                  reflectSet(p[0], key, value, receiver);
  },
  getPrototypeOf: function(magic, self, proxy) { return getPrototype(magic === 0 ? self : proxy); },
  setPrototypeOf: function(magic, self, proxy, value) {
    if (magic === 0) {
      value = proxy;
      proxy = self;
      if (value !== null && !isObject(value)) return undefined;
    } else if (value !== null && !isObject(value)) {
      throw new TypeError('Object prototype may only be an Object or null');
    }
    var done = setPrototype(proxy, value);
    if (magic === 2) return done;
    if (!done) throw new TypeError("'setPrototypeOf' on proxy: trap returned falsish");
    return magic === 0 ? undefined : proxy;
  },
  isExtensible: function(magic, self, proxy) { return extensible(proxy); },
  preventExtensions: function(magic, self, proxy) {
    var done = prevent(proxy);
    if (magic === 1) return done;
    if (!done) throw new TypeError("'preventExtensions' on proxy: trap returned falsish");
    return proxy;
  },
  getOwnPropertyDescriptor: function(magic, self, proxy, key) { return getOwn(proxy, keyOf(key)); },
  defineProperty: function(magic, self, proxy, key, descriptor) {
    key = keyOf(key);
    var done = defineOwn(proxy, key, descriptorFrom(descriptor, false));
    if (magic === 1) return done;
    if (!done) throw new TypeError("'defineProperty' on proxy: trap returned falsish");
    return proxy;
  },
  defineProperties: function(magic, self, proxy, descriptors) {
    descriptors = Object(descriptors);
    ownKeys(descriptors).forEach(function(key) {
      var own = gopd(descriptors, key);
      if (own !== undefined && own.enumerable) define(proxy, key, descriptors[key]);
    });
    return proxy;
  },
  ownKeys: function(magic, self, proxy) {
    var keys = keysOf(proxy);
    if (magic === 3) return keys;
    if (magic === 2) return keys.filter(function(key) { return typeof key === 'symbol'; });
    return keys.filter(function(key) {
      return typeof key === 'string' && (magic === 1 || isListed(proxy, key));
    });
  },
  sealOrFreeze: function(magic, self, proxy) { return setIntegrity(proxy, magic === 1); },
  isSealedOrFrozen: function(magic, self, proxy) {
    if (extensible(proxy)) return false;
    return keysOf(proxy).every(function(key) {
      var own = getOwn(proxy, key);
      return own === undefined || (!own.configurable && !(magic === 1 && own.writable));
    });
  },
  isPrototypeOf: function(magic, self, proxy) {
    self = Object(self);
    for (var p = prototypeOf(proxy); p !== null; p = prototypeOf(p))
      if (p === self) return true;
    return false;
  },
  hasOwnProperty: function(magic, self, key) { return getOwn(self, keyOf(key)) !== undefined; },
  propertyIsEnumerable: function(magic, self, key) { return isListed(self, keyOf(key)); },
  assign: function(magic, self, target) {
    target = Object(target);
    for (var i = 3; i < arguments.length; i++) {
      var source = arguments[i];
      if (source === undefined || source === null) continue;
      source = Object(source);
      ownKeys(source).forEach(function(key) {
        var own = gopd(source, key);
        if (own !== undefined && own.enumerable) target[key] = source[key];
      });
    }
    return target;
  }
});
})(__host);
