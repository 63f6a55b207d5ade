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

  // The list of things to transfer, and the ports in it.
  function transferred(argument, source) {
    var list = argument;
    if (!lib.isObject(argument) || typeof argument[Symbol.iterator] !== 'function')
      list = lib.dictionary(argument, 'postMessage').transfer;
    list = list === undefined ? [] : lib.sequence(list, 'transfer');
    list.forEach(function (item, at) {
      if (!isPort(item) && !(item instanceof ArrayBuffer))
        lib.throwDom('DataCloneError', 'A value of the transfer list cannot be transferred');
      if (item === source || list.indexOf(item) !== at || (isPort(item) && item[$].detached))
        lib.throwDom('DataCloneError', 'A port of the transfer list cannot be transferred');
    });
    return list.filter(isPort);
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
    // Deviation: ArrayBuffers of the transfer list are copied, the heap cannot detach them; and a
    // port can be transferred but not be part of the message.
    postMessage(message) {
      var state = portState(this);
      lib.need(arguments, 1, 'MessagePort.postMessage');
      var ports = transferred(arguments[1], this);
      var data = host.structuredClone(message);
      var moved = ports.map(move);
      if (state.other === null)
        return;
      var sender = this;
      state.other[$].waiting.push({data: data, ports: freeze(moved)});
      var target = state.other;
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
  };
});
