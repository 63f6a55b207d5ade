// SPDX-License-Identifier: MIT
// What writable streams do. Names follow the abstract operations of Streams; `stream`, `controller`
// and `writer` are state objects, not what script holds.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var WRITABLE = lib.bit.writable;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var performThen = host.performThen;
var handled = support.handled;
// Stands in the queue for the end of the stream.
var CLOSE = {};

function makeStream(object) {
  return {
    is: WRITABLE,
    object: object,
    state: 'writable',
    error: undefined,
    writer: null,
    controller: null,
    requests: support.makeList(),
    inFlight: null,
    closing: null,
    closeInFlight: null,
    abort: null,
    pressure: false,
  };
}

// As the Streams specification has it (set-up-writable-stream-default-controller).
function setUp(stream, algorithms, mark, size) {
  var controller = {
    is: lib.bit.other,
    kind: lib.writable.controllerKind,
    stream: stream,
    queue: support.makeList(),
    total: 0,
    mark: mark,
    size: size,
    started: false,
    write: algorithms.write,
    close: algorithms.close,
    abort: algorithms.abort,
    signal: null,
    aborted: false,
    reason: undefined,
    object: null,
  };
  stream.controller = controller;
  controller.object = lib.make(lib.writable.controllerPrototype, controller);
  stream.pressure = hasPressure(controller);
  var begin = algorithms.start;
  var result = begin === undefined ? undefined : begin(controller.object);
  performThen(support.resolved(result),
              function() {
                controller.started = true;
                advance(controller);
              },
              function(error) {
                controller.started = true;
                dealWithRejection(stream, error);
              });
}

function isClosing(stream) { return stream.closing !== null || stream.closeInFlight !== null; }

function hasPressure(controller) { return controller.mark - controller.total <= 0; }

function desiredSize(stream) {
  if (stream.state === 'errored' || stream.state === 'erroring')
    return null;
  return stream.state === 'closed' ? 0 : stream.controller.mark - stream.controller.total;
}

function updatePressure(stream, pressure) {
  var writer = stream.writer;
  if (writer !== null && pressure !== stream.pressure) {
    if (pressure)
      setReady(writer, newPromise(), true);
    else
      resolveReady(writer);
  }
  stream.pressure = pressure;
}

function setReady(writer, promise, pending) {
  writer.ready = promise;
  writer.readyPending = pending;
}

function resolveReady(writer) {
  resolve(writer.ready, undefined);
  writer.readyPending = false;
}

function ensureReadyRejected(writer, error) {
  if (writer.readyPending)
    reject(writer.ready, error);
  else
    writer.ready = support.rejected(error);
  writer.readyPending = false;
  handled(writer.ready);
}

// As the Streams specification has it (writable-stream-default-controller-advance-queue-if-needed).
function advance(controller) {
  var stream = controller.stream;
  if (!controller.started || stream.inFlight !== null)
    return;
  if (stream.state === 'erroring')
    return finishErroring(stream);
  if (controller.queue.size === 0)
    return;
  var chunk = controller.queue.first.chunk;
  if (chunk === CLOSE)
    processClose(controller);
  else
    processWrite(controller, chunk);
}

function clearAlgorithms(controller) {
  controller.write = controller.close = controller.abort = controller.size = undefined;
}

function orResolved(promise) {
  return promise === undefined ? support.resolved(undefined) : promise;
}

// As the Streams specification has it (writable-stream-default-controller-process-close).
function processClose(controller) {
  var stream = controller.stream;
  stream.closeInFlight = stream.closing;
  stream.closing = null;
  support.dequeueValue(controller);
  var closed = orResolved(controller.close && controller.close());
  clearAlgorithms(controller);
  performThen(closed, function() { finishClose(stream); },
              function(error) { finishCloseWithError(stream, error); });
}

function finishClose(stream) {
  resolve(stream.closeInFlight, undefined);
  stream.closeInFlight = null;
  if (stream.state === 'erroring') {
    stream.error = undefined;
    if (stream.abort !== null)
      resolve(stream.abort.promise, undefined);
    stream.abort = null;
  }
  stream.state = 'closed';
  if (stream.writer !== null) {
    resolve(stream.writer.closed, undefined);
    stream.writer.closedPending = false;
  }
}

