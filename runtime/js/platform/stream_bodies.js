// SPDX-License-Identifier: MIT
// How bodies become streams and streams bodies.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var streams = lib.streams;
var support = lib.stream_support;
var acquire = streams.acquire;
var read = streams.read;

// A stream of a body that was none so far.
function adopt(body) {
  var rest = body.text !== undefined ? host.encodeUtf8(body.text) : body.bytes;
  var source = body.source;
  body.text = body.bytes = body.source = undefined;
  body.adopted = source;
  var bytes = lib.load('byte_streams');
  if (source === undefined)
    body.stream = bytes.create(function(object) {
      if (rest && rest.length)
        bytes.enqueueOwn(object[$], host.copyBytes(rest));
      rest = null;
      end(object[$]);
    }, undefined);
  else
    body.stream = bytes.create(function(object) { return pullSource(source, object[$]); },
                               function() { host.cancelSource(source); });
  if (body.used) {
    acquire(body.stream[$]);
    streams.cancel(body.stream[$]);
    body.used = false;
  }
  return body.stream;
}

// A request for bytes that waits at the end is answered with none.
function end(controller) {
  streams.close(controller);
  if (controller.pending.size > 0 && controller.stream.state === 'closed')
    lib.byte_streams.respond(controller, 0);
}

function pullSource(source, controller) {
  var promise = host.newPromise();
  host.pull(source, function(bytes, name, message, last) {
    if (name !== undefined) {
      host.rejectPromise(promise, lib.failure(name, message));
      return;
    }
    if (bytes.length)
      lib.byte_streams.enqueueOwn(controller, bytes);
    host.resolvePromise(promise, undefined);
    if (last)
      end(controller);
    else if (!bytes.length)
      controller.again = true;
  });
  return promise;
}

function notBytes() { return new TypeError('A chunk of the body is not a Uint8Array'); }

function readChunks(object, take, done, failed) {
  var reader = acquire(object[$]);
  var isBytes = lib.load('buffers').isBytes;
  function next() {
    read(reader, {
      chunk: function(chunk) {
        if (!isBytes(chunk)) {
          streams.cancel(reader.stream, notBytes());
          return failed(notBytes());
        }
        take(chunk);
        lib.microtask(next);
      },
      close: done,
      error: failed,
      next: null,
    });
  }
  next();
}

function readAll(object, done, failed) {
  var parts = [];
  var size = 0;
  readChunks(
      object,
      function(chunk) {
        parts[parts.length] = chunk;
        size += chunk.length;
      },
      function() { done(join(parts, size)); }, failed);
}

function join(parts, size) {
  if (parts.length === 1)
    return parts[0];
  return lib.buffers.join(parts, size);
}

// Cancels a stream that the platform itself may be reading.
function abandon(object, reason) {
  if (object[$].state === 'readable')
    support.handled(streams.cancel(object[$], reason));
}

// How the native side reads a stream of script.
function makePump(object, number) {
  var reader = acquire(object[$]);
  var isBytes = lib.load('buffers').isBytes;
  return {
    read: function() {
      read(reader, {
        chunk: function(chunk) {
          if (isBytes(chunk))
            return host.pumped(number, chunk, false);
          streams.cancel(reader.stream, notBytes());
          host.pumped(number, undefined, true, notBytes().message);
        },
        close: function() { host.pumped(number, undefined, true); },
        error: function(error) { host.pumped(number, undefined, true, host.describe(error)); },
        next: null,
      });
    },
    cancel: function() { support.handled(streams.cancel(reader.stream)); },
  };
}

// A stream that takes what is left of another.
function proxy(object) {
  var reader = acquire(object[$]);
  return streams.create(undefined,
                        function(other) {
                          var promise = host.newPromise();
                          read(reader, {
                            chunk: function(chunk) {
                              streams.enqueue(other[$], chunk);
                              host.resolvePromise(promise, undefined);
                            },
                            close: function() {
                              streams.close(other[$]);
                              host.resolvePromise(promise, undefined);
                            },
                            error: function(error) { host.rejectPromise(promise, error); },
                            next: null,
                          });
                          return promise;
                        },
                        function(reason) { return streams.cancel(reader.stream, reason); }, 0);
}

streams.abandon = abandon;
streams.adopt = adopt;
streams.readAll = readAll;
streams.readChunks = readChunks;
streams.makePump = makePump;
streams.proxy = proxy;
streams.tee = function(object) {
  var branches = lib.load('tee').run(object[$], true);
  return [branches[0].object, branches[1].object];
};
lib.stream_bodies = {};
})(__host);
