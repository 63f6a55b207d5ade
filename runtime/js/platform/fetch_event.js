// SPDX-License-Identifier: MIT
// FetchEvent and respondWith. The request's state comes from the native side; the Request object is
// made when script asks.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var EVENT = lib.bit.event;
var EXTENDABLE = lib.bit.extendable;
var FETCH = lib.bit.fetchEvent;

// Spec: ServiceWorker#fetchevent-interface
function FetchEvent(type, init) {
  var state = lib.construct(this, new.target, arguments, 'FetchEvent', EVENT | EXTENDABLE | FETCH);
  lib.need(arguments, 2, 'FetchEvent');
  if (!lib.isA(init.request, lib.bit.request))
    throw new TypeError('FetchEvent: init.request is not a Request');
  state.request = init.request;
  state.preload =
      init.preloadResponse === undefined ? lib.resolved(undefined) : init.preloadResponse;
  state.clientId = init.clientId === undefined ? '' : String(init.clientId);
  state.resultingClientId =
      init.resultingClientId === undefined ? '' : String(init.resultingClientId);
  state.replacesClientId = init.replacesClientId === undefined ? '' : String(init.replacesClientId);
  state.handled = init.handled === undefined ? lib.newPromise() : init.handled;
}

lib.expose('FetchEvent', FetchEvent, {
  get request() {
    var state = of(this, FETCH);
    if (!state.request)
      state.request = lib.wrapRequest(state.requestState, 'immutable');
    return state.request;
  },
  get preloadResponse() {
    if (!lib.isA(this, FETCH))
      return lib.rejected(new TypeError('Illegal invocation'));
    var state = this[$];
    return state.preload || (state.preload = lib.resolved(undefined));
  },
  get clientId() { return of(this, FETCH).clientId; },
  get resultingClientId() { return of(this, FETCH).resultingClientId; },
  get replacesClientId() { return of(this, FETCH).replacesClientId || ''; },
  get handled() {
    if (!lib.isA(this, FETCH))
      return lib.rejected(new TypeError('Illegal invocation'));
    var state = this[$];
    if (!state.handled) {
      state.handled = lib.newPromise();
      settleHandled(state, state.handledAs);
    }
    return state.handled;
  },
  respondWith(response) {
    var state = of(this, FETCH);
    lib.need(arguments, 1, 'respondWith');
    if (!state.dispatching)
      lib.throwDom('InvalidStateError',
                   'respondWith() has to be called while the event is dispatched');
    if (state.entered)
      lib.throwDom('InvalidStateError', 'respondWith() was already called');
    lib.extend(state, response, false);
    state.stopped = state.stoppedNow = state.entered = true;
    var on = {
      fulfilled(value) { respond(state, value); },
      rejected(reason) {
        var text = host.describe(reason);
        // A client that goes away aborts what its handler waits for: that is no news.
        if (text.indexOf('AbortError') !== 0)
          host.uncaught(reason);
        refuse(state, 'the promise given to respondWith() was rejected: ' + text);
      },
    };
    lib.react(response, on.fulfilled, on.rejected);
  },
},
           lib.ExtendableEvent);

lib.makeFetch = function(id, requestState, clientId, resultingClientId) {
  var state = lib.extendable(id, 'fetch', FETCH);
  state.cancelable = true;
  state.requestState = requestState;
  state.request = state.handled = state.preload = null;
  state.handledAs = '';
  state.entered = false;
  state.clientId = clientId;
  state.resultingClientId = resultingClientId;
  return lib.makeEvent(FetchEvent.prototype, state);
};

// Spec: Fetch#concept-http-fetch, the checks of a response that a service worker gave.
function refusal(request, response) {
  var type = response.type;
  if (type === 'error')
    return 'the response is a network error';
  if (type === 'cors' && request.mode === 'same-origin')
    return 'a cors response cannot answer a same-origin request';
  if (type === 'opaque' && request.mode !== 'no-cors')
    return 'an opaque response can only answer a no-cors request';
  if (type === 'opaqueredirect' && request.redirect !== 'manual')
    return 'an opaqueredirect response can only answer a request whose redirect mode is manual';
  if (response.urls && response.urls.length > 1 && request.redirect !== 'follow')
    return 'a redirected response cannot answer a request whose redirect mode is not follow';
  if (lib.unusable(response.body))
    return 'the body of the response is already used or locked';
  return '';
}

function respond(state, value) {
  if (!lib.isA(value, lib.bit.response))
    return refuse(state, 'respondWith() was given something that is not a Response');
  var response = value[$];
  var reason = refusal(state.requestState, response);
  if (reason)
    return refuse(state, reason);
  host.respond(state.id, response);
  settleHandled(state, 'ok');
}

function refuse(state, reason) {
  host.refuse(state.id, reason);
  settleHandled(state, reason);
}

function settleHandled(state, outcome) {
  state.handledAs = outcome;
  if (!state.handled || outcome === '')
    return;
  if (outcome === 'ok')
    lib.resolve(state.handled, undefined);
  else
    lib.reject(state.handled, new TypeError(outcome));
}

// Nothing was given to respondWith while the event was dispatched.
lib.endFetch = function(event, state) {
  if (state.entered)
    return;
  if (state.canceled)
    return refuse(state, 'preventDefault() was called without respondWith()');
  if (lib.spoiled(state.requestState.body))
    return refuse(state, 'the body of the request is used and cannot be sent to the network');
  host.fallBack(state.id);
  settleHandled(state, 'ok');
};

// The client went away.
lib.abortFetch = function(event) {
  var request = event[$].requestState;
  request.aborted = true;
  if (request.signal)
    lib.load('abort').signalAbort(request.signal,
                                  new lib.DOMException('The request was aborted', 'AbortError'));
};
})(__host);
