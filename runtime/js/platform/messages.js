// SPDX-License-Identifier: MIT
// Messages, pushes and syncs.
(function(host) {
var lib = host.platform;
var of = lib.of;
var EVENT = lib.bit.event;
var EXTENDABLE = lib.bit.extendable;
var MESSAGE = lib.bit.messageEvent;
var PUSH = lib.bit.pushEvent;

function string(value) { return value === undefined ? '' : String(value); }

function messageState(state, init) {
  state.data = init.data === undefined ? null : init.data;
  state.origin = string(init.origin);
  state.lastEventId = string(init.lastEventId);
  state.source = init.source === undefined ? null : init.source;
  state.ports = Object.freeze(init.ports === undefined ? [] : lib.sequence(init.ports, 'ports'));
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
  init = lib.dictionary(init, 'ExtendableMessageEvent');
  messageState(lib.construct(this, new.target, arguments, 'ExtendableMessageEvent',
                             EVENT | EXTENDABLE | MESSAGE),
               init);
}
Object.defineProperty(ExtendableMessageEvent, 'length', {value: 1});
lib.expose('ExtendableMessageEvent', ExtendableMessageEvent, withMembers({}), lib.ExtendableEvent);

// As the HTML specification has it (messageevent).
function MessageEvent(type, init) {
  init = lib.dictionary(init, 'MessageEvent');
  messageState(lib.construct(this, new.target, arguments, 'MessageEvent', EVENT | MESSAGE), init);
}
Object.defineProperty(MessageEvent, 'length', {value: 1});
lib.expose('MessageEvent', MessageEvent, withMembers({}), lib.Event);

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
    return lib.make(ExtendableMessageEvent.prototype, state);
  },
  makePush: function(id, bytes) {
    var state = lib.extendable(id, 'push', PUSH);
    state.data = dataOf(bytes);
    return lib.make(PushEvent.prototype, state);
  },
  makeSync: function(id, tag, last) {
    var state = lib.extendable(id, 'sync', 0);
    state.sync = {tag: tag, last: last};
    return lib.make(SyncEvent.prototype, state);
  },
};
})(__host);
