// SPDX-License-Identifier: MIT
// ReadableStream with a default controller. Names follow the abstract operations of Streams;
// `stream`, `controller` and `reader` are state objects, not what script holds.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var STREAM = lib.bit.stream;
var READER = lib.bit.reader;
var OTHER = lib.bit.other;

function nothing() {}

function handled(promise) {
  host.performThen(promise, undefined, nothing);
  return promise;
}

function makeStream(object) {
  return {
    is: STREAM,
    state: 'readable',
    disturbed: false,
    reader: null,
    error: undefined,
    controller: null,
    object: object
  };
}

// Calls a method of script's source, sink or transformer; a missing one counts as `otherwise`.
function method(object, name, otherwise) {
  var found = object === undefined || object === null ? undefined : object[name];
  if (found === undefined)
    return otherwise;
  if (typeof found !== 'function')
    throw new TypeError(name + ' is not a function');
  return function() { return lib.apply(found, object, arguments); };
}

// The result of a call as a promise, whatever happens in it.
function promiseOf(call) {
  var promise = host.newPromise();
  try {
    host.resolvePromise(promise, call());
  } catch (error) {
    host.rejectPromise(promise, error);
  }
  return promise;
}

function strategyOf(strategy, otherwise) {
  strategy = lib.dictionary(strategy, 'A queuing strategy');
  var size = method({size: strategy.size}, 'size', undefined);
  var mark = strategy.highWaterMark;
  if (mark === undefined)
    mark = otherwise;
  mark = Number(mark);
  if (isNaN(mark) || mark < 0)
    throw new RangeError('The high-water mark is not valid');
  return {mark: mark, size: size || function() { return 1; }};
}

// As the Streams specification has it (rs-class).
function ReadableStream() {
  lib.constructing(new.target, 'ReadableStream');
  var source = arguments[0];
  if (source === null || (source !== undefined && !lib.isObject(source)))
    throw new TypeError('ReadableStream: the underlying source is not an object');
  var type = source === undefined ? undefined : source.type;
  if (type !== undefined && String(type) !== 'bytes')
    throw new TypeError("ReadableStream: the type '" + type + "' is not known");
  var bytes = type !== undefined;
  var strategy = strategyOf(arguments[1], bytes ? 0 : 1);
  this[$] = makeStream(this);
  setUp(this[$], {
    start: method(source, 'start', nothing),
    pull: method(source, 'pull', nothing),
    cancel: method(source, 'cancel', nothing),
  },
        strategy, bytes);
}

// As the Streams specification has it (set-up-readable-stream-default-controller).
function setUp(stream, algorithms, strategy, bytes) {
  var controller = {
    is: OTHER,
    stream: stream,
    queue: [],
    total: 0,
    mark: strategy.mark,
    size: strategy.size,
    started: false,
    closing: false,
    pulling: false,
    again: false,
    pull: algorithms.pull,
    cancel: algorithms.cancel,
    object: null,
    bytes: bytes,
  };
  stream.controller = controller;
  controller.object = lib.make(ReadableStreamDefaultController.prototype, controller);
  var started = algorithms.start(controller.object);
  lib.react(started,
            function() {
              controller.started = true;
              pullIfNeeded(controller);
            },
            function(error) { controllerError(controller, error); });
}

function isLocked(stream) { return stream.reader !== null; }

function desiredSize(controller) {
  if (controller.stream.state === 'errored')
    return null;
  return controller.stream.state === 'closed' ? 0 : controller.mark - controller.total;
}

function canClose(controller) {
  return !controller.closing && controller.stream.state === 'readable';
}

