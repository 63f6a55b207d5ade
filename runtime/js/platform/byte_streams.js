// SPDX-License-Identifier: MIT
// Readable byte streams: what their controller does. Names follow the abstract operations of
// Streams. A pull-into descriptor is {buffer, bufferSize, offset, size, filled, minimum,
// elementSize, constructor, type}.
(function(host) {
var lib = host.platform;
var support = lib.load('stream_support');
var streams = lib.load('streams');
var buffers = lib.load('buffers');
var append = support.append;
var shift = support.shift;
var READER = lib.bit.reader;

// As the Streams specification has it (set-up-readable-byte-stream-controller).
function setUp(stream, algorithms, mark, chunkSize) {
  var controller = {
    is: lib.bit.other,
    kind: support.byteControllerKind,
    steps: steps,
    stream: stream,
    queue: support.makeList(),
    total: 0,
    mark: mark,
    started: false,
    closing: false,
    pulling: false,
    again: false,
    pull: algorithms.pull,
    cancel: algorithms.cancel,
    chunkSize: chunkSize,
    pending: support.makeList(),
    request: null,
    object: null,
  };
  stream.controller = controller;
  controller.object = lib.make(lib.byte_streams.controllerPrototype, controller);
  streams.start(controller, algorithms, error);
  return controller;
}

function hasReader(stream, byob) {
  return stream.reader !== null && (stream.reader.is !== READER) === byob;
}

// As the Streams specification has it (readable-byte-stream-controller-should-call-pull).
function shouldPull(controller) {
  if (!streams.canCloseOrEnqueue(controller) || !controller.started)
    return false;
  return streams.requestCount(controller.stream) > 0 || controller.mark - controller.total > 0;
}

function pullIfNeeded(controller) {
  if (shouldPull(controller))
    streams.callPull(controller, pullIfNeeded, error);
}

function invalidateRequest(controller) {
  if (controller.request === null)
    return;
  controller.request.controller = undefined;
  controller.request.view = null;
  controller.request = null;
}

// As the Streams specification has it (readable-byte-stream-controller-error).
function error(controller, reason) {
  if (controller.stream.state !== 'readable')
    return;
  invalidateRequest(controller);
  controller.pending = support.makeList();
  support.resetQueue(controller);
  streams.clearAlgorithms(controller);
  streams.streamError(controller.stream, reason);
}

// As the Streams specification has it (readable-byte-stream-controller-close).
function close(controller) {
  if (!streams.canCloseOrEnqueue(controller))
    return;
  if (controller.total > 0) {
    controller.closing = true;
    return;
  }
  var first = controller.pending.first;
  if (first !== null && first.filled % first.elementSize !== 0) {
    var reason = new TypeError('The stream ends in the middle of an element');
    error(controller, reason);
    throw reason;
  }
  streams.clearAlgorithms(controller);
  streams.streamClose(controller.stream);
}

function convert(descriptor) {
  return new descriptor.constructor(buffers.transfer(descriptor.buffer), descriptor.offset,
                                    descriptor.filled / descriptor.elementSize);
}

// As the Streams specification has it
// (readable-byte-stream-controller-commit-pull-into-descriptor).
function commit(stream, descriptor) {
  var done = stream.state === 'closed';
  var view = convert(descriptor);
  var request = shift(stream.reader.requests);
  if (done)
    request.close(view);
  else
    request.chunk(view);
}

function commitAll(stream, filled) {
  for (var i = 0; i < filled.length; i++)
    commit(stream, filled[i]);
}

// As the Streams specification has it (readable-byte-stream-controller-enqueue).
function enqueue(controller, chunk) {
  var stream = controller.stream;
  if (!streams.canCloseOrEnqueue(controller))
    return;
  var view = buffers.describe(chunk);
  if (buffers.isDetached(view.buffer))
    throw new TypeError('The buffer of the chunk is detached');
  var buffer = buffers.transfer(view.buffer);
  var first = controller.pending.first;
  if (first !== null) {
    if (buffers.isDetached(first.buffer))
      throw new TypeError('The buffer of the pending request is detached');
    invalidateRequest(controller);
    first.buffer = buffers.transfer(first.buffer);
    if (first.type === 'none')
      enqueueDetached(controller, first);
  }
  if (hasReader(stream, false)) {
    fillReadRequests(controller);
    if (stream.reader.requests.size === 0) {
      enqueueChunk(controller, buffer, view.offset, view.size);
    } else {
      if (controller.pending.size > 0)
        shift(controller.pending);
      shift(stream.reader.requests).chunk(buffers.bytes(buffer, view.offset, view.size));
    }
  } else {
    enqueueChunk(controller, buffer, view.offset, view.size);
    if (hasReader(stream, true))
      commitAll(stream, fillPending(controller));
  }
  pullIfNeeded(controller);
}

// Bytes that nobody else has need no transfer.
function enqueueOwn(controller, chunk) {
  var reader = controller.stream.reader;
  if (controller.pending.size > 0 || controller.total > 0 || !hasReader(controller.stream, false) ||
      reader.requests.size === 0)
    return enqueue(controller, chunk);
  shift(reader.requests).chunk(chunk);
  return pullIfNeeded(controller);
}

function enqueueChunk(controller, buffer, offset, size) {
  append(controller.queue, {buffer: buffer, offset: offset, size: size, next: null});
  controller.total += size;
}

function enqueueClone(controller, buffer, offset, size) {
  var cloned;
  try {
    cloned = buffers.clone(buffer, offset, size);
  } catch (reason) {
    error(controller, reason);
    throw reason;
  }
  enqueueChunk(controller, cloned, 0, size);
}

function enqueueDetached(controller, descriptor) {
  if (descriptor.filled > 0)
    enqueueClone(controller, descriptor.buffer, descriptor.offset, descriptor.filled);
  shift(controller.pending);
}

// As the Streams specification has it
// (readable-byte-stream-controller-fill-pull-into-descriptor-from-queue).
function fill(controller, descriptor) {
  var left = Math.min(controller.total, descriptor.size - descriptor.filled);
  var most = descriptor.filled + left;
  var aligned = most - most % descriptor.elementSize;
  var ready = aligned >= descriptor.minimum;
  if (ready)
    left = aligned - descriptor.filled;
  while (left > 0) {
    var head = controller.queue.first;
    var count = head.size < left ? head.size : left;
    buffers.copy(descriptor.buffer, descriptor.offset + descriptor.filled, head.buffer, head.offset,
                 count);
    if (head.size === count) {
      shift(controller.queue);
    } else {
      head.offset += count;
      head.size -= count;
    }
    controller.total -= count;
    descriptor.filled += count;
    left -= count;
  }
  return ready;
}

// As the Streams specification has it
// (abstract-opdef-readablebytestreamcontrollerfillreadrequestfromqueue).
function fillReadRequest(controller, request) {
  var entry = shift(controller.queue);
  controller.total -= entry.size;
  handleDrain(controller);
  request.chunk(buffers.bytes(entry.buffer, entry.offset, entry.size));
}

function fillReadRequests(controller) {
  var reader = controller.stream.reader;
  while (reader.requests.size > 0 && controller.total > 0)
    fillReadRequest(controller, shift(reader.requests));
}

// As the Streams specification has it
// (readable-byte-stream-controller-process-pull-into-descriptors-using-queue).
function fillPending(controller) {
  var filled = [];
  while (controller.pending.size > 0 && controller.total > 0) {
    var descriptor = controller.pending.first;
    if (fill(controller, descriptor)) {
      shift(controller.pending);
      filled[filled.length] = descriptor;
    }
  }
  return filled;
}

function handleDrain(controller) {
  if (controller.total === 0 && controller.closing) {
    streams.clearAlgorithms(controller);
    streams.streamClose(controller.stream);
  } else {
    pullIfNeeded(controller);
  }
}

// As the Streams specification has it (readable-byte-stream-controller-get-byob-request).
function requestOf(controller) {
  var first = controller.pending.first;
  if (controller.request === null && first !== null) {
    controller.request = {
      is: lib.bit.other,
      kind: lib.byte_streams.requestKind,
      controller: controller,
      view: buffers.bytes(first.buffer, first.offset + first.filled, first.size - first.filled),
      object: null,
    };
    controller.request.object =
        lib.make(lib.byte_streams.requestPrototype, controller.request);
  }
  return controller.request === null ? null : controller.request.object;
}

// As the Streams specification has it (readable-byte-stream-controller-pull-into).
function pullInto(controller, view, minimum, request) {
  var stream = controller.stream;
  var parts = buffers.describe(view);
  var descriptor = {
    buffer: null,
    bufferSize: 0,
    offset: parts.offset,
    size: parts.size,
    filled: 0,
    minimum: minimum * parts.elementSize,
    elementSize: parts.elementSize,
    constructor: parts.constructor,
    type: 'byob',
    next: null,
  };
  try {
    descriptor.buffer = buffers.transfer(parts.buffer);
  } catch (reason) {
    return request.error(reason);
  }
  descriptor.bufferSize = buffers.sizeOf(descriptor.buffer);
  if (controller.pending.size > 0) {
    append(controller.pending, descriptor);
    append(stream.reader.requests, request);
    return undefined;
  }
  if (stream.state === 'closed')
    return request.close(new descriptor.constructor(descriptor.buffer, descriptor.offset, 0));
  if (controller.total > 0) {
    if (fill(controller, descriptor)) {
      var filledView = convert(descriptor);
      handleDrain(controller);
      return request.chunk(filledView);
    }
    if (controller.closing) {
      var reason = new TypeError('The stream ends in the middle of an element');
      error(controller, reason);
      return request.error(reason);
    }
  }
  append(controller.pending, descriptor);
  append(stream.reader.requests, request);
  return pullIfNeeded(controller);
}

function respondClosed(controller, first) {
  if (first.type === 'none')
    shift(controller.pending);
  var stream = controller.stream;
  if (!hasReader(stream, true))
    return;
  var filled = [];
  while (filled.length < stream.reader.requests.size)
    filled[filled.length] = shift(controller.pending);
  commitAll(stream, filled);
}

function respondReadable(controller, count, descriptor) {
  descriptor.filled += count;
  if (descriptor.type === 'none') {
    enqueueDetached(controller, descriptor);
    return commitAll(controller.stream, fillPending(controller));
  }
  if (descriptor.filled < descriptor.minimum)
    return undefined;
  shift(controller.pending);
  var rest = descriptor.filled % descriptor.elementSize;
  if (rest > 0)
    enqueueClone(controller, descriptor.buffer, descriptor.offset + descriptor.filled - rest, rest);
  descriptor.filled -= rest;
  var filled = fillPending(controller);
  commit(controller.stream, descriptor);
  return commitAll(controller.stream, filled);
}

// As the Streams specification has it (readable-byte-stream-controller-respond-internal).
function respondInternal(controller, count) {
  var first = controller.pending.first;
  invalidateRequest(controller);
  if (controller.stream.state === 'closed')
    respondClosed(controller, first);
  else
    respondReadable(controller, count, first);
  pullIfNeeded(controller);
}

function checkCount(controller, first, count) {
  if (controller.stream.state === 'closed') {
    if (count !== 0)
      throw new TypeError('The stream is closed: there is nothing to respond with');
  } else if (count === 0) {
    throw new TypeError('There has to be something to respond with');
  }
}

// As the Streams specification has it (readable-byte-stream-controller-respond).
function respond(controller, count) {
  var first = controller.pending.first;
  checkCount(controller, first, count);
  if (first.filled + count > first.size)
    throw new RangeError('More bytes were written than there is room for');
  first.buffer = buffers.transfer(first.buffer);
  respondInternal(controller, count);
}

// As the Streams specification has it (readable-byte-stream-controller-respond-with-new-view).
function respondWithView(controller, view) {
  var first = controller.pending.first;
  var parts = buffers.describe(view);
  checkCount(controller, first, parts.size);
  if (first.offset + first.filled !== parts.offset)
    throw new RangeError('The view does not begin where the request does');
  if (first.bufferSize !== buffers.sizeOf(parts.buffer))
    throw new RangeError('The buffer of the view has another size');
  if (first.filled + parts.size > first.size)
    throw new RangeError('The view is longer than the request');
  first.buffer = buffers.transfer(parts.buffer);
  respondInternal(controller, parts.size);
}

var steps = {
  pull: function(controller, request) {
    var stream = controller.stream;
    if (controller.total > 0)
      return fillReadRequest(controller, request);
    var size = controller.chunkSize;
    if (size !== undefined) {
      try {
        var buffer = buffers.allocate(size);
      } catch (reason) {
        return request.error(reason);
      }
      append(controller.pending, {
        buffer: buffer,
        bufferSize: size,
        offset: 0,
        size: size,
        filled: 0,
        minimum: 1,
        elementSize: 1,
        constructor: buffers.Bytes,
        type: 'default',
        next: null,
      });
    }
    append(stream.reader.requests, request);
    return pullIfNeeded(controller);
  },
  cancel: function(controller, reason) {
    invalidateRequest(controller);
    controller.pending = support.makeList();
    support.resetQueue(controller);
    var cancel = controller.cancel;
    streams.clearAlgorithms(controller);
    return streams.cancelled(cancel, reason);
  },
  // What the reader asked for stays, for nobody.
  release: function(controller) {
    var first = controller.pending.first;
    if (first === null)
      return;
    first.type = 'none';
    controller.pending = support.makeList();
    append(controller.pending, first);
  },
  pullIfNeeded: pullIfNeeded,
  enqueue: enqueue,
  close: close,
  error: error,
};

lib.byte_streams = {
  requestKind: {},
  setUp: setUp,
  enqueue: enqueue,
  enqueueOwn: enqueueOwn,
  close: close,
  error: error,
  requestOf: requestOf,
  pullInto: pullInto,
  respond: respond,
  respondWithView: respondWithView,
};
host.load('byte_interfaces');
})(__host);
