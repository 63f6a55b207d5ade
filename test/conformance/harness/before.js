// SPDX-License-Identifier: MIT
// What the server of the web-platform-tests puts before the harness.
self.GLOBAL = {
  isWindow: function() { return false; },
  isWorker: function() { return true; },
  isShadowRealm: function() { return false; },
};
