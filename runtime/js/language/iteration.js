// SPDX-License-Identifier: MIT
// for-of, for-await-of, spread and array patterns. Arrays with the built-in iterator are
// walked by index.
(function (host) {
  'use strict';
  var global = host.global;
  var iterator_key = Symbol.iterator;
  if (!Symbol.asyncIterator)
    Object.defineProperty(Symbol, 'asyncIterator', { value: Symbol('Symbol.asyncIterator') });
  var async_iterator_key = Symbol.asyncIterator;
  var is_array = Array.isArray;
  var slice = Array.prototype.slice;
  var push = Array.prototype.push;
  var array_values = Array.prototype[iterator_key];
  var to_string = Object.prototype.toString;

  function define(name, value) {
    Object.defineProperty(global, name, { value: value });
  }

  function is_object(v) {
    return v !== null && (typeof v === 'object' || typeof v === 'function');
  }

  function is_plain_list(v) {
    if (is_array(v)) return v[iterator_key] === array_values;
    // The engine's arguments objects have no iterator of their own.
    return is_object(v) && v[iterator_key] === undefined
      && to_string.call(v) === '[object Arguments]';
  }

  function not_iterable(v) {
    var text = is_object(v) ? typeof v : typeof v === 'string' ? '"' + v + '"' : String(v);
    return new TypeError(text + ' is not iterable');
  }

  function list_walk(list) {
    this.list = list;
    this.index = 0;
    this.value = undefined;
    this.done = false;
  }
  list_walk.prototype.next = function () {
    if (this.index < this.list.length) {
      this.value = this.list[this.index++];
      return true;
    }
    this.done = true;
    return false;
  };
  list_walk.prototype.close = function () { this.done = true; };
  list_walk.prototype.fail = function (error) { this.done = true; return error; };

  function iterator_walk(iterable) {
    var method = iterable === null || iterable === undefined ? undefined : iterable[iterator_key];
    if (typeof method !== 'function') throw not_iterable(iterable);
    this.iterator = method.call(iterable);
    if (!is_object(this.iterator)) throw new TypeError('an iterator must be an object');
    this.step = this.iterator.next;
    this.value = undefined;
    this.done = false;
  }
  iterator_walk.prototype.next = function () {
    this.done = true; // also when the step throws
    var result = this.step.call(this.iterator);
    if (!is_object(result)) throw new TypeError('an iterator result must be an object');
    if (result.done) return false;
    this.value = result.value;
    this.done = false;
    return true;
  };
  iterator_walk.prototype.close = function () {
    this.done = true;
    var method = this.iterator['return'];
    if (method === undefined || method === null) return;
    if (!is_object(method.call(this.iterator)))
      throw new TypeError('an iterator result must be an object');
  };
  // Closes because of `error`, which wins over whatever the iterator has to say.
  iterator_walk.prototype.fail = function (error) {
    if (!this.done) {
      this.done = true;
      try {
        var method = this.iterator['return'];
        if (method !== undefined && method !== null) method.call(this.iterator);
      } catch (ignored) {
      }
    }
    return error;
  };

  function walk(iterable) {
    return is_plain_list(iterable) ? new list_walk(iterable) : new iterator_walk(iterable);
  }
  define('__os_of', walk);

  // At least the first `count` items, all when it is negative.
  define('__os_take', function (iterable, count) {
    if (is_plain_list(iterable)) return is_array(iterable) ? iterable : slice.call(iterable);
    var w = new iterator_walk(iterable);
    var out = [];
    while ((count < 0 || out.length < count) && w.next()) out.push(w.value);
    if (!w.done) w.close();
    return out;
  });

  function append_all(out, iterable) {
    if (is_plain_list(iterable)) {
      for (var i = 0; i < iterable.length; i++) out.push(iterable[i]);
      return;
    }
    var w = new iterator_walk(iterable);
    while (w.next()) out.push(w.value);
  }

  define('__os_spread', function () {
    var out = [];
    for (var i = 0; i < arguments.length; i += 2) {
      var part = arguments[i + 1];
      if (arguments[i]) {
        append_all(out, part);
      } else {
        var offset = out.length;
        out.length = offset + part.length; // keeps holes
        for (var j = 0; j < part.length; j++) if (j in part) out[offset + j] = part[j];
      }
    }
    return out;
  });

  define('__os_rest_parameter', function (list, from) {
    return slice.call(list, from);
  });

  // -- for await ------------------------------------------------------------------------

  function async_walk(iterable) {
    if (iterable === null || iterable === undefined) throw not_iterable(iterable);
    var method = iterable[async_iterator_key];
    this.sync = method === undefined || method === null;
    if (this.sync) method = iterable[iterator_key];
    if (this.sync && is_plain_list(iterable)) {
      this.iterator = new list_iterator(iterable);
    } else {
      if (typeof method !== 'function') throw not_iterable(iterable);
      this.iterator = method.call(iterable);
    }
    if (!is_object(this.iterator)) throw new TypeError('an iterator must be an object');
    this.step = this.iterator.next;
    this.value = undefined;
    this.done = false;
  }
  function list_iterator(list) {
    this.list = list;
    this.index = 0;
  }
  list_iterator.prototype.next = function () {
    var more = this.index < this.list.length;
    return { value: more ? this.list[this.index++] : undefined, done: !more };
  };
  // What to await for the next result.
  async_walk.prototype.next = function () {
    this.done = true;
    var result = this.step.call(this.iterator);
    if (!this.sync) return result;
    if (!is_object(result)) throw new TypeError('an iterator result must be an object');
    var done = !!result.done;
    return global.Promise.resolve(result.value).then(function (value) {
      return { value: value, done: done };
    });
  };
  async_walk.prototype.take = function (result) {
    if (!is_object(result)) throw new TypeError('an iterator result must be an object');
    if (result.done) return false;
    this.value = result.value;
    this.done = false;
    return true;
  };
  // Whether there is a return method to call and await.
  async_walk.prototype.closing = function () {
    this.done = true;
    this.method = this.iterator['return'];
    return this.method !== undefined && this.method !== null;
  };
  async_walk.prototype.close = function () { return this.method.call(this.iterator); };
  async_walk.prototype.check = function (result) {
    if (!is_object(result)) throw new TypeError('an iterator result must be an object');
  };
  define('__os_of_async', function (iterable) { return new async_walk(iterable); });
})(__host);
