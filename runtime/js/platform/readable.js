// SPDX-License-Identifier: MIT
// ReadableStream, its default reader and default controller as script sees them.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var support = lib.stream_support;
var streams = lib.streams;
var STREAM = lib.bit.stream;
var READER = lib.bit.reader;
var apply = lib.apply;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var rejected = support.rejected;

function illegal() { return rejected(new TypeError('Illegal invocation')); }

function locked() { return rejected(new TypeError('The stream is locked to a reader')); }

// The members of an UnderlyingSource, read in the order of Web IDL.
function readSource(source) {
  var members = {
    chunkSize: undefined,
    cancel: undefined,
    pull: undefined,
    start: undefined,
    bytes: false,
    object: source
  };
  if (source === undefined)
    return members;
  members.chunkSize = source.autoAllocateChunkSize;
  if (members.chunkSize !== undefined)
    members.chunkSize = lib.load('byte_streams').chunkSize(members.chunkSize);
  members.cancel = support.callback(source, 'cancel');
  members.pull = support.callback(source, 'pull');
  members.start = support.callback(source, 'start');
  var type = source.type;
  if (type !== undefined && lib.string(type) !== 'bytes')
    throw new TypeError("ReadableStream: the type '" + lib.string(type) + "' is not known");
  members.bytes = type !== undefined;
  return members;
}

function algorithmsOf(members) {
  var object = members.object;
  var start = members.start;
  return {
    start: start === undefined
               ? undefined
               : function(controller) { return apply(start, object, [controller]); },
    pull: support.algorithm1(members.pull, object),
    cancel: support.algorithm1(members.cancel, object),
  };
}

// As the Streams specification has it (rs-class).
function ReadableStream() {
  lib.constructing(new.target, 'ReadableStream');
  var source = arguments[0];
  if (source !== undefined && !lib.isObject(source))
    throw new TypeError('ReadableStream: the underlying source is not an object');
  var strategy = support.readStrategy(arguments[1], 'ReadableStream');
  var members = readSource(source);
  var stream = streams.makeStream(this);
  this[$] = stream;
  if (members.bytes) {
    if (strategy.size !== undefined)
      throw new RangeError('ReadableStream: the strategy of a byte stream has no size');
    lib.load('byte_streams')
        .setUp(stream, algorithmsOf(members), support.highWaterMark(strategy, 0),
               members.chunkSize);
  } else {
    streams.setUp(stream, algorithmsOf(members), support.highWaterMark(strategy, 1),
                  strategy.size);
  }
}

function streamOf(self) { return of(self, STREAM); }

function pipeOptions(value) {
  var options = lib.dictionary(value, 'StreamPipeOptions');
  var read = {preventAbort: !!options.preventAbort, preventCancel: false, preventClose: false};
  read.preventCancel = !!options.preventCancel;
  read.preventClose = !!options.preventClose;
  read.signal = options.signal;
  if (read.signal !== undefined && !lib.isA(read.signal, lib.bit.signal))
    throw new TypeError('The signal is not an AbortSignal');
  return read;
}

// The value of a dictionary's required member that is a stream.
function requiredStream(pair, member, bit) {
  var value = pair[member];
  if (!lib.isA(value, bit))
    throw new TypeError('pipeThrough: ' + member + ' is not a stream of that kind');
  return value;
}

lib.expose('ReadableStream', ReadableStream, {
  get locked() { return streams.isLocked(streamOf(this)); },
  cancel() {
    if (!lib.isA(this, STREAM))
      return illegal();
    var stream = this[$];
    return streams.isLocked(stream) ? locked() : streams.cancel(stream, arguments[0]);
  },
  getReader() {
    var stream = streamOf(this);
    var mode = lib.dictionary(arguments[0], 'ReadableStream.getReader').mode;
    if (mode === undefined)
      return lib.make(ReadableStreamDefaultReader.prototype, streams.acquire(stream));
    lib.oneOf(lib.string(mode), ['byob'], 'ReadableStreamReaderMode');
    return lib.load('byte_streams').makeReader(stream);
  },
  pipeThrough(transform) {
    var stream = streamOf(this);
    lib.need(arguments, 1, 'ReadableStream.pipeThrough');
    var pair = lib.dictionary(transform, 'ReadableStream.pipeThrough');
    var readable = requiredStream(pair, 'readable', STREAM);
    var writable = requiredStream(pair, 'writable', lib.bit.writable);
    var options = pipeOptions(arguments[1]);
    if (streams.isLocked(stream) || writable[$].writer !== null)
      throw new TypeError('ReadableStream.pipeThrough: a stream is locked');
    support.handled(lib.load('pipe').run(stream, writable[$], options));
    return readable;
  },
  pipeTo(destination) {
    if (!lib.isA(this, STREAM))
      return illegal();
    try {
      var stream = this[$];
      lib.need(arguments, 1, 'ReadableStream.pipeTo');
      var sink = of(destination, lib.bit.writable);
      var options = pipeOptions(arguments[1]);
      if (streams.isLocked(stream) || sink.writer !== null)
        throw new TypeError('ReadableStream.pipeTo: a stream is locked');
    } catch (error) {
      return rejected(error);
    }
    return lib.load('pipe').run(stream, sink, options);
  },
  tee() {
    var branches = lib.load('tee').run(streamOf(this), false);
    return [branches[0].object, branches[1].object];
  },
  values() {
    var stream = streamOf(this);
    var keep = !!lib.dictionary(arguments[0], 'ReadableStream.values').preventCancel;
    return lib.load('stream_iteration').iterate(stream, keep);
  },
});
lib.hide(ReadableStream.prototype, Symbol.asyncIterator, ReadableStream.prototype.values);
host.copyMembers(ReadableStream, {
  from(iterable) {
    lib.need(arguments, 1, 'ReadableStream.from');
    return lib.load('stream_iteration').from(iterable);
  },
});
streams.prototype = ReadableStream.prototype;

