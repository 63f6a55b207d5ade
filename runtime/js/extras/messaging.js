// SPDX-License-Identifier: MIT
// MessageChannel, MessagePort and BroadcastChannel within one worker.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var CHANNEL = {};
  var PORT = {};
  var BROADCAST = {};
  lib.load('messages');
  var MessageEvent = lib.global.MessageEvent;
  var freeze = Object.freeze;
  // Open BroadcastChannels by name.
  var channels = Object.create(null);

  function portState(object) {
    var state = lib.of(object, lib.bit.target);
    if (state.kind !== PORT)
      throw new TypeError('Illegal invocation');
    return state;
  }

  function broadcastState(object) {
    var state = lib.of(object, lib.bit.target);
    if (state.kind !== BROADCAST)
      throw new TypeError('Illegal invocation');
    return state;
  }

  function fire(target, init) {
    var event = new MessageEvent('message', init);
    event[$].trusted = true;
    lib.dispatch(target, event);
  }

  // -- Ports. A message goes to whatever port is at the other end when its task runs.

  function makePort() {
    return lib.make(MessagePort.prototype, {
      is: lib.bit.target, kind: PORT, listeners: [], handlers: null, other: null, waiting: [],
      started: false, detached: false,
    });
  }

  function entangle(left, right) {
    left[$].other = right;
    right[$].other = left;
  }

  function isPort(value) {
    return lib.isA(value, lib.bit.target) && value[$].kind === PORT;
  }

  // The second argument of postMessage: a sequence, or a dictionary with one.
  function transferList(argument) {
    if (argument === undefined || argument === null)
      return [];
    var isSequence = lib.isObject(argument) && lib.isIterable(argument);
    var list = isSequence ? argument : lib.dictionary(argument, 'postMessage').transfer;
    return list === undefined ? [] : lib.sequence(list, 'transfer');
  }

  // A new object takes the place of the port.
  function move(port) {
    var state = port[$];
    var moved = makePort();
    moved[$].waiting = state.waiting;
    if (state.other !== null)
      entangle(moved, state.other);
    state.other = null;
    state.waiting = [];
    state.detached = true;
    return moved;
  }

  // Messages that wait are delivered one for each task, so that their order among tasks holds.
  function deliver(port) {
    var state = port[$];
    if (!state.started || state.waiting.length === 0)
      return;
    var message = state.waiting.shift();
    fire(port, {data: message.data, ports: message.ports});
  }

  function start(port) {
    var state = portState(port);
    if (state.started)
      return;
    state.started = true;
    state.waiting.forEach(function () { natives.postTask(function () { deliver(port); }); });
  }

  var MessagePort = idl.makeAbstract('MessagePort', {
    postMessage(message) {
      var state = portState(this);
      lib.need(arguments, 1, 'MessagePort.postMessage');
      var list = transferList(arguments[1]);
      var target = state.other;
      var doomed = target !== null && list.indexOf(target) >= 0;
      var sent = lib.load('transfer').run(message, list, this);
      if (target === null || doomed)
        return;
      var sender = this;
      target[$].waiting.push({data: sent.value, ports: freeze(sent.received.filter(isPort))});
      if (target[$].started)
        natives.postTask(function () { deliver(target[$].detached ? sender[$].other : target); });
    },
    start() { start(this); },
    close() {
      var state = portState(this);
      state.detached = true;
      if (state.other !== null)
        state.other[$].other = null;
      state.other = null;
    },
    get onmessage() { return lib.handlerOf(portState(this), 'message'); },
    set onmessage(value) {
      lib.setHandler(portState(this), 'message', value);
      start(this);
    },
  }, lib.EventTarget);
  lib.handlers(MessagePort.prototype, ['messageerror', 'close']);

  function MessageChannel() {
    lib.constructing(new.target, 'MessageChannel');
    var ports = [makePort(), makePort()];
    entangle(ports[0], ports[1]);
    this[$] = {is: lib.bit.other, kind: CHANNEL, ports: ports};
  }
  idl.make('MessageChannel', MessageChannel, {
    get port1() { return idl.stateOf(this, CHANNEL).ports[0]; },
    get port2() { return idl.stateOf(this, CHANNEL).ports[1]; },
  });

  // -- Broadcasting

  function BroadcastChannel(name) {
    lib.constructing(new.target, 'BroadcastChannel');
    lib.need(arguments, 1, 'BroadcastChannel');
    name = idl.string(name);
    this[$] = {
      is: lib.bit.target, kind: BROADCAST, listeners: [], handlers: null, name: name,
      closed: false,
    };
    channels[name] = channels[name] || [];
    channels[name].push(this);
  }

  function leave(channel, state) {
    var left = channels[state.name].filter(function (other) { return other !== channel; });
    if (left.length > 0)
      channels[state.name] = left;
    else
      delete channels[state.name];
  }

  idl.make('BroadcastChannel', BroadcastChannel, {
    get name() { return broadcastState(this).name; },
    postMessage(message) {
      var state = broadcastState(this);
      lib.need(arguments, 1, 'BroadcastChannel.postMessage');
      if (state.closed)
        lib.throwDom('InvalidStateError', 'The channel is closed');
      var sender = this;
      var origin = lib.info ? lib.info.origin : '';
      var others = channels[state.name].filter(function (other) { return other !== sender; });
      host.structuredClone(message);
      others.forEach(function (other) {
        var data = host.structuredClone(message);
        natives.postTask(function () {
          if (!other[$].closed)
            fire(other, {data: data, origin: origin});
        });
      });
    },
    close() {
      var state = broadcastState(this);
      if (!state.closed)
        leave(this, state);
      state.closed = true;
    },
  }, lib.EventTarget);
  lib.handlers(BroadcastChannel.prototype, ['message', 'messageerror']);

  return {
    MessageChannel: MessageChannel, MessagePort: MessagePort, BroadcastChannel: BroadcastChannel,
    isPort: isPort, move: move, isDetached: function (port) { return port[$].detached; },
    postTask: natives.postTask,
  };
});