// As the Streams specification has it (readable-stream-default-controller-call-pull-if-needed).
function pullIfNeeded(controller) {
  if (!controller.started || !canClose(controller))
    return;
  var waiting = isLocked(controller.stream) && controller.stream.reader.requests.length > 0;
  if (!waiting && !(desiredSize(controller) > 0))
    return;
  if (controller.pulling) {
    controller.again = true;
    return;
  }
  controller.pulling = true;
  lib.react(promiseOf(function() { return controller.pull(controller.object); }),
            function() {
              controller.pulling = false;
              if (controller.again) {
                controller.again = false;
                pullIfNeeded(controller);
              }
            },
            function(error) { controllerError(controller, error); });
}

function clear(controller) {
  controller.pull = controller.cancel = nothing;
  controller.size = null;
}

function controllerError(controller, error) {
  if (controller.stream.state !== 'readable')
    return;
  controller.queue = [];
  controller.total = 0;
  clear(controller);
  streamError(controller.stream, error);
}

function controllerClose(controller) {
  if (!canClose(controller))
    return;
  controller.closing = true;
  if (controller.queue.length === 0) {
    clear(controller);
    streamClose(controller.stream);
  }
}

// As the Streams specification has it (readable-stream-default-controller-enqueue).
function controllerEnqueue(controller, chunk) {
  if (!canClose(controller))
    return;
  var reader = controller.stream.reader;
  if (reader !== null && reader.requests.length > 0) {
    reader.requests.shift().chunk(chunk);
  } else {
    var size;
    try {
      size = Number(controller.size(chunk));
      if (!(size >= 0 && size < Infinity))
        throw new RangeError('The size of a chunk is not valid');
    } catch (error) {
      controllerError(controller, error);
      throw error;
    }
    controller.queue.push({chunk: chunk, size: size});
    controller.total += size;
  }
  pullIfNeeded(controller);
}

function streamClose(stream) {
  stream.state = 'closed';
  var reader = stream.reader;
  if (reader === null)
    return;
  lib.resolve(reader.closed, undefined);
  var requests = reader.requests;
  reader.requests = [];
  requests.forEach(function(request) { request.close(); });
}

function streamError(stream, error) {
  stream.state = 'errored';
  stream.error = error;
  var reader = stream.reader;
  if (reader === null)
    return;
  lib.reject(reader.closed, error);
  handled(reader.closed);
  var requests = reader.requests;
  reader.requests = [];
  requests.forEach(function(request) { request.error(error); });
}

// As the Streams specification has it (readable-stream-cancel).
function streamCancel(stream, reason) {
  stream.disturbed = true;
  if (stream.state === 'closed')
    return lib.resolved(undefined);
  if (stream.state === 'errored')
    return lib.rejected(stream.error);
  streamClose(stream);
  var controller = stream.controller;
  controller.queue = [];
  controller.total = 0;
  var cancel = controller.cancel;
  clear(controller);
  return lib.then(promiseOf(function() { return cancel(reason); }), nothing);
}

// As the Streams specification has it (readable-stream-default-reader-read).
function read(reader, request) {
  var stream = reader.stream;
  stream.disturbed = true;
  if (stream.state === 'closed')
    return request.close();
  if (stream.state === 'errored')
    return request.error(stream.error);
  var controller = stream.controller;
  if (controller.queue.length === 0) {
    reader.requests.push(request);
    return pullIfNeeded(controller);
  }
  var entry = controller.queue.shift();
  controller.total = Math.max(0, controller.total - entry.size);
  if (controller.closing && controller.queue.length === 0) {
    clear(controller);
    streamClose(stream);
  } else {
    pullIfNeeded(controller);
  }
  request.chunk(entry.chunk);
}

function acquire(stream) {
  if (isLocked(stream))
    throw new TypeError('The stream is locked to a reader');
  var reader = {is: READER, stream: stream, requests: [], closed: host.newPromise()};
  stream.reader = reader;
  if (stream.state === 'closed') {
    lib.resolve(reader.closed, undefined);
  } else if (stream.state === 'errored') {
    lib.reject(reader.closed, stream.error);
    handled(reader.closed);
  }
  return reader;
}

