// SPDX-License-Identifier: MIT
// Async generators: a body on a thread, and a queue of the requests that next(), throw() and
// return() made. What the body yields to its driver is either something to await or a value to
// hand out.
(function (host) {
  'use strict';
  var global = host.global;
  var c = host.coroutines;
  var suspend = Duktape.Thread.yield;
  var Promise = global.Promise;
  var define_property = Object.defineProperty;
  var has_own = Object.prototype.hasOwnProperty;
  var async_iterator_key = Symbol.asyncIterator;

  function define(name, value) {
    define_property(global, name, { value: value });
  }

  function is_object(v) {
    return v !== null && (typeof v === 'object' || typeof v === 'function');
  }

  function to_await(value) { this.value = value; }
  function to_yield(value) { this.value = value; }
  function request(mode, value, promise) {
    this.mode = mode;
    this.value = value;
    this.promise = promise;
  }

  function await_in_body(value) { return suspend(new to_await(value)); }
  define('__os_await_in_generator', await_in_body);

  // Hands out a value and gives back what the next request brings.
  function yield_in_body(value) {
    var job = c.current();
    var next = suspend(new to_yield(value));
    if (next.mode === c.next_mode) return next.value;
    if (next.mode === c.throw_mode) throw next.value;
    job.return_value = await_in_body(next.value);
    throw c.return_signal;
  }
  define('__os_yield_async', function (value) { return yield_in_body(await_in_body(value)); });

  function sync_walk(iterator) {
    function wrap(result) {
      c.check_result(result);
      var done = !!result.done;
      return Promise.resolve(result.value).then(function (value) {
        return { value: value, done: done };
      });
    }
    var out = { next: function (v) { return wrap(iterator.next(v)); } };
    if (iterator['return']) out['return'] = function (v) { return wrap(iterator['return'](v)); };
    if (iterator['throw']) out['throw'] = function (v) { return wrap(iterator['throw'](v)); };
    return out;
  }

  define('__os_yield_all_async', function (iterable) {
    var job = c.current();
    var method = iterable[async_iterator_key];
    var iterator = method === undefined || method === null
      ? sync_walk(iterable[Symbol.iterator]()) : method.call(iterable);
    var received = { mode: c.next_mode, value: undefined };
    for (;;) {
      var result;
      if (received.mode === c.next_mode) {
        result = await_in_body(iterator.next(received.value));
      } else {
        var name = received.mode === c.throw_mode ? 'throw' : 'return';
        var step = iterator[name];
        if (step === undefined || step === null) {
          if (received.mode === c.throw_mode) {
            if (iterator['return']) await_in_body(iterator['return']());
            throw new TypeError('the iterator has no throw method');
          }
          job.return_value = await_in_body(received.value);
          throw c.return_signal;
        }
        result = await_in_body(step.call(iterator, received.value));
      }
      c.check_result(result);
      if (result.done) {
        if (received.mode !== c.return_mode) return result.value;
        job.return_value = result.value;
        throw c.return_signal;
      }
      received = suspend(new to_yield(result.value));
    }
  });

  // -- the queue ------------------------------------------------------------------------

  function finish_request(job, failed, value, done) {
    var first = job.queue.shift();
    if (failed) host.rejectPromise(first.promise, value);
    else host.resolvePromise(first.promise, { value: value, done: done });
  }

  // Goes on with the first request unless the body is busy with it already.
  function drain(job) {
    while (!job.busy && job.queue.length) {
      var first = job.queue[0];
      if (!job.finished && !job.started && first.mode !== c.next_mode) job.finished = true;
      if (!job.finished) {
        run(job, job.started ? first : undefined, c.next_mode);
      } else if (first.mode === c.return_mode) {
        job.busy = true;
        await_value(job, first.value, returned);
      } else {
        var failed = first.mode === c.throw_mode;
        finish_request(job, failed, failed ? first.value : undefined, true);
      }
    }
  }

  // The value given to return() of a finished generator has settled.
  function returned(job, value, rejected) {
    job.busy = false;
    finish_request(job, rejected, value, true);
    drain(job);
  }

  // What the body awaits has settled.
  function go_on(job, value, rejected) {
    run(job, value, rejected ? c.throw_mode : c.next_mode);
    drain(job);
  }

  function await_value(job, value, step) {
    try {
      host.await(value, step, job);
    } catch (error) {
      host.await(rejected_promise(error), step, job);
    }
  }

  function rejected_promise(error) {
    var promise = host.newPromise();
    host.rejectPromise(promise, error);
    return promise;
  }

  function run(job, value, mode) {
    job.busy = true;
    var out = c.advance(job, value, mode);
    if (job.finished) {
      job.busy = false;
      finish_request(job, job.failed, job.result, true);
    } else if (out instanceof to_await) {
      await_value(job, out.value, go_on);
    } else {
      job.busy = false;
      finish_request(job, false, out.value, false);
    }
  }

  function enqueue(generator, mode, value) {
    var known = is_object(generator) && has_own.call(generator, c.state_key);
    var job = known ? generator[c.state_key] : null;
    if (!job || !job.queue) return rejected_promise(new TypeError('not an async generator'));
    var added = new request(mode, value, host.newPromise());
    job.queue.push(added);
    drain(job);
    return added.promise;
  }

  var async_iterator_prototype = host.asyncIteratorPrototype;
  var prototype = Object.create(async_iterator_prototype);
  var function_prototype = Object.create(Function.prototype);
  define_property(prototype, Symbol.toStringTag, { value: 'AsyncGenerator', configurable: true });
  define_property(function_prototype, 'prototype', { value: prototype, configurable: true });
  define_property(function_prototype, Symbol.toStringTag, {
    value: 'AsyncGeneratorFunction', configurable: true
  });
  define_property(prototype, 'constructor', { value: function_prototype, configurable: true });
  c.dynamic_constructor('AsyncGeneratorFunction', 'async function*', function_prototype);
  function define_request(name, mode) {
    c.define_method(prototype, name, function (value) { return enqueue(this, mode, value); });
  }
  define_request('next', c.next_mode);
  define_request('throw', c.throw_mode);
  define_request('return', c.return_mode);

  define('__os_async_generator_function', function (f, name) {
    Object.setPrototypeOf(f, function_prototype);
    define_property(f, 'prototype', { value: Object.create(prototype), writable: true });
    if (name !== undefined) global.__os_name(f, name);
    return f;
  });

  define('__os_async_generator', function (body, f) {
    var job = new c.generator_job(body);
    job.queue = [];
    job.busy = false;
    return c.attach(job, f, prototype);
  });
})(__host);
