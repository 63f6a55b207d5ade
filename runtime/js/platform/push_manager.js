// SPDX-License-Identifier: MIT
// PushManager where nobody can allow a subscription: it is denied. (Push: pushmanager-interface)
(function(host) {
var lib = host.platform;
var support = lib.load('stream_support');
var MANAGER = {};
var encodings = Object.freeze(['aes128gcm']);

function readOptions(given) {
  var options = lib.dictionary(given, 'PushSubscriptionOptionsInit');
  var key = options.applicationServerKey;
  if (key !== undefined && key !== null && !lib.isObject(key))
    lib.string(key);
  return {key: key, visible: !!options.userVisibleOnly};
}

function promised(self, steps) {
  try {
    support.stateOf(self, MANAGER);
    return lib.resolved(steps());
  } catch (error) {
    return lib.rejected(error);
  }
}

function PushManager() { lib.illegal(); }
lib.expose('PushManager', PushManager, {
  subscribe() {
    var given = arguments[0];
    return promised(this, function() {
      readOptions(given);
      lib.throwDom('NotAllowedError', 'Push subscriptions are not allowed');
    });
  },
  getSubscription() { return promised(this, function() { return null; }); },
  permissionState() {
    var given = arguments[0];
    return promised(this, function() {
      readOptions(given);
      return 'denied';
    });
  },
});
host.copyMembers(PushManager, {
  get supportedContentEncodings() { return encodings; },
});

lib.push_manager = lib.make(PushManager.prototype, {is: lib.bit.other, kind: MANAGER});
})(__host);