// As the Streams specification has it (readable-stream-reader-generic-release).
function release(reader) {
  var stream = reader.stream;
  if (stream === null)
    return;
  var error = new TypeError('The reader was released');
  if (stream.state !== 'readable')
    reader.closed = host.newPromise();
  lib.reject(reader.closed, error);
  handled(reader.closed);
  stream.reader = null;
  reader.stream = null;
  var requests = reader.requests;
  reader.requests = [];
  requests.forEach(function(request) { request.error(error); });
}

function readPromise(reader) {
  var promise = host.newPromise();
  read(reader, {
    chunk: function(chunk) { lib.resolve(promise, {value: chunk, done: false}); },
    close: function() { lib.resolve(promise, {value: undefined, done: true}); },
    error: function(error) { lib.reject(promise, error); },
  });
  return promise;
}

function streamOf(self) { return of(self, STREAM); }

lib.expose('ReadableStream', ReadableStream, {
  get locked() { return isLocked(streamOf(this)); },
  cancel() {
    var self = this;
    var reason = arguments[0];
    return lib.promised(function(promise) {
      var stream = streamOf(self);
      if (isLocked(stream))
        throw new TypeError('The stream is locked to a reader');
      lib.resolve(promise, streamCancel(stream, reason));
    });
  },
  getReader() {
    var stream = streamOf(this);
    var options = lib.dictionary(arguments[0], 'ReadableStream.getReader');
    if (options.mode !== undefined) {
      lib.oneOf(options.mode, ['byob'], 'ReadableStreamReaderMode');
      throw new TypeError(
          'ReadableStream.getReader: readers with a buffer of their own are not available');
    }
    return lib.make(ReadableStreamDefaultReader.prototype, acquire(stream));
  },
  pipeThrough(transform) {
    var stream = streamOf(this);
    lib.need(arguments, 1, 'ReadableStream.pipeThrough');
    var readable = transform.readable;
    var writable = transform.writable;
    of(readable, STREAM);
    of(writable, lib.bit.writable);
    if (isLocked(stream) || writable.locked)
      throw new TypeError('ReadableStream.pipeThrough: a stream is locked');
    handled(lib.load('writable')
                .pipe(stream, writable[$], lib.dictionary(arguments[1], 'pipeThrough')));
    return readable;
  },
  pipeTo(destination) {
    var self = this;
    var given = arguments;
    return lib.promised(function(promise) {
      var stream = streamOf(self);
      lib.need(given, 1, 'ReadableStream.pipeTo');
      of(destination, lib.bit.writable);
      if (isLocked(stream) || destination.locked)
        throw new TypeError('ReadableStream.pipeTo: a stream is locked');
      var options = lib.dictionary(given[1], 'ReadableStream.pipeTo');
      lib.resolve(promise, lib.load('writable').pipe(stream, destination[$], options));
    });
  },
  tee() {
    return lib.streams.teeState(streamOf(this)).map(function(branch) { return branch.object; });
  },
  values() {
    return lib.streams.iterate(streamOf(this),
                               !!lib.dictionary(arguments[0], 'values').preventCancel);
  },
});
lib.hide(ReadableStream.prototype, Symbol.asyncIterator, ReadableStream.prototype.values);
Object.defineProperty(ReadableStream, 'from', {
  value: function from(iterable) {
    lib.need(arguments, 1, 'ReadableStream.from');
    return lib.streams.fromIterable(iterable);
  },
  writable: true,
  enumerable: true,
  configurable: true,
});

// As the Streams specification has it (default-reader-class).
function ReadableStreamDefaultReader(stream) {
  lib.constructing(new.target, 'ReadableStreamDefaultReader');
  this[$] = acquire(of(stream, STREAM));
}

