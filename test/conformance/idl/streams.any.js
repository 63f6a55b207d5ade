// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long
// META: script=stream_controllers.js

var dependencies = ['dom'];
idl_test(['streams'], dependencies, function(idl) {
  var objects = {
    ReadableStream: ['new ReadableStream()'],
    ReadableStreamDefaultReader: ['new ReadableStream().getReader()'],
    ReadableStreamBYOBReader: ["new ReadableStream({type: 'bytes'}).getReader({mode: 'byob'})"],
    ReadableStreamDefaultController: ['idl_controller()'],
    ReadableByteStreamController: ["idl_controller('bytes')"],
    WritableStream: ['new WritableStream()'],
    WritableStreamDefaultWriter: ['new WritableStream().getWriter()'],
    WritableStreamDefaultController: ['idl_sink_controller()'],
    TransformStream: ['new TransformStream()'],
    TransformStreamDefaultController: ['idl_transformer_controller()'],
    ByteLengthQueuingStrategy: ['new ByteLengthQueuingStrategy({highWaterMark: 5})'],
    CountQueuingStrategy: ['new CountQueuingStrategy({highWaterMark: 5})'],
  };
  var scope = 'ServiceWorkerGlobalScope' in self ? 'ServiceWorkerGlobalScope'
                                                : 'DedicatedWorkerGlobalScope';
  objects[scope] = ['self'];
  idl.add_objects(objects);
});
