// SPDX-License-Identifier: MIT
// Async functions and generators: each body is a function that runs on a thread of the engine,
// and await and yield are yields of that thread. Finished threads wait in a pool for the next
// body.
(function (host) {
  'use strict';
  var global = host.global;
  var resume = Duktape.Thread.resume;
  var suspend = Duktape.Thread.yield;
  var Thread = Duktape.Thread;
  var new_promise = host.newPromise;
  var resolve_promise = host.resolvePromise;
  var reject_promise = host.rejectPromise;
  var await_value = host.await;
  var define_property = Object.defineProperty;
  var create = Object.create;
  var prototype_of = Object.getPrototypeOf;
  var set_prototype = Object.setPrototypeOf;
  var has_own = Object.prototype.hasOwnProperty;
  var hidden = host.hiddenSymbol;
  var state_key = hidden('offstage generator');

  function define(name, value) {
    define_property(global, name, { value: value });
  }

  function define_constant(target, key, value) {
    define_property(target, key, { value: value, configurable: true });
  }

  // The constructor of a kind of functions, which no global has.
  function dynamic_constructor(name, keywords, prototype) {
    var constructor = host.dynamicFunction(keywords);
    define_constant(constructor, 'name', name);
    set_prototype(constructor, Function);
    define_property(constructor, 'prototype', { value: prototype });
    define_constant(prototype, 'constructor', constructor);
  }

  function is_object(v) {
    return v !== null && (typeof v === 'object' || typeof v === 'function');
  }

  // -- threads --------------------------------------------------------------------------

  var pool = [];
  var pool_max = 16; // threads kept for reuse, about 3 KiB each

  // Runs bodies for ever; what a body gives or throws is left in its job.
  function work(job) {
    for (;;) {
      try {
        job.result = job.body();
        job.failed = false;
      } catch (error) {
        job.result = error;
        job.failed = true;
      }
      job.finished = true;
      job = suspend();
    }
  }

  function start(job) {
    job.thread = pool.length ? pool.pop() : new Thread(work);
    return resume(job.thread, job);
  }

  function release(job) {
    if (pool.length < pool_max) pool.push(job.thread);
    job.thread = job.body = null;
  }

  // -- async functions ------------------------------------------------------------------

  function async_job(body) {
    this.body = body;
    this.thread = null;
    this.finished = false;
    this.failed = false;
    this.result = undefined;
    this.promise = new_promise();
  }

  function step(job, value, rejected) {
    settle(job, resume(job.thread, value, rejected));
  }

  function await_on(job, value) {
    for (;;) {
      try {
        return await_value(value, step, job);
      } catch (error) {
        // Looking at the awaited value's constructor threw: so does the await.
        value = resume(job.thread, error, true);
        if (job.finished) return settle(job);
      }
    }
  }

  function settle(job, awaited) {
    if (!job.finished) return await_on(job, awaited);
    release(job);
    if (job.failed) reject_promise(job.promise, job.result);
    else resolve_promise(job.promise, job.result);
  }

  define('__os_async', function (body) {
    var job = new async_job(body);
    settle(job, start(job));
    return job.promise;
  });

  var async_function_prototype = create(Function.prototype);
  define_constant(async_function_prototype, Symbol.toStringTag, 'AsyncFunction');
  dynamic_constructor('AsyncFunction', 'async function', async_function_prototype);

  define('__os_async_function', function (f, name) {
    set_prototype(f, async_function_prototype);
    if (name !== undefined) global.__os_name(f, name);
    return f;
  });

  define('__os_await', function (value) { return suspend(value); });

  // -- modules --------------------------------------------------------------------------

  // A module's body stops once by itself, at its boundary.
  function prepare_module(body, record) {
    var job = new async_job(function () { return body(record); });
    start(job);
    if (job.finished) throw job.result;
    return job;
  }

  function run_module(job) {
    resume(job.thread);
    release(job);
    if (job.failed) throw job.result;
  }

  function run_module_async(job) {
    settle(job, resume(job.thread));
    return job.promise;
  }

  // -- generators -----------------------------------------------------------------------

  // generator.return() travels through the body as this exception, which no handler of lowered
  // code keeps.
  var return_signal = { toString: function () { return 'return'; } };
  define('__os_return_signal', return_signal);

  var array_iterator = typeof [][Symbol.iterator] === 'function' ? [][Symbol.iterator]() : null;
  var iterator_prototype
    = array_iterator ? prototype_of(prototype_of(array_iterator)) : Object.prototype;
  if (iterator_prototype === Object.prototype || iterator_prototype === null) {
    iterator_prototype = {};
    define_property(iterator_prototype, Symbol.iterator, {
      value: function () { return this; }, writable: true, configurable: true
    });
  }
  var generator_prototype = create(iterator_prototype);
  var generator_function_prototype = create(Function.prototype);
  define_constant(generator_prototype, Symbol.toStringTag, 'Generator');
  define_constant(generator_prototype, 'constructor', generator_function_prototype);
  define_constant(generator_function_prototype, 'prototype', generator_prototype);
  define_constant(generator_function_prototype, Symbol.toStringTag, 'GeneratorFunction');
  dynamic_constructor('GeneratorFunction', 'function*', generator_function_prototype);

  define('__os_generator_function', function (f, name) {
    set_prototype(f, generator_function_prototype);
    define_property(f, 'prototype', { value: create(generator_prototype), writable: true });
    if (name !== undefined) global.__os_name(f, name);
    return f;
  });

  var next_mode = 0;
  var throw_mode = 1;
  var return_mode = 2;
  var running = null; // the job whose body runs now

  function generator_job(body) {
    this.body = body;
    this.thread = null;
    this.finished = false;
    this.failed = false;
    this.result = undefined;
    this.started = false;
    this.is_running = false;
    this.return_value = undefined;
  }

  function attach(job, f, fallback) {
    var prototype = f && is_object(f.prototype) ? f.prototype : fallback;
    var out = create(prototype);
    define_property(out, state_key, { value: job });
    return out;
  }

  define('__os_generator', function (body, f) {
    return attach(new generator_job(body), f, generator_prototype);
  });

  // Lets the body run until it yields or ends. Says what it yielded.
  function advance(job, value, mode) {
    var outer = running;
    running = job;
    job.is_running = true;
    if (mode === return_mode) job.return_value = value;
    var out = !job.started ? start(job)
      : mode === next_mode ? resume(job.thread, value)
        : resume(job.thread, mode === return_mode ? return_signal : value, true);
    job.started = true;
    job.is_running = false;
    running = outer;
    if (job.finished && job.failed && job.result === return_signal) {
      job.failed = false;
      job.result = job.return_value;
    }
    if (job.finished) release(job);
    return out;
  }

  function generator_step(generator, value, mode) {
    if (!is_object(generator) || !has_own.call(generator, state_key))
      throw new TypeError('not a generator');
    var job = generator[state_key];
    if (job.is_running) throw new TypeError('the generator is already running');
    if (!job.finished && !job.started && mode !== next_mode) job.finished = true;
    else if (!job.finished) {
      var yielded = advance(job, value, mode);
      if (!job.finished) return { value: yielded, done: false };
      if (job.failed) throw job.result;
      return { value: job.result, done: true };
    }
    if (mode === throw_mode) throw value;
    return { value: mode === return_mode ? value : undefined, done: true };
  }

  function define_method(target, name, f) {
    define_property(f, 'name', { value: name, configurable: true });
    define_property(target, name, { value: f, writable: true, configurable: true });
  }
  function define_step(name, mode) {
    define_method(generator_prototype, name, function (value) {
      return generator_step(this, value, mode);
    });
  }
  define_step('next', next_mode);
  define_step('throw', throw_mode);
  define_step('return', return_mode);

  define('__os_yield', function (value) { return suspend(value); });

  function check_result(result) {
    if (!is_object(result)) throw new TypeError('an iterator result must be an object');
    return result;
  }

  define('__os_yield_all', function (iterable) {
    var job = running;
    var iterator = iterable[Symbol.iterator]();
    if (!is_object(iterator)) throw new TypeError('an iterator must be an object');
    var step = iterator.next;
    var received;
    var mode = next_mode;
    for (;;) {
      var result;
      if (mode === next_mode) {
        result = check_result(step.call(iterator, received));
      } else {
        var name = mode === throw_mode ? 'throw' : 'return';
        var method = iterator[name];
        if (method === undefined || method === null) {
          if (mode === return_mode) throw return_signal;
          if (iterator['return']) iterator['return']();
          throw new TypeError('the iterator has no throw method');
        }
        var argument = mode === return_mode ? job.return_value : received;
        result = check_result(method.call(iterator, argument));
      }
      if (result.done) {
        if (mode !== return_mode) return result.value;
        job.return_value = result.value;
        throw return_signal;
      }
      try {
        received = suspend(result.value);
        mode = next_mode;
      } catch (thrown) {
        received = thrown;
        mode = thrown === return_signal ? return_mode : throw_mode;
      }
    }
  });

  // For async_generators.js and platform/modules.js.
  host.coroutines = {
    dynamic_constructor: dynamic_constructor,
    prepare_module: prepare_module, run_module: run_module, run_module_async: run_module_async,
    advance: advance, attach: attach, generator_job: generator_job, state_key: state_key,
    return_signal: return_signal, define_method: define_method, check_result: check_result,
    current: function () { return running; },
    next_mode: next_mode, throw_mode: throw_mode, return_mode: return_mode
  };
})(__host);
