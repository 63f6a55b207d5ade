// SPDX-License-Identifier: MIT
// Messages, pushes and syncs.
(function(host) {
var lib = host.platform;
var of = lib.of;
var EVENT = lib.bit.event;
var EXTENDABLE = lib.bit.extendable;
var MESSAGE = lib.bit.messageEvent;
var PUSH = lib.bit.pushEvent;

function string(value) { return value === undefined ? '' : lib.string(value); }

// The members of both kinds of message events, read in the order of Web IDL.
function messageState(state, init) {
  state.data = init.data === undefined ? null : init.data;
  state.lastEventId = string(init.lastEventId);
  state.origin = string(init.origin);
  state.ports = portsOf(init.ports);
  state.source = sourceOf(init.source);
}

function portsOf(given) {
  var ports = given === undefined ? [] : lib.sequence(given, 'ports');
  for (var i = 0; i < ports.length; i++)
    if (!lib.extra('messaging').isPort(ports[i]))
      throw new TypeError('One of the ports is not a MessagePort');
  return Object.freeze(ports);
}

function sourceOf(given) {
  if (given === undefined || given === null)
    return null;
  if (!lib.isA(given, lib.bit.client | lib.bit.worker) && !lib.extra('messaging').isPort(given))
    throw new TypeError('The source is nothing that sends messages');
  return given;
}

var members = {
  get data() { return of(this, MESSAGE).data; },
  get origin() { return of(this, MESSAGE).origin; },
  get lastEventId() { return of(this, MESSAGE).lastEventId; },
  get source() { return of(this, MESSAGE).source; },
  get ports() { return of(this, MESSAGE).ports; },
};

function withMembers(target) {
  Object.keys(members).forEach(function(
      key) { Object.defineProperty(target, key, Object.getOwnPropertyDescriptor(members, key)); });
  return target;
}

// As the ServiceWorker specification has it (extendablemessage-event-interface).
function ExtendableMessageEvent(type, init) {
  var state = lib.construct(this, new.target, arguments, 'ExtendableMessageEvent',
                            EVENT | EXTENDABLE | MESSAGE);
  messageState(state, lib.dictionary(init, 'ExtendableMessageEvent'));
}
Object.defineProperty(ExtendableMessageEvent, 'length', {value: 1});
lib.expose('ExtendableMessageEvent', ExtendableMessageEvent, withMembers({}), lib.ExtendableEvent);

// As the HTML specification has it (messageevent).
function MessageEvent(type, init) {
  var state = lib.construct(this, new.target, arguments, 'MessageEvent', EVENT | MESSAGE);
  messageState(state, lib.dictionary(init, 'MessageEvent'));
}
Object.defineProperty(MessageEvent, 'length', {value: 1});
lib.expose('MessageEvent', MessageEvent, withMembers({
             initMessageEvent(type) {
               var state = of(this, MESSAGE);
               var given = arguments;
               lib.need(given, 1, 'initMessageEvent');
               var init = {
                 data: given[3],
                 origin: given[4],
                 lastEventId: given[5],
                 source: given[6],
                 ports: given[7],
               };
               if (state.dispatching)
                 return;
               lib.initEvent(state, given, 'initMessageEvent');
               messageState(state, init);
             },
           }),
           lib.Event);

// As the Push specification has it (pushmessagedata-interface).
function PushMessageData() { lib.illegal(); }
lib.expose('PushMessageData', PushMessageData, {
  arrayBuffer() { return host.copyBytes(of(this, PUSH).bytes).buffer; },
  blob() { return lib.load('blob').make(host.copyBytes(of(this, PUSH).bytes), ''); },
  bytes() { return host.copyBytes(of(this, PUSH).bytes); },
  json() { return JSON.parse(host.decodeUtf8(of(this, PUSH).bytes)); },
  text() { return host.decodeUtf8(of(this, PUSH).bytes); },
});

function dataOf(bytes) {
  return bytes === null ? null : lib.make(PushMessageData.prototype, {is: PUSH, bytes: bytes});
}

// As the Push specification has it (pushevent-interface).
function PushEvent(type, init) {
  init = lib.dictionary(init, 'PushEvent');
  var state = lib.construct(this, new.target, arguments, 'PushEvent', EVENT | EXTENDABLE | PUSH);
  state.data = init.data === undefined
                   ? null
                   : dataOf(typeof init.data === 'string' ? host.encodeUtf8(init.data)
                                                          : host.copyBytes(init.data) || null);
}
Object.defineProperty(PushEvent, 'length', {value: 1});
lib.expose('PushEvent', PushEvent, {
  get data() { return of(this, PUSH).data; },
},
           lib.ExtendableEvent);

// As the BackgroundSync specification has it (sync-event).
function SyncEvent(type, init) {
  init = lib.dictionary(init, 'SyncEvent');
  lib.need(arguments, 2, 'SyncEvent');
  if (init.tag === undefined)
    throw new TypeError('SyncEvent: init.tag is missing');
  var state = lib.construct(this, new.target, arguments, 'SyncEvent', EVENT | EXTENDABLE);
  state.sync = {tag: String(init.tag), last: !!init.lastChance};
}
function sync(self) {
  var state = of(self, EXTENDABLE);
  if (!state.sync)
    throw new TypeError('Illegal invocation');
  return state.sync;
}
lib.expose('SyncEvent', SyncEvent, {
  get tag() { return sync(this).tag; },
  get lastChance() { return sync(this).last; },
},
           lib.ExtendableEvent);

lib.messages = {
  makeMessage: function(id, readable, data, origin, client, worker) {
    var state = lib.extendable(id, readable ? 'message' : 'messageerror', MESSAGE);
    messageState(state, {data: data, origin: origin});
    state.source = client !== null ? lib.load('clients').clientOf(client) :
                   worker !== null ? lib.load('clients').workerOf(worker) : null;
    return lib.makeEvent(ExtendableMessageEvent.prototype, state);
  },
  makePush: function(id, bytes) {
    var state = lib.extendable(id, 'push', PUSH);
    state.data = dataOf(bytes);
    return lib.makeEvent(PushEvent.prototype, state);
  },
  makeSync: function(id, tag, last) {
    var state = lib.extendable(id, 'sync', 0);
    state.sync = {tag: tag, last: last};
    return lib.makeEvent(SyncEvent.prototype, state);
  },
};
})(__host);
