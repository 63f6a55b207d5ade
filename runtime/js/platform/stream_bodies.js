// SPDX-License-Identifier: MIT
// How bodies become streams and streams bodies.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var streams = lib.streams;
var acquire = streams.acquire;
var read = streams.read;
var streamCancel = streams.cancel;
var create = streams.create;
var controllerEnqueue = streams.enqueue;
var controllerClose = streams.close;
var handled = streams.handled;

function nothing() {}

// A stream of a body that was none so far.
function adopt(body) {
  var rest = body.text !== undefined ? host.encodeUtf8(body.text) : body.bytes;
  var source = body.source;
  body.text = body.bytes = body.source = undefined;
  body.adopted = source;
  if (source === undefined)
    body.stream = create(nothing, function(controller) {
      if (rest && rest.length)
        controllerEnqueue(controller[$], host.copyBytes(rest));
      rest = null;
      controllerClose(controller[$]);
    }, nothing, 0);
  else
    body.stream =
        create(nothing, function(controller) { return pullSource(source, controller[$]); },
               function() { host.cancelSource(source); }, 0);
  if (body.used) {
    streamCancel(body.stream[$]);
    body.used = false;
  }
  return body.stream;
}

function pullSource(source, controller) {
  var promise = host.newPromise();
  host.pull(source, function(bytes, name, message, last) {
    if (name !== undefined) {
      lib.reject(promise, lib.failure(name, message));
      return;
    }
    if (bytes.length)
      controllerEnqueue(controller, bytes);
    lib.resolve(promise, undefined);
    if (last)
      controllerClose(controller);
    else if (!bytes.length)
      controller.again = true;
  });
  return promise;
}

function notBytes() { return new TypeError('A chunk of the body is not a Uint8Array'); }

function readAll(object, done, failed) {
  var reader = acquire(object[$]);
  var parts = [];
  var size = 0;
  function next() {
    read(reader, {
      chunk: function(chunk) {
        if (!(chunk instanceof Uint8Array)) {
          streamCancel(reader.stream, notBytes());
          return failed(notBytes());
        }
        parts.push(chunk);
        size += chunk.length;
        lib.microtask(next);
      },
      close: function() { done(join(parts, size)); },
      error: failed,
    });
  }
  next();
}

function join(parts, size) {
  if (parts.length === 1)
    return parts[0];
  var all = new Uint8Array(size);
  var at = 0;
  parts.forEach(function(part) {
    all.set(part, at);
    at += part.length;
  });
  return all;
}

// Cancels a stream that the platform itself may be reading.
function abandon(object, reason) {
  if (object[$].state === 'readable')
    handled(streamCancel(object[$], reason));
}

// How the native side reads a stream of script.
function makePump(object, number) {
  var reader = acquire(object[$]);
  return {
    read: function() {
      read(reader, {
        chunk: function(chunk) {
          if (chunk instanceof Uint8Array)
            return host.pumped(number, chunk, false);
          streamCancel(reader.stream, notBytes());
          host.pumped(number, undefined, true, notBytes().message);
        },
        close: function() { host.pumped(number, undefined, true); },
        error: function(error) { host.pumped(number, undefined, true, host.describe(error)); },
      });
    },
    cancel: function() { handled(streamCancel(reader.stream)); },
  };
}

streams.abandon = abandon;
streams.adopt = adopt;
streams.readAll = readAll;
streams.makePump = makePump;
lib.stream_bodies = {};
})(__host);
