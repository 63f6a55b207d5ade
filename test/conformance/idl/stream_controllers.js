// SPDX-License-Identifier: MIT
// Controllers are only given to the methods of a source, sink or transformer.
function idl_controller(type) {
  var found;
  new ReadableStream({type: type, start: function(controller) { found = controller; }});
  return found;
}

function idl_sink_controller() {
  var found;
  new WritableStream({start: function(controller) { found = controller; }});
  return found;
}

function idl_transformer_controller() {
  var found;
  new TransformStream({start: function(controller) { found = controller; }});
  return found;
}
