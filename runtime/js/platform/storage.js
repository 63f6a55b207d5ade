// SPDX-License-Identifier: MIT
// StorageManager as workers have it: persist() belongs to windows.
(function(host) {
var lib = host.platform;

function StorageManager() { lib.illegal(); }

// A promise of what `convert` makes of the figures.
function figures(self, convert) {
  return lib.promised(function(promise) {
    lib.of(self, lib.bit.singleton);
    if (!(self instanceof StorageManager))
      throw new TypeError('Illegal invocation');
    host.storageEstimate(lib.answer(promise, convert));
  });
}

// As the Storage specification has it (storagemanager).
lib.expose('StorageManager', StorageManager, {
  persisted() {
    return figures(this, function(result) { return result.persisted; });
  },
  estimate() {
    return figures(this, function(result) {
      return {quota: result.quota, usage: result.usage};
    });
  },
});

lib.storage = lib.make(StorageManager.prototype, {is: lib.bit.singleton, name: 'storage'});
})(__host);