function finishCloseWithError(stream, error) {
  reject(stream.closeInFlight, error);
  stream.closeInFlight = null;
  if (stream.abort !== null)
    reject(stream.abort.promise, error);
  stream.abort = null;
  dealWithRejection(stream, error);
}

// As the Streams specification has it (writable-stream-default-controller-process-write).
function processWrite(controller, chunk) {
  var stream = controller.stream;
  stream.inFlight = support.shift(stream.requests).promise;
  var written = orResolved(controller.write && controller.write(chunk, controller.object));
  performThen(written,
              function() {
                resolve(stream.inFlight, undefined);
                stream.inFlight = null;
                support.dequeueValue(controller);
                if (!isClosing(stream) && stream.state === 'writable')
                  updatePressure(stream, hasPressure(controller));
                advance(controller);
              },
              function(error) {
                if (stream.state === 'writable')
                  clearAlgorithms(controller);
                reject(stream.inFlight, error);
                stream.inFlight = null;
                dealWithRejection(stream, error);
              });
}

function dealWithRejection(stream, error) {
  if (stream.state === 'writable')
    startErroring(stream, error);
  else
    finishErroring(stream);
}

// As the Streams specification has it (writable-stream-start-erroring).
function startErroring(stream, reason) {
  stream.state = 'erroring';
  stream.error = reason;
  if (stream.writer !== null)
    ensureReadyRejected(stream.writer, reason);
  if (stream.inFlight === null && stream.closeInFlight === null && stream.controller.started)
    finishErroring(stream);
}

// As the Streams specification has it (writable-stream-default-controller-error).
function controllerError(controller, error) {
  clearAlgorithms(controller);
  startErroring(controller.stream, error);
}

function errorIfNeeded(controller, error) {
  if (controller.stream.state === 'writable')
    controllerError(controller, error);
}

// As the Streams specification has it (writable-stream-finish-erroring).
function finishErroring(stream) {
  stream.state = 'errored';
  support.resetQueue(stream.controller);
  var requests = stream.requests;
  stream.requests = support.makeList();
  while (requests.size > 0)
    reject(support.shift(requests).promise, stream.error);
  var abort = stream.abort;
  stream.abort = null;
  if (abort === null)
    return rejectClosed(stream);
  if (abort.erroring) {
    reject(abort.promise, stream.error);
    return rejectClosed(stream);
  }
  var controller = stream.controller;
  var aborted = orResolved(controller.abort && controller.abort(abort.reason));
  clearAlgorithms(controller);
  performThen(aborted,
              function() {
                resolve(abort.promise, undefined);
                rejectClosed(stream);
              },
              function(error) {
                reject(abort.promise, error);
                rejectClosed(stream);
              });
}

function rejectClosed(stream) {
  if (stream.closing !== null)
    reject(stream.closing, stream.error);
  stream.closing = null;
  if (stream.writer !== null) {
    reject(stream.writer.closed, stream.error);
    stream.writer.closedPending = false;
    handled(stream.writer.closed);
  }
}

// The signal of a controller is made when script asks for it.
function signalAbort(controller, reason) {
  controller.aborted = true;
  controller.reason = reason;
  if (controller.signal !== null)
    lib.load('abort').signalAbort(controller.signal, reason);
}

// As the Streams specification has it (writable-stream-abort).
function abortStream(stream, reason) {
  if (stream.state === 'closed' || stream.state === 'errored')
    return support.resolved(undefined);
  signalAbort(stream.controller, reason);
  if (stream.state === 'closed' || stream.state === 'errored')
    return support.resolved(undefined);
  if (stream.abort !== null)
    return stream.abort.promise;
  var erroring = stream.state === 'erroring';
  var promise = newPromise();
  stream.abort = {promise: promise, reason: erroring ? undefined : reason, erroring: erroring};
  if (!erroring)
    startErroring(stream, reason);
  return promise;
}