// A request whose outcome is the promise of script.
streams.readRequest = function(promise) {
  return {
    chunk: function(chunk) { resolve(promise, {value: chunk, done: false}); },
    close: function() { resolve(promise, {value: undefined, done: true}); },
    error: function(error) { reject(promise, error); },
    next: null,
  };
};

function released() { return rejected(new TypeError('The reader was released')); }

// As the Streams specification has it (default-reader-class).
function ReadableStreamDefaultReader(stream) {
  lib.constructing(new.target, 'ReadableStreamDefaultReader');
  lib.need(arguments, 1, 'ReadableStreamDefaultReader');
  this[$] = streams.acquire(of(stream, STREAM));
}

lib.expose('ReadableStreamDefaultReader', ReadableStreamDefaultReader, {
  read() {
    if (!lib.isA(this, READER))
      return illegal();
    var reader = this[$];
    if (reader.stream === null)
      return released();
    var promise = newPromise();
    streams.read(reader, streams.readRequest(promise));
    return promise;
  },
  releaseLock() {
    var reader = of(this, READER);
    if (reader.stream !== null)
      streams.release(reader);
  },
  get closed() { return lib.isA(this, READER) ? this[$].closed : illegal(); },
  cancel() {
    if (!lib.isA(this, READER))
      return illegal();
    var reader = this[$];
    return reader.stream === null ? released() : streams.cancel(reader.stream, arguments[0]);
  },
});

function controllerOf(self) { return support.stateOf(self, support.controllerKind); }

// As the Streams specification has it (rs-default-controller-class).
function ReadableStreamDefaultController() { lib.illegal(); }

lib.expose('ReadableStreamDefaultController', ReadableStreamDefaultController, {
  get desiredSize() { return streams.desiredSize(controllerOf(this)); },
  close() {
    var controller = controllerOf(this);
    if (!streams.canCloseOrEnqueue(controller))
      throw new TypeError('The stream cannot be closed');
    streams.close(controller);
  },
  enqueue() {
    var controller = controllerOf(this);
    if (!streams.canCloseOrEnqueue(controller))
      throw new TypeError('The stream does not take chunks any more');
    streams.enqueue(controller, arguments[0]);
  },
  error() { streams.fail(controllerOf(this), arguments[0]); },
});
streams.controllerPrototype = ReadableStreamDefaultController.prototype;

// As the Streams specification has it (qs-api). All instances share one function.
function strategyClass(name, constructor, size) {
  var kind = {};
  constructor.set = function(self, target, given) {
    lib.constructing(target, name);
    lib.need(given, 1, name);
    var mark = lib.dictionary(given[0], name).highWaterMark;
    if (mark === undefined)
      throw new TypeError(name + ': highWaterMark is missing');
    self[$] = {is: lib.bit.other, kind: kind, mark: +mark};
  };
  lib.expose(name, constructor.make, {
    get highWaterMark() { return support.stateOf(this, kind).mark; },
    get size() {
      support.stateOf(this, kind);
      return size.size;
    },
  });
}
var counting = {
  make: function CountQueuingStrategy(init) { counting.set(this, new.target, arguments); },
};
var measuring = {
  make: function ByteLengthQueuingStrategy(init) { measuring.set(this, new.target, arguments); },
};
strategyClass('CountQueuingStrategy', counting, {size() { return 1; }});
strategyClass('ByteLengthQueuingStrategy', measuring, {size(chunk) { return chunk.byteLength; }});
})(__host);
