// SPDX-License-Identifier: MIT
// What readable streams do, with the default controller and reader. Names follow the abstract
// operations of Streams; `stream`, `controller` and `reader` are state objects, not what script
// holds. A controller's `steps` are its internal methods; a byte controller has others.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var support = lib.load('stream_support');
var STREAM = lib.bit.stream;
var READER = lib.bit.reader;
var newPromise = host.newPromise;
var resolve = host.resolvePromise;
var reject = host.rejectPromise;
var performThen = host.performThen;
var handled = support.handled;
var append = support.append;
var shift = support.shift;

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

// As the Streams specification has it (set-up-readable-stream-default-controller). `started` is a
// promise, or undefined when there is nothing to wait for.
function setUp(stream, algorithms, mark, size) {
  var controller = {
    is: lib.bit.other,
    kind: support.controllerKind,
    steps: defaultSteps,
    stream: stream,
    queue: support.makeList(),
    total: 0,
    mark: mark,
    size: size,
    started: false,
    closing: false,
    pulling: false,
    again: false,
    pull: algorithms.pull,
    cancel: algorithms.cancel,
    object: null,
  };
  stream.controller = controller;
  controller.object = lib.make(lib.streams.controllerPrototype, controller);
  start(controller, algorithms, controllerError);
  return controller;
}

function start(controller, algorithms, fail) {
  var begin = algorithms.start;
  var result = begin === undefined ? undefined : begin(controller.object);
  performThen(support.resolved(result),
              function() {
                controller.started = true;
                controller.steps.pullIfNeeded(controller);
              },
              function(error) { fail(controller, error); });
}

function isLocked(stream) { return stream.reader !== null; }

function requestCount(stream) { return stream.reader === null ? 0 : stream.reader.requests.size; }

function desiredSize(controller) {
  var state = controller.stream.state;
  if (state === 'errored')
    return null;
  return state === 'closed' ? 0 : controller.mark - controller.total;
}

function canCloseOrEnqueue(controller) {
  return !controller.closing && controller.stream.state === 'readable';
}

// As the Streams specification has it (readable-stream-default-controller-should-call-pull).
function shouldPull(controller) {
  if (!canCloseOrEnqueue(controller) || !controller.started)
    return false;
  return requestCount(controller.stream) > 0 || controller.mark - controller.total > 0;
}

// As the Streams specification has it (readable-stream-default-controller-call-pull-if-needed).
function pullIfNeeded(controller) {
  if (shouldPull(controller))
    callPull(controller, pullIfNeeded, controllerError);
}

function callPull(controller, next, fail) {
  if (controller.pulling) {
    controller.again = true;
    return;
  }
  controller.pulling = true;
  var pulled = controller.pull === undefined ? undefined : controller.pull(controller.object);
  performThen(pulled === undefined ? support.resolved(undefined) : pulled,
              function() {
                controller.pulling = false;
                if (controller.again) {
                  controller.again = false;
                  next(controller);
                }
              },
              function(error) { fail(controller, error); });
}

function clearAlgorithms(controller) {
  controller.pull = controller.cancel = controller.size = undefined;
}

// As the Streams specification has it (readable-stream-default-controller-error).
function controllerError(controller, error) {
  if (controller.stream.state !== 'readable')
    return;
  support.resetQueue(controller);
  clearAlgorithms(controller);
  streamError(controller.stream, error);
}

// As the Streams specification has it (readable-stream-default-controller-close).
function controllerClose(controller) {
  if (!canCloseOrEnqueue(controller))
    return;
  controller.closing = true;
  if (controller.queue.size === 0) {
    clearAlgorithms(controller);
    streamClose(controller.stream);
  }
}

// As the Streams specification has it (readable-stream-default-controller-enqueue).
function controllerEnqueue(controller, chunk) {
  if (!canCloseOrEnqueue(controller))
    return;
  if (requestCount(controller.stream) > 0) {
    shift(controller.stream.reader.requests).chunk(chunk);
  } else {
    try {
      support.enqueueValue(controller, chunk, support.sizeOf(controller, chunk));
    } catch (error) {
      controllerError(controller, error);
      throw error;
    }
  }
  pullIfNeeded(controller);
}

function pullSteps(controller, request) {
  if (controller.queue.size === 0) {
    append(controller.stream.reader.requests, request);
    pullIfNeeded(controller);
    return;
  }
  var chunk = support.dequeueValue(controller);
  if (controller.closing && controller.queue.size === 0) {
    clearAlgorithms(controller);
    streamClose(controller.stream);
  } else {
    pullIfNeeded(controller);
  }
  request.chunk(chunk);
}

function cancelSteps(controller, reason) {
  support.resetQueue(controller);
  var cancel = controller.cancel;
  clearAlgorithms(controller);
  return cancelled(cancel, reason);
}

