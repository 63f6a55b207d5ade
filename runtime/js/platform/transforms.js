// SPDX-License-Identifier: MIT
// TransformStream. Names follow the abstract operations of Streams; `state` is what an instance
// keeps, and its controller's state is the same.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var TRANSFORM = lib.bit.transform;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var writable = lib.load('writable');
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var performThen = host.performThen;
var controllerKind = {};

// As the Streams specification has it (initialize-transform-stream). Algorithms give a promise or
// undefined.
function initialize(object, started, writableMark, writableSize, readableMark, readableSize) {
  var state = {
    is: TRANSFORM,
    readable: null,
    writable: null,
    pressure: false,
    change: null,
    finish: null,
    transform: undefined,
    flush: undefined,
    cancel: undefined,
    controller: null,
  };
  object[$] = state;
  function start() { return started; }
  state.writable = writable.create({
    start: start,
    write: function(chunk) { return sinkWrite(state, chunk); },
    close: function() { return sinkClose(state); },
    abort: function(reason) { return sinkAbort(state, reason); },
  },
                                   writableMark, writableSize);
  state.readable = streams.create(start, function() { return sourcePull(state); },
                                  function(reason) { return sourceCancel(state, reason); },
                                  readableMark, readableSize);
  setPressure(state, true);
  state.controller = lib.make(TransformStreamDefaultController.prototype,
                              {is: lib.bit.other, kind: controllerKind, transform: state});
  return state;
}

function readableController(state) { return state.readable[$].controller; }

function setPressure(state, pressure) {
  if (state.change !== null)
    resolve(state.change, undefined);
  state.change = newPromise();
  state.pressure = pressure;
}

function sinkWrite(state, chunk) {
  if (!state.pressure)
    return transform(state, chunk);
  return support.then(state.change, function() {
    var stream = state.writable[$];
    if (stream.state === 'erroring')
      throw stream.error;
    return transform(state, chunk);
  });
}

function transform(state, chunk) {
  var promise = state.transform(chunk);
  return support.then(promise === undefined ? support.resolved(undefined) : promise, undefined,
                      function(error) {
                        fail(state, error);
                        throw error;
                      });
}

// Flushing or cancelling happens once; whoever comes later waits for it. The side that did not ask
// may have failed in between: then that is the outcome.
function finish(state, algorithm, reason, other, end, failure) {
  if (state.finish !== null)
    return state.finish;
  var promise = state.finish = newPromise();
  var done = algorithm === undefined ? undefined : algorithm(reason);
  clearAlgorithms(state);
  performThen(done === undefined ? support.resolved(undefined) : done,
              function() {
                if (other.state === 'errored')
                  return reject(promise, other.error);
                end();
                resolve(promise, undefined);
              },
              function(error) {
                failure(error);
                reject(promise, error);
              });
  return promise;
}

function sinkAbort(state, reason) {
  var controller = readableController(state);
  return finish(state, state.cancel, reason, state.readable[$],
                function() { streams.fail(controller, reason); },
                function(error) { streams.fail(controller, error); });
}

function sinkClose(state) {
  var controller = readableController(state);
  return finish(state, state.flush, undefined, state.readable[$],
                function() { streams.close(controller); },
                function(error) { streams.fail(controller, error); });
}

function sourceCancel(state, reason) {
  function errorWritable(error) {
    writable.errorIfNeeded(state.writable[$].controller, error);
    unblockWrite(state);
  }
  return finish(state, state.cancel, reason, state.writable[$],
                function() { errorWritable(reason); }, errorWritable);
}

function sourcePull(state) {
  setPressure(state, false);
  return state.change;
}

function clearAlgorithms(state) { state.transform = state.flush = state.cancel = undefined; }

function unblockWrite(state) {
  if (state.pressure)
    setPressure(state, false);
}

// As the Streams specification has it (transform-stream-error).
function fail(state, error) {
  streams.fail(readableController(state), error);
  errorWritableAndUnblock(state, error);
}

function errorWritableAndUnblock(state, error) {
  clearAlgorithms(state);
  writable.errorIfNeeded(state.writable[$].controller, error);
  unblockWrite(state);
}

