// SPDX-License-Identifier: MIT
// navigator.permissions: what this platform answers when it is asked for a permission. Nobody can
// be asked here, so that a state never changes. (Permissions)
(function(host) {
var lib = host.platform;
var PERMISSIONS = {};
var STATUS = {};
var states = {'notifications': 'denied', 'persistent-storage': 'denied', 'push': 'denied'};
var names = Object.keys(states);

function stateOf(self, kind, bit) {
  var state = lib.of(self, bit);
  if (state.kind !== kind)
    throw new TypeError('Illegal invocation');
  return state;
}

function PermissionStatus() { lib.illegal(); }
lib.expose('PermissionStatus', PermissionStatus, {
  get state() { return states[stateOf(this, STATUS, lib.bit.target).name]; },
  get name() { return stateOf(this, STATUS, lib.bit.target).name; },
},
           lib.EventTarget);
lib.handlers(PermissionStatus.prototype, ['change']);

function Permissions() { lib.illegal(); }
lib.expose('Permissions', Permissions, {
  query(permissionDesc) {
    try {
      stateOf(this, PERMISSIONS, lib.bit.other);
      lib.need(arguments, 1, 'Permissions.query');
      if (!lib.isObject(permissionDesc))
        throw new TypeError('Permissions.query: the descriptor is not an object');
      var name = lib.oneOf(lib.string(permissionDesc.name), names, 'PermissionDescriptor.name');
    } catch (error) {
      return lib.rejected(error);
    }
    return lib.resolved(lib.make(PermissionStatus.prototype, {
      is: lib.bit.target,
      kind: STATUS,
      listeners: [],
      handlers: null,
      name: name,
    }));
  },
});

lib.permissions = lib.make(Permissions.prototype, {is: lib.bit.other, kind: PERMISSIONS});
})(__host);