function cancelled(cancel, reason) {
  var promise = cancel === undefined ? undefined : cancel(reason);
  return promise === undefined ? support.resolved(undefined) : promise;
}

var defaultSteps = {
  pull: pullSteps,
  cancel: cancelSteps,
  release: support.nothing,
  pullIfNeeded: pullIfNeeded,
  enqueue: controllerEnqueue,
  close: controllerClose,
  error: controllerError,
};

// As the Streams specification has it (readable-stream-close).
function streamClose(stream) {
  stream.state = 'closed';
  var reader = stream.reader;
  if (reader === null)
    return;
  resolve(reader.closed, undefined);
  if (reader.is !== READER)
    return;
  var requests = reader.requests;
  reader.requests = support.makeList();
  while (requests.size > 0)
    shift(requests).close();
}

// As the Streams specification has it (readable-stream-error).
function streamError(stream, error) {
  stream.state = 'errored';
  stream.error = error;
  var reader = stream.reader;
  if (reader === null)
    return;
  reject(reader.closed, error);
  handled(reader.closed);
  errorRequests(reader, error);
}

function errorRequests(reader, error) {
  var requests = reader.requests;
  reader.requests = support.makeList();
  while (requests.size > 0)
    shift(requests).error(error);
}

// As the Streams specification has it (readable-stream-cancel).
function streamCancel(stream, reason) {
  stream.disturbed = true;
  if (stream.state === 'closed')
    return support.resolved(undefined);
  if (stream.state === 'errored')
    return support.rejected(stream.error);
  streamClose(stream);
  var reader = stream.reader;
  if (reader !== null && reader.is !== READER) {
    var requests = reader.requests;
    reader.requests = support.makeList();
    while (requests.size > 0)
      shift(requests).close(undefined);
  }
  return support.then(stream.controller.steps.cancel(stream.controller, reason), support.nothing);
}

// As the Streams specification has it (readable-stream-default-reader-read).
function read(reader, request) {
  var stream = reader.stream;
  stream.disturbed = true;
  if (stream.state === 'closed')
    request.close();
  else if (stream.state === 'errored')
    request.error(stream.error);
  else
    stream.controller.steps.pull(stream.controller, request);
}

// As the Streams specification has it (readable-stream-reader-generic-initialize).
function initializeReader(reader, stream) {
  if (isLocked(stream))
    throw new TypeError('The stream is locked to a reader');
  reader.stream = stream;
  reader.requests = support.makeList();
  reader.closed = newPromise();
  stream.reader = reader;
  if (stream.state === 'closed') {
    resolve(reader.closed, undefined);
  } else if (stream.state === 'errored') {
    reject(reader.closed, stream.error);
    handled(reader.closed);
  }
  return reader;
}

function acquire(stream) {
  return initializeReader({is: READER, stream: null, requests: null, closed: null}, stream);
}

// As the Streams specification has it (abstract-opdef-readablestreamdefaultreaderrelease), for both
// kinds of readers.
function release(reader) {
  var stream = reader.stream;
  var error = new TypeError('The reader was released');
  if (stream.state !== 'readable')
    reader.closed = newPromise();
  reject(reader.closed, error);
  handled(reader.closed);
  stream.controller.steps.release(stream.controller);
  stream.reader = null;
  reader.stream = null;
  errorRequests(reader, error);
}

// A stream of the platform. `start`, `pull` and `cancel` give a promise or undefined; `pull` gets
// the controller's object.
function create(start, pull, cancel, mark, size) {
  var object = lib.make(lib.streams.prototype, null);
  var stream = makeStream(object);
  object[$] = stream;
  setUp(stream, {start: start, pull: pull, cancel: cancel}, mark, size);
  return object;
}

lib.streams = {
  makeStream: makeStream,
  setUp: setUp,
  start: start,
  callPull: callPull,
  clearAlgorithms: clearAlgorithms,
  canCloseOrEnqueue: canCloseOrEnqueue,
  shouldPull: shouldPull,
  cancelled: cancelled,
  isLocked: isLocked,
  requestCount: requestCount,
  desiredSize: desiredSize,
  streamClose: streamClose,
  streamError: streamError,
  cancel: streamCancel,
  read: read,
  initializeReader: initializeReader,
  acquire: acquire,
  release: release,
  create: create,
  // Whatever kind of controller it is.
  enqueue: function(controller, chunk) { controller.steps.enqueue(controller, chunk); },
  close: function(controller) { controller.steps.close(controller); },
  fail: function(controller, error) { controller.steps.error(controller, error); },
  unusable: function(object) { return object[$].disturbed || isLocked(object[$]); },
  disturbed: function(object) { return object[$].disturbed; },
  error: function(object, reason) { lib.streams.fail(object[$].controller, reason); },
};
host.load('readable');
host.load('stream_bodies');
})(__host);
