// SPDX-License-Identifier: MIT
// TransformStream and the streams of the encodings. (Streams)
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var TRANSFORM = lib.bit.transform;
var OTHER = lib.bit.other;
var streams = lib.load('streams');
var writable = lib.load('writable');
var promiseOf = streams.promiseOf;

function nothing() {}

// As the Streams specification has it (initialize-transform-stream).
function setUp(object, algorithms, writableStrategy, readableStrategy) {
  var state = {
    is: TRANSFORM,
    readable: null,
    writable: null,
    pressure: true,
    change: host.newPromise(),
    over: null,
    transform: algorithms.transform,
    flush: algorithms.flush,
    cancel: algorithms.cancel,
  };
  object[$] = state;
  state.controller =
      lib.make(TransformStreamDefaultController.prototype, {is: OTHER, transform: state});
  var begun = host.newPromise();
  state.writable = writable.create({
    start: function() { return begun; },
    write: function(chunk) { return write(state, chunk); },
    close: function() { return close(state); },
    abort: function(reason) { return abort(state, reason); },
  },
                                   writableStrategy);
  state.readable =
      streams.create(function() { return begun; },
                     function() {
                       setPressure(state, false);
                       return state.change;
                     },
                     function(reason) { return cancel(state, reason); }, readableStrategy.mark);
  state.readable[$].controller.size = readableStrategy.size;
  lib.resolve(begun, promiseOf(function() { return algorithms.start(state.controller); }));
  return state;
}

function setPressure(state, pressure) {
  lib.resolve(state.change, undefined);
  state.change = host.newPromise();
  state.pressure = pressure;
}

function write(state, chunk) {
  if (!state.pressure)
    return run(state, chunk);
  return lib.then(state.change, function() {
    if (state.writable[$].state === 'erroring')
      throw state.writable[$].error;
    return run(state, chunk);
  });
}

function run(state, chunk) {
  return lib.then(promiseOf(function() { return state.transform(chunk, state.controller); }),
                  undefined, function(error) {
                    fail(state, error);
                    throw error;
                  });
}

function close(state) {
  if (state.over)
    return state.over;
  return lib.then(promiseOf(function() { return state.flush(state.controller); }),
                  function() {
                    if (state.readable[$].state === 'errored')
                      throw state.readable[$].error;
                    streams.close(state.readable[$].controller);
                  },
                  function(error) {
                    fail(state, error);
                    throw error;
                  });
}

function abort(state, reason) {
  if (state.over)
    return state.over;
  state.over = lib.then(promiseOf(function() { return state.cancel(reason); }),
                        function() { streams.fail(state.readable[$].controller, reason); });
  return state.over;
}

function cancel(state, reason) {
  if (state.over)
    return state.over;
  state.over = lib.then(promiseOf(function() { return state.cancel(reason); }),
                        function() { errorWritable(state, reason); });
  return state.over;
}

// As the Streams specification has it (transform-stream-error).
function fail(state, error) {
  streams.fail(state.readable[$].controller, error);
  errorWritable(state, error);
}

function errorWritable(state, error) {
  if (state.writable[$].state === 'writable')
    writable.startErroring(state.writable[$], error);
  if (state.pressure)
    setPressure(state, false);
}

// As the Streams specification has it (ts-class).
function TransformStream() {
  lib.constructing(new.target, 'TransformStream');
  var transformer = arguments[0] === null ? undefined : arguments[0];
  if (transformer !== undefined &&
      (transformer.readableType !== undefined || transformer.writableType !== undefined))
    throw new RangeError('TransformStream: the types of a transformer have to be undefined');
  setUp(this, {
    start: streams.method(transformer, 'start', nothing),
    transform: streams.method(transformer, 'transform',
                              function(chunk, controller) { controller.enqueue(chunk); }),
    flush: streams.method(transformer, 'flush', nothing),
    cancel: streams.method(transformer, 'cancel', nothing),
  },
        streams.strategyOf(arguments[1], 1), streams.strategyOf(arguments[2], 0));
}

