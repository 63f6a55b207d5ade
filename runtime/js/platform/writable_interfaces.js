// SPDX-License-Identifier: MIT
// WritableStream, its writer and its controller as script sees them.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var support = lib.stream_support;
var writable = lib.writable;
var WRITABLE = lib.bit.writable;
var WRITER = lib.bit.writer;
var rejected = support.rejected;

function illegal() { return rejected(new TypeError('Illegal invocation')); }

function locked() { return rejected(new TypeError('The stream is locked to a writer')); }

function released() { return rejected(new TypeError('The writer was released')); }

function closing() { return rejected(new TypeError('The stream is being closed')); }

// The algorithms of an UnderlyingSink, whose members are read in the order of Web IDL.
function readSink(sink) {
  if (sink === undefined)
    return {start: undefined, write: undefined, close: undefined, abort: undefined};
  var abort = support.callback(sink, 'abort');
  var close = support.callback(sink, 'close');
  var start = support.callback(sink, 'start');
  var type = sink.type;
  var write = support.callback(sink, 'write');
  if (type !== undefined)
    throw new RangeError('WritableStream: the type of a sink has to be undefined');
  return {
    start: start === undefined
               ? undefined
               : function(controller) { return lib.apply(start, sink, [controller]); },
    write: support.algorithm2(write, sink),
    close: support.algorithm0(close, sink),
    abort: support.algorithm1(abort, sink),
  };
}

// As the Streams specification has it (ws-class).
function WritableStream() {
  lib.constructing(new.target, 'WritableStream');
  var sink = arguments[0];
  if (sink !== undefined && !lib.isObject(sink))
    throw new TypeError('WritableStream: the underlying sink is not an object');
  var strategy = support.readStrategy(arguments[1], 'WritableStream');
  var algorithms = readSink(sink);
  var stream = writable.makeStream(this);
  this[$] = stream;
  writable.setUp(stream, algorithms, support.highWaterMark(strategy, 1), strategy.size);
}

lib.expose('WritableStream', WritableStream, {
  get locked() { return of(this, WRITABLE).writer !== null; },
  abort() {
    if (!lib.isA(this, WRITABLE))
      return illegal();
    var stream = this[$];
    return stream.writer !== null ? locked() : writable.abort(stream, arguments[0]);
  },
  close() {
    if (!lib.isA(this, WRITABLE))
      return illegal();
    var stream = this[$];
    if (stream.writer !== null)
      return locked();
    return writable.isClosing(stream) ? closing() : writable.close(stream);
  },
  getWriter() {
    return lib.make(WritableStreamDefaultWriter.prototype, writable.acquire(of(this, WRITABLE)));
  },
});
writable.prototype = WritableStream.prototype;

// As the Streams specification has it (default-writer-class).
function WritableStreamDefaultWriter(stream) {
  lib.constructing(new.target, 'WritableStreamDefaultWriter');
  lib.need(arguments, 1, 'WritableStreamDefaultWriter');
  this[$] = writable.acquire(of(stream, WRITABLE));
}

lib.expose('WritableStreamDefaultWriter', WritableStreamDefaultWriter, {
  get closed() { return lib.isA(this, WRITER) ? this[$].closed : illegal(); },
  get desiredSize() {
    var writer = of(this, WRITER);
    if (writer.stream === null)
      throw new TypeError('The writer was released');
    return writable.desiredSize(writer.stream);
  },
  get ready() { return lib.isA(this, WRITER) ? this[$].ready : illegal(); },
  abort() {
    if (!lib.isA(this, WRITER))
      return illegal();
    var stream = this[$].stream;
    return stream === null ? released() : writable.abort(stream, arguments[0]);
  },
  close() {
    if (!lib.isA(this, WRITER))
      return illegal();
    var stream = this[$].stream;
    if (stream === null)
      return released();
    return writable.isClosing(stream) ? closing() : writable.close(stream);
  },
  releaseLock() {
    var writer = of(this, WRITER);
    if (writer.stream !== null)
      writable.release(writer);
  },
  write() {
    if (!lib.isA(this, WRITER))
      return illegal();
    var writer = this[$];
    return writer.stream === null ? released() : writable.write(writer, arguments[0]);
  },
});

function controllerOf(self) { return support.stateOf(self, writable.controllerKind); }

// As the Streams specification has it (ws-default-controller-class).
function WritableStreamDefaultController() { lib.illegal(); }

lib.expose('WritableStreamDefaultController', WritableStreamDefaultController, {
  get signal() {
    var controller = controllerOf(this);
    if (controller.signal === null) {
      controller.signal = lib.load('abort').makeSignal();
      if (controller.aborted)
        lib.load('abort').signalAbort(controller.signal, controller.reason);
    }
    return controller.signal;
  },
  error() { writable.errorIfNeeded(controllerOf(this), arguments[0]); },
});
writable.controllerPrototype = WritableStreamDefaultController.prototype;
})(__host);
