// SPDX-License-Identifier: MIT
// The reader, controller and request of readable byte streams as script sees them.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var support = lib.stream_support;
var streams = lib.streams;
var bytes = lib.byte_streams;
var buffers = lib.buffers;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var rejected = support.rejected;

function illegal() { return rejected(new TypeError('Illegal invocation')); }

function released() { return rejected(new TypeError('The reader was released')); }

function isKind(object, kind) {
  return lib.isA(object, lib.bit.other) && object[$].kind === kind;
}

// An [EnforceRange] unsigned long long.
function count(value, what) {
  value = +value;
  if (value !== value || value === Infinity || value === -Infinity)
    throw new TypeError(what + ' is not a finite number');
  value = value < 0 ? Math.ceil(value) : Math.floor(value);
  if (value < 0 || value > 9007199254740991)
    throw new TypeError(what + ' is out of range');
  return value + 0;
}

bytes.chunkSize = function(value) {
  value = count(value, 'autoAllocateChunkSize');
  if (value === 0)
    throw new TypeError('autoAllocateChunkSize must not be 0');
  return value;
};

function acquire(stream) {
  if (stream.reader !== null)
    throw new TypeError('The stream is locked to a reader');
  if (stream.controller.kind !== support.byteControllerKind)
    throw new TypeError('Only byte streams have readers with a buffer of their own');
  return streams.initializeReader(
      {is: lib.bit.other, kind: support.byobReaderKind, stream: null, requests: null, closed: null},
      stream);
}

// As the Streams specification has it (byob-reader-class).
function ReadableStreamBYOBReader(stream) {
  lib.constructing(new.target, 'ReadableStreamBYOBReader');
  lib.need(arguments, 1, 'ReadableStreamBYOBReader');
  this[$] = acquire(of(stream, lib.bit.stream));
}

// As the Streams specification has it (readable-stream-byob-reader-read).
function read(reader, view, minimum, request) {
  var stream = reader.stream;
  stream.disturbed = true;
  if (stream.state === 'errored')
    request.error(stream.error);
  else
    bytes.pullInto(stream.controller, view, minimum, request);
}

function checkView(view, minimum) {
  var parts = buffers.describe(view);
  if (parts.size === 0)
    throw new TypeError('The view has no room');
  if (buffers.isDetached(parts.buffer) || buffers.sizeOf(parts.buffer) === 0)
    throw new TypeError('The buffer of the view is detached');
  if (minimum === 0)
    throw new TypeError('read() has to ask for something');
  if (minimum > parts.size / parts.elementSize)
    throw new RangeError('read() asks for more than the view has room for');
}

function needView(value, what) {
  if (!buffers.isView(value))
    throw new TypeError(what + ' is not a view of an ArrayBuffer');
}

lib.expose('ReadableStreamBYOBReader', ReadableStreamBYOBReader, {
  read(view) {
    if (!isKind(this, support.byobReaderKind))
      return illegal();
    var reader = this[$];
    try {
      lib.need(arguments, 1, 'ReadableStreamBYOBReader.read');
      needView(view, 'The first argument');
      var minimum = lib.dictionary(arguments[1], 'ReadableStreamBYOBReader.read').min;
      minimum = minimum === undefined ? 1 : count(minimum, 'min');
      checkView(view, minimum);
    } catch (error) {
      return rejected(error);
    }
    if (reader.stream === null)
      return released();
    var promise = newPromise();
    read(reader, view, minimum, {
      chunk: function(chunk) { resolve(promise, {value: chunk, done: false}); },
      close: function(chunk) { resolve(promise, {value: chunk, done: true}); },
      error: function(error) { reject(promise, error); },
      next: null,
    });
    return promise;
  },
  releaseLock() {
    var reader = support.stateOf(this, support.byobReaderKind);
    if (reader.stream !== null)
      streams.release(reader);
  },
  get closed() { return isKind(this, support.byobReaderKind) ? this[$].closed : illegal(); },
  cancel() {
    if (!isKind(this, support.byobReaderKind))
      return illegal();
    var stream = this[$].stream;
    return stream === null ? released() : streams.cancel(stream, arguments[0]);
  },
});

function controllerOf(self) { return support.stateOf(self, support.byteControllerKind); }

// As the Streams specification has it (rbs-controller-class).
function ReadableByteStreamController() { lib.illegal(); }

lib.expose('ReadableByteStreamController', ReadableByteStreamController, {
  get byobRequest() { return bytes.requestOf(controllerOf(this)); },
  get desiredSize() { return streams.desiredSize(controllerOf(this)); },
  close() {
    var controller = controllerOf(this);
    if (!streams.canCloseOrEnqueue(controller))
      throw new TypeError('The stream cannot be closed');
    bytes.close(controller);
  },
  enqueue(chunk) {
    var controller = controllerOf(this);
    lib.need(arguments, 1, 'ReadableByteStreamController.enqueue');
    needView(chunk, 'The chunk');
    var parts = buffers.describe(chunk);
    if (parts.size === 0 || buffers.sizeOf(parts.buffer) === 0)
      throw new TypeError('The chunk is empty');
    if (!streams.canCloseOrEnqueue(controller))
      throw new TypeError('The stream does not take chunks any more');
    bytes.enqueue(controller, chunk);
  },
  error() { bytes.error(controllerOf(this), arguments[0]); },
});
bytes.controllerPrototype = ReadableByteStreamController.prototype;

function requestOf(self) { return support.stateOf(self, bytes.requestKind); }

function controllerOfRequest(request) {
  if (request.controller === undefined)
    throw new TypeError('The request was answered already');
  return request.controller;
}

// As the Streams specification has it (rs-byob-request-class).
function ReadableStreamBYOBRequest() { lib.illegal(); }

lib.expose('ReadableStreamBYOBRequest', ReadableStreamBYOBRequest, {
  get view() { return requestOf(this).view; },
  respond(bytesWritten) {
    var request = requestOf(this);
    lib.need(arguments, 1, 'ReadableStreamBYOBRequest.respond');
    bytesWritten = count(bytesWritten, 'bytesWritten');
    var controller = controllerOfRequest(request);
    if (buffers.isDetached(buffers.describe(request.view).buffer))
      throw new TypeError('The buffer of the request is detached');
    bytes.respond(controller, bytesWritten);
  },
  respondWithNewView(view) {
    var request = requestOf(this);
    lib.need(arguments, 1, 'ReadableStreamBYOBRequest.respondWithNewView');
    needView(view, 'The view');
    var controller = controllerOfRequest(request);
    if (buffers.isDetached(buffers.describe(view).buffer))
      throw new TypeError('The buffer of the view is detached');
    bytes.respondWithView(controller, view);
  },
});
bytes.requestPrototype = ReadableStreamBYOBRequest.prototype;

bytes.acquire = acquire;
bytes.read = read;
bytes.makeReader = function(stream) {
  return lib.make(ReadableStreamBYOBReader.prototype, acquire(stream));
};
// A byte stream of the platform. `pull` gets the controller's object.
bytes.create = function(pull, cancel) {
  var object = lib.make(streams.prototype, null);
  var stream = streams.makeStream(object);
  object[$] = stream;
  bytes.setUp(stream, {start: undefined, pull: pull, cancel: cancel}, 0, undefined);
  return object;
};
})(__host);
