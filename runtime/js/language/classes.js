// SPDX-License-Identifier: MIT
// Construction, super and private members. Classes carry a hidden mark; what `new.target` is
// travels from super() to the parent's constructor in `pending_target`, which that constructor
// takes as its first action.
(function (host) {
  'use strict';
  var global = host.global;
  var define_property = Object.defineProperty;
  var descriptor = Object.getOwnPropertyDescriptor;
  var prototype_of = Object.getPrototypeOf;
  var set_prototype = Object.setPrototypeOf;
  var create = Object.create;
  var has_own = Object.prototype.hasOwnProperty;
  var lookup_getter = Object.prototype.__lookupGetter__;
  var lookup_setter = Object.prototype.__lookupSetter__;
  var construct = Reflect.construct;
  var hidden = host.hiddenSymbol;
  var kind_key = hidden('offstage class kind');
  var pending_target;

  var class_kind = 1; // made by __os_class: takes `this` and pending_target
  var plain_kind = 2; // a function of a script: takes `this`
  var native_kind = 3; // makes its own object

  function define(name, value) {
    define_property(global, name, { value: value });
  }

  function is_object(v) {
    return v !== null && (typeof v === 'object' || typeof v === 'function');
  }

  function mark(f, kind) {
    define_property(f, kind_key, { value: kind });
    return kind;
  }

  function kind_of(f) {
    if (has_own.call(f, kind_key)) return f[kind_key];
    var kind = host.isNative(f) ? native_kind : plain_kind;
    return Object.isExtensible(f) ? mark(f, kind) : kind;
  }

  define('__os_class', function (C, parent, name) {
    mark(C, class_kind);
    if (name !== undefined) global.__os_name(C, name);
    if (parent === 0) {
      define_property(C, 'prototype', { writable: false });
      return;
    }
    if (parent !== null && (typeof parent !== 'function' || !is_constructor(parent)))
      throw new TypeError('class extends a value that is not a constructor or null');
    var parent_prototype = null;
    if (parent !== null) {
      parent_prototype = parent.prototype;
      if (parent_prototype !== null && !is_object(parent_prototype))
        throw new TypeError('class extends a value whose prototype is not an object');
      set_prototype(C, parent);
    }
    var prototype = create(parent_prototype);
    define_property(prototype, 'constructor', { value: C, writable: true, configurable: true });
    C.prototype = prototype;
    define_property(C, 'prototype', { writable: false });
  });

  function is_constructor(f) {
    return has_own.call(f, 'prototype') || kind_of(f) === native_kind;
  }

  define('__os_target', function (C) {
    if (pending_target === undefined)
      throw new TypeError('class constructor ' + C.name + ' cannot be invoked without new');
    var target = pending_target;
    pending_target = undefined;
    return target;
  });

  // [[Construct]] of `f` on the object that will be `this`, which has the right prototype
  // already.
  function construct_on(f, target, self, list) {
    var kind = kind_of(f);
    var result;
    if (kind === native_kind) {
      result = host.constructOn(f, self, list);
      var prototype = target.prototype;
      if (is_object(prototype) && prototype_of(result) !== prototype)
        set_prototype(result, prototype);
      return result;
    }
    if (kind === class_kind) {
      pending_target = target;
      result = f.apply(self, list);
      pending_target = undefined;
    } else {
      result = f.apply(self, list);
    }
    return is_object(result) ? result : self;
  }

  define('__os_super', function (C, target, self, list, bound) {
    var parent = prototype_of(C);
    if (typeof parent !== 'function' || parent === Function.prototype)
      throw new TypeError('super constructor is not a constructor');
    var result = construct_on(parent, target, self, list);
    if (bound !== undefined) throw new ReferenceError('super() was called twice');
    return result;
  });

  define('__os_construct', function (f, list, target) {
    if (typeof f !== 'function') throw new TypeError(typeof f + ' is not a constructor');
    if (target === undefined || target === f) return construct(f, list);
    var prototype = target.prototype;
    var self = create(is_object(prototype) ? prototype : Object.prototype);
    return construct_on(f, target, self, list);
  });

  define('__os_this', function (self) {
    if (self === undefined) throw new ReferenceError('this is used before super() was called');
    return self;
  });

  define('__os_return', function (value, self) {
    if (is_object(value)) return value;
    if (value !== undefined)
      throw new TypeError('a derived constructor may only return an object or undefined');
    return global.__os_this(self);
  });

  // -- super.property -------------------------------------------------------------------

  define('__os_super_get', function (home, key, self) {
    var base = prototype_of(home);
    if (base === null) throw new TypeError('super has no object to look at');
    var getter = lookup_getter.call(base, key);
    return getter ? getter.call(self) : base[key];
  });

  define('__os_super_set', function (home, key, value, self) {
    var base = prototype_of(home);
    var setter = base === null ? undefined : lookup_setter.call(base, key);
    if (setter) {
      setter.call(self, value);
      return value;
    }
    var own = descriptor(self, key);
    if (own && !own.get && !own.set) self[key] = value;
    else global.__os_field(self, key, value);
    return value;
  });

  // -- private members ------------------------------------------------------------------

  var private_names = 0; // two evaluations of a class have different private names

  define('__os_private', function (name) { return hidden('#' + name + ' ' + private_names++); });

  function check(object, key, what) {
    if (!is_object(object) || !has_own.call(object, key))
      throw new TypeError('cannot ' + what + ' a private member its class did not declare');
  }

  define('__os_private_get', function (object, key) {
    check(object, key, 'read');
    return object[key];
  });

  define('__os_private_set', function (object, key, value) {
    check(object, key, 'write');
    object[key] = value;
    return value;
  });

  define('__os_private_has', function (object, key) {
    if (!is_object(object)) throw new TypeError("the right side of 'in' must be an object");
    return has_own.call(object, key);
  });

  function refuse_second(object, key) {
    if (has_own.call(object, key)) throw new TypeError('private member is already there');
  }

  define('__os_private_field', function (object, key, value) {
    refuse_second(object, key);
    host.define(object, key, value); // even if the object is frozen
  });

  define('__os_private_method', function (object, key, f) {
    refuse_second(object, key);
    define_property(object, key, { value: f });
  });

  define('__os_private_accessor', function (object, key, kind, f) {
    var d = { configurable: true, enumerable: false };
    var old = descriptor(object, key);
    if (old) {
      d.get = old.get;
      d.set = old.set;
    }
    d[kind] = f;
    define_property(object, key, d);
  });
})(__host);