// As the Streams specification has it (transform-stream-default-controller-enqueue).
function enqueue(state, chunk) {
  var controller = readableController(state);
  if (!streams.canCloseOrEnqueue(controller))
    throw new TypeError('The stream does not take chunks any more');
  try {
    streams.enqueue(controller, chunk);
  } catch (error) {
    errorWritableAndUnblock(state, error);
    throw state.readable[$].error;
  }
  var pressure = !streams.shouldPull(controller);
  if (pressure !== state.pressure)
    setPressure(state, true);
}

// As the Streams specification has it (transform-stream-default-controller-terminate).
function terminate(state) {
  streams.close(readableController(state));
  errorWritableAndUnblock(state, new TypeError('The transform stream was terminated'));
}

// The members of a Transformer, read in the order of Web IDL.
function readTransformer(transformer) {
  var members = {cancel: undefined, flush: undefined, start: undefined, transform: undefined};
  if (transformer === undefined)
    return members;
  members.cancel = support.callback(transformer, 'cancel');
  members.flush = support.callback(transformer, 'flush');
  var readableType = transformer.readableType;
  members.start = support.callback(transformer, 'start');
  members.transform = support.callback(transformer, 'transform');
  var writableType = transformer.writableType;
  if (readableType !== undefined || writableType !== undefined)
    throw new RangeError('TransformStream: the types of a transformer have to be undefined');
  return members;
}

function pass(state, chunk) {
  try {
    enqueue(state, chunk);
  } catch (error) {
    return support.rejected(error);
  }
  return undefined;
}

// As the Streams specification has it (ts-class).
function TransformStream() {
  lib.constructing(new.target, 'TransformStream');
  var object = arguments[0];
  if (object !== undefined && !lib.isObject(object))
    throw new TypeError('TransformStream: the transformer is not an object');
  var writableStrategy = support.readStrategy(arguments[1], 'TransformStream');
  var readableStrategy = support.readStrategy(arguments[2], 'TransformStream');
  var members = readTransformer(object);
  var readableMark = support.highWaterMark(readableStrategy, 0);
  var writableMark = support.highWaterMark(writableStrategy, 1);
  var started = newPromise();
  var state = initialize(this, started, writableMark, writableStrategy.size, readableMark,
                         readableStrategy.size);
  var controller = state.controller;
  var transformed = support.algorithm2(members.transform, object);
  var flushed = support.algorithm1(members.flush, object);
  state.transform = transformed === undefined
                        ? function(chunk) { return pass(state, chunk); }
                        : function(chunk) { return transformed(chunk, controller); };
  state.flush = flushed && function() { return flushed(controller); };
  state.cancel = support.algorithm1(members.cancel, object);
  resolve(started,
          members.start === undefined ? undefined : lib.apply(members.start, object, [controller]));
}

lib.expose('TransformStream', TransformStream, {
  get readable() { return of(this, TRANSFORM).readable; },
  get writable() { return of(this, TRANSFORM).writable; },
});

function TransformStreamDefaultController() { lib.illegal(); }

function stateOf(self) { return support.stateOf(self, controllerKind).transform; }

lib.expose('TransformStreamDefaultController', TransformStreamDefaultController, {
  get desiredSize() { return streams.desiredSize(readableController(stateOf(this))); },
  enqueue() { enqueue(stateOf(this), arguments[0]); },
  error() { fail(stateOf(this), arguments[0]); },
  terminate() { terminate(stateOf(this)); },
});

// Steps of the platform that may throw.
function attempt(steps, state, chunk) {
  if (steps === undefined)
    return undefined;
  try {
    steps(function(piece) { enqueue(state, piece); }, chunk);
  } catch (error) {
    return support.rejected(error);
  }
  return undefined;
}

lib.transforms = {
  // A TransformStream that is no more than its two sides.
  pair: function(readable, writable) {
    return lib.make(TransformStream.prototype,
                    {is: TRANSFORM, readable: readable, writable: writable});
  },
  // {readable, writable} of a transform of the platform; its steps get a function that enqueues,
  // and the chunk. (Streams: transformstream-set-up)
  create: function(coder) {
    var started = support.resolved(undefined);
    var state = initialize({}, started, 1, undefined, 0, undefined);
    state.transform = function(chunk) { return attempt(coder.transform, state, chunk); };
    state.flush = function() { return attempt(coder.flush, state, undefined); };
    state.cancel = undefined;
    return state;
  },
};
host.load('text_streams');
})(__host);