lib.expose('ReadableStreamDefaultReader', ReadableStreamDefaultReader, {
  read() {
    var self = this;
    return lib.promised(function(promise) {
      var reader = of(self, READER);
      if (reader.stream === null)
        throw new TypeError('The reader was released');
      lib.resolve(promise, readPromise(reader));
    });
  },
  releaseLock() { release(of(this, READER)); },
  get closed() { return of(this, READER).closed; },
  cancel() {
    var self = this;
    var reason = arguments[0];
    return lib.promised(function(promise) {
      var reader = of(self, READER);
      if (reader.stream === null)
        throw new TypeError('The reader was released');
      lib.resolve(promise, streamCancel(reader.stream, reason));
    });
  },
});

function controllerOf(self) {
  var state = of(self, OTHER);
  if (state.queue === undefined)
    throw new TypeError('Illegal invocation');
  return state;
}

// As the Streams specification has it (rs-default-controller-class).
function ReadableStreamDefaultController() { lib.illegal(); }

lib.expose('ReadableStreamDefaultController', ReadableStreamDefaultController, {
  get desiredSize() { return desiredSize(controllerOf(this)); },
  get byobRequest() { return controllerOf(this).bytes ? null : undefined; },
  close() {
    var controller = controllerOf(this);
    if (!canClose(controller))
      throw new TypeError('The stream cannot be closed');
    controllerClose(controller);
  },
  enqueue(chunk) {
    var controller = controllerOf(this);
    if (!canClose(controller))
      throw new TypeError('The stream does not take chunks any more');
    if (controller.bytes && !ArrayBuffer.isView(chunk))
      throw new TypeError('A byte stream only takes views');
    controllerEnqueue(controller, chunk);
  },
  error() { controllerError(controllerOf(this), arguments[0]); },
});

function create(start, pull, cancel, mark) {
  var object = Object.create(ReadableStream.prototype);
  object[$] = makeStream(object);
  setUp(object[$], {start: start, pull: pull, cancel: cancel},
        {mark: mark, size: function() { return 1; }}, false);
  return object;
}

function strategyClass(name, size) {
  var constructor = name === 'CountQueuingStrategy'
                        ? function CountQueuingStrategy(init) { set(this, new.target, init); }
                        : function ByteLengthQueuingStrategy(init) { set(this, new.target, init); };
  function set(self, target, init) {
    lib.constructing(target, name);
    if (!lib.isObject(init) || init.highWaterMark === undefined)
      throw new TypeError(name + ': highWaterMark is missing');
    self[$] = {is: OTHER, strategy: name, mark: Number(init.highWaterMark)};
  }
  lib.expose(name, constructor, {
    get highWaterMark() { return of(this, OTHER).mark; },
    get size() { return of(this, OTHER) && size; },
  });
}
strategyClass('CountQueuingStrategy', function size() { return 1; });
strategyClass('ByteLengthQueuingStrategy', function size(chunk) { return chunk.byteLength; });

lib.streams = {
  unusable: function(object) { return object[$].disturbed || isLocked(object[$]); },
  disturbed: function(object) { return object[$].disturbed; },
  error: function(object, reason) { controllerError(object[$].controller, reason); },
  proxy: function(object) {
    var reader = acquire(object[$]);
    return create(nothing,
                  function(controller) {
                    return lib.then(readPromise(reader), function(step) {
                      if (step.done)
                        controllerClose(controller[$]);
                      else
                        controllerEnqueue(controller[$], step.value);
                    });
                  },
                  function(reason) { return streamCancel(reader.stream, reason); }, 0);
  },
  tee: function(object) {
    return lib.streams.teeState(object[$]).map(function(branch) { return branch.object; });
  },
  create: create,
  acquire: acquire,
  read: read,
  release: release,
  cancel: streamCancel,
  close: controllerClose,
  enqueue: controllerEnqueue,
  fail: controllerError,
  desiredSize: desiredSize,
  strategyOf: strategyOf,
  method: method,
  promiseOf: promiseOf,
  handled: handled,
  backpressure: function(controller) { return !(desiredSize(controller) > 0); },
};
host.load('stream_bodies');
host.load('stream_consumers');
})(__host);