// As the Streams specification has it (writable-stream-close).
function closeStream(stream) {
  if (stream.state === 'closed' || stream.state === 'errored')
    return support.rejected(new TypeError('The stream is closed already'));
  var promise = stream.closing = newPromise();
  if (stream.writer !== null && stream.pressure && stream.state === 'writable')
    resolveReady(stream.writer);
  support.enqueueValue(stream.controller, CLOSE, 0);
  advance(stream.controller);
  return promise;
}

function chunkSize(controller, chunk) {
  try {
    return support.sizeOf(controller, chunk);
  } catch (error) {
    errorIfNeeded(controller, error);
    return 1;
  }
}

// As the Streams specification has it (writable-stream-default-writer-write).
function write(writer, chunk) {
  var stream = writer.stream;
  var controller = stream.controller;
  var size = chunkSize(controller, chunk);
  if (stream !== writer.stream)
    return support.rejected(new TypeError('The writer was released'));
  if (stream.state === 'errored')
    return support.rejected(stream.error);
  if (isClosing(stream) || stream.state === 'closed')
    return support.rejected(new TypeError('The stream is closed'));
  if (stream.state === 'erroring')
    return support.rejected(stream.error);
  var promise = newPromise();
  support.append(stream.requests, {promise: promise, next: null});
  try {
    support.enqueueValue(controller, chunk, size);
  } catch (error) {
    errorIfNeeded(controller, error);
    return promise;
  }
  updatePressure(stream, hasPressure(controller));
  advance(controller);
  return promise;
}

// As the Streams specification has it (set-up-writable-stream-default-writer).
function initializeWriter(writer, stream) {
  if (stream.writer !== null)
    throw new TypeError('The stream is locked to a writer');
  writer.stream = stream;
  stream.writer = writer;
  var state = stream.state;
  var failed = state === 'errored' || state === 'erroring';
  setReady(writer, newPromise(), true);
  writer.closed = newPromise();
  writer.closedPending = true;
  if (failed)
    ensureReadyRejected(writer, stream.error);
  else if (state === 'closed' || isClosing(stream) || !stream.pressure)
    resolveReady(writer);
  if (state === 'closed') {
    resolve(writer.closed, undefined);
    writer.closedPending = false;
  } else if (state === 'errored') {
    ensureClosedRejected(writer, stream.error);
  }
  return writer;
}

function ensureClosedRejected(writer, error) {
  if (writer.closedPending)
    reject(writer.closed, error);
  else
    writer.closed = support.rejected(error);
  writer.closedPending = false;
  handled(writer.closed);
}

function acquire(stream) {
  return initializeWriter({
    is: lib.bit.writer,
    stream: null,
    ready: null,
    readyPending: false,
    closed: null,
    closedPending: false
  },
                          stream);
}

// As the Streams specification has it (writable-stream-default-writer-release).
function release(writer) {
  var error = new TypeError('The writer was released');
  ensureReadyRejected(writer, error);
  ensureClosedRejected(writer, error);
  writer.stream.writer = null;
  writer.stream = null;
}

// As the Streams specification has it
// (writable-stream-default-writer-close-with-error-propagation).
function closeWithErrorPropagation(stream) {
  if (isClosing(stream) || stream.state === 'closed')
    return support.resolved(undefined);
  return stream.state === 'errored' ? support.rejected(stream.error) : closeStream(stream);
}

// A stream of the platform; algorithms give a promise or undefined.
function create(algorithms, mark, size) {
  var object = lib.make(lib.writable.prototype, null);
  var stream = makeStream(object);
  object[$] = stream;
  setUp(stream, algorithms, mark, size);
  return object;
}

lib.writable = {
  controllerKind: {},
  makeStream: makeStream,
  setUp: setUp,
  isClosing: isClosing,
  desiredSize: desiredSize,
  errorIfNeeded: errorIfNeeded,
  abort: abortStream,
  close: closeStream,
  closeWithErrorPropagation: closeWithErrorPropagation,
  write: write,
  acquire: acquire,
  release: release,
  create: create,
};
host.load('writable_interfaces');
})(__host);
