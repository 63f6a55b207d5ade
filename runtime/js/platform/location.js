// SPDX-License-Identifier: MIT
// WorkerLocation and WorkerNavigator.
(function(host) {
var lib = host.platform;
var of = lib.of;
var SINGLETON = lib.bit.singleton;

function check(self, name) {
  if (of(self, SINGLETON).name !== name)
    throw new TypeError('Illegal invocation');
}

// As the HTML specification has it (worker-locations).
var prototype = {
  get href() {
    check(this, 'location');
    return lib.info.url;
  },
  toString() {
    check(this, 'location');
    return lib.info.url;
  },
};
['origin', 'protocol', null, null, 'host', 'hostname', 'port', 'pathname', 'search', 'hash']
    .forEach(function(name, number) {
      if (name === null)
        return;
      Object.defineProperty(prototype, name, {
        get: function() {
          check(this, 'location');
          return host.urlPart(lib.info.url, number);
        },
        enumerable: true,
        configurable: true,
      });
    });
var WorkerLocation =
    lib.expose('WorkerLocation', function WorkerLocation() { lib.illegal(); }, prototype);

var attributes = {
  appCodeName: 'Mozilla',
  appName: 'Netscape',
  product: 'Gecko',
  platform: 'Linux x86_64',
  language: 'en-US',
  onLine: true,
  hardwareConcurrency: 2,
};
var navigatorPrototype = {
  get userAgent() {
    check(this, 'navigator');
    return lib.info.userAgent;
  },
  get appVersion() {
    check(this, 'navigator');
    return lib.info.userAgent.replace(/^Mozilla\//, '');
  },
  get permissions() {
    check(this, 'navigator');
    return lib.load('permissions');
  },
  get serviceWorker() {
    check(this, 'navigator');
    return lib.load('service_worker_container');
  },
  get locks() {
    check(this, 'navigator');
    return lib.load('locks');
  },
  get storage() {
    check(this, 'navigator');
    return lib.info.secure ? lib.load('storage') : undefined;
  },
  get languages() {
    check(this, 'navigator');
    return languages;
  },
};
var languages = Object.freeze(['en-US', 'en']);
Object.keys(attributes).forEach(function(name) {
  Object.defineProperty(navigatorPrototype, name, {
    get: function() {
      check(this, 'navigator');
      return attributes[name];
    },
    enumerable: true,
    configurable: true,
  });
});
var WorkerNavigator = lib.expose('WorkerNavigator', function WorkerNavigator() { lib.illegal(); },
                                 navigatorPrototype);

var location = lib.make(WorkerLocation.prototype, {is: SINGLETON, name: 'location'});
var navigator = lib.make(WorkerNavigator.prototype, {is: SINGLETON, name: 'navigator'});
lib.scope_members({
  get location() { return of(this, lib.bit.global) && location; },
  get navigator() { return of(this, lib.bit.global) && navigator; },
});
lib.location = {};
})(__host);