lib.expose('TransformStream', TransformStream, {
  get readable() { return of(this, TRANSFORM).readable; },
  get writable() { return of(this, TRANSFORM).writable; },
});

function TransformStreamDefaultController() { lib.illegal(); }

function stateOf(self) {
  var state = of(self, OTHER).transform;
  if (!state)
    throw new TypeError('Illegal invocation');
  return state;
}

lib.expose('TransformStreamDefaultController', TransformStreamDefaultController, {
  get desiredSize() { return streams.desiredSize(stateOf(this).readable[$].controller); },
  enqueue() { enqueue(stateOf(this), arguments[0]); },
  error() { fail(stateOf(this), arguments[0]); },
  terminate() {
    var state = stateOf(this);
    streams.close(state.readable[$].controller);
    errorWritable(state, new TypeError('The transform stream was terminated'));
  },
});

// As the Streams specification has it (transform-stream-default-controller-enqueue).
function enqueue(state, chunk) {
  var controller = state.readable[$].controller;
  if (controller.closing || controller.stream.state !== 'readable')
    throw new TypeError('The stream does not take chunks any more');
  try {
    streams.enqueue(controller, chunk);
  } catch (error) {
    errorWritable(state, error);
    throw state.readable[$].error;
  }
  var waiting = controller.stream.reader !== null && controller.stream.reader.requests.length > 0;
  if (!waiting && streams.backpressure(controller) && !state.pressure)
    setPressure(state, true);
}

// A stream class made of a transform; its attributes come from `coder`.
function codingStream(name, makeCoder, attributes) {
  var constructor = name === 'TextEncoderStream'
                        ? function TextEncoderStream() { init(this, new.target, arguments); }
                        : function TextDecoderStream() { init(this, new.target, arguments); };
  function init(self, target, given) {
    lib.constructing(target, name);
    var coder = makeCoder(given);
    var inner = {};
    setUp(inner, {start: nothing, transform: coder.transform, flush: coder.flush, cancel: nothing},
          streams.strategyOf(undefined, 1), streams.strategyOf(undefined, 0));
    self[$] = {is: OTHER, coder: coder, inner: inner[$]};
  }
  var prototype = {
    get readable() { return of(this, OTHER).inner.readable; },
    get writable() { return of(this, OTHER).inner.writable; },
  };
  attributes.forEach(function(attribute) {
    Object.defineProperty(prototype, attribute, {
      get: function() { return of(this, OTHER).coder.attributes[attribute]; },
      enumerable: true,
      configurable: true,
    });
  });
  lib.expose(name, constructor, prototype);
}

// A pair of surrogates may be split between two chunks.
codingStream('TextEncoderStream', function() {
  var pending = '';
  return {
    attributes: {encoding: 'utf-8'},
    transform: function(chunk, controller) {
      var text = pending + String(chunk);
      var last = text.charCodeAt(text.length - 1);
      var split = last >= 0xD800 && last <= 0xDBFF;
      pending = split ? text.slice(-1) : '';
      text = split ? text.slice(0, -1) : text;
      if (text)
        controller.enqueue(host.encodeUtf8(text));
    },
    flush: function(controller) {
      if (pending)
        controller.enqueue(host.encodeUtf8(pending));
    },
  };
}, ['encoding']);

codingStream('TextDecoderStream', function(given) {
  var decoder = new lib.global.TextDecoder(given[0], given[1]);
  return {
    attributes: decoder,
    transform: function(chunk, controller) {
      var text = decoder.decode(chunk, {stream: true});
      if (text)
        controller.enqueue(text);
    },
    flush: function(controller) {
      var text = decoder.decode();
      if (text)
        controller.enqueue(text);
    },
  };
}, ['encoding', 'fatal', 'ignoreBOM']);

lib.transforms = {};
})(__host);
