// SPDX-License-Identifier: MIT
// Notifications and push subscriptions where nobody can see or allow them: the permission is always
// denied, which is an answer that both specifications know. Events of either kind still come.
(function(host) {
var lib = host.platform;
var $ = lib.slot;
var of = lib.of;
var NOTIFICATION = {};
var VIBRATIONS_MAX = 10;
var VIBRATION_MS_MAX = 10000;
var empty = Object.freeze([]);

function stateOf(self) {
  var state = of(self, lib.bit.target);
  if (state.kind !== NOTIFICATION)
    throw new TypeError('Illegal invocation');
  return state;
}

function text(value) { return value === undefined ? '' : lib.string(value); }

// A URL of the options; one that is not valid counts as none.
function url(value) {
  if (value === undefined)
    return '';
  var href = host.resolveUrl(lib.string(value), lib.base);
  return href === undefined ? '' : href;
}

function readActions(value) {
  if (value === undefined)
    return [];
  return lib.sequence(value, 'actions').map(function(given) {
    var action = lib.dictionary(given, 'NotificationAction');
    var read = {action: action.action, icon: url(action.icon), title: undefined};
    read.navigate = url(action.navigate);
    read.title = action.title;
    if (read.action === undefined || read.title === undefined)
      throw new TypeError('An action needs its name and its title');
    read.action = lib.string(read.action);
    read.title = lib.string(read.title);
    return read;
  });
}

// As the Vibration specification has it (validate-and-normalize).
function readVibrate(value) {
  if (value === undefined)
    return undefined;
  var pattern = lib.isObject(value) ? lib.sequence(value, 'vibrate') : [value];
  pattern = pattern.slice(0, VIBRATIONS_MAX).map(function(time) {
    return Math.min(time >>> 0, VIBRATION_MS_MAX);
  });
  return pattern.length % 2 === 0 ? pattern.slice(0, -1) : pattern;
}

// A NotificationOptions dictionary, read in the order of Web IDL.
function readOptions(given) {
  given = lib.dictionary(given, 'NotificationOptions');
  var options = {actions: readActions(given.actions), badge: url(given.badge)};
  options.body = text(given.body);
  options.data = given.data === undefined ? null : given.data;
  var dir = given.dir;
  options.dir =
      dir === undefined
          ? 'auto'
          : lib.oneOf(lib.string(dir), ['auto', 'ltr', 'rtl'], 'NotificationDirection');
  options.icon = url(given.icon);
  options.image = url(given.image);
  options.lang = text(given.lang);
  options.navigate = url(given.navigate);
  options.renotify = !!given.renotify;
  options.requireInteraction = !!given.requireInteraction;
  var silent = given.silent;
  options.silent = silent === undefined || silent === null ? null : !!silent;
  options.tag = text(given.tag);
  var timestamp = given.timestamp;
  options.timestamp = timestamp === undefined ? Date.now() : Math.trunc(+timestamp) || 0;
  options.vibrate = readVibrate(given.vibrate);
  return options;
}

// As the Notifications specification has it (create-a-notification).
function create(self, title, options) {
  if (options.silent && options.vibrate !== undefined)
    throw new TypeError('A silent notification does not vibrate');
  if (options.renotify && options.tag === '')
    throw new TypeError('A notification without a tag cannot notify again');
  options.data = host.structuredClone(options.data);
  options.title = title;
  options.vibrate = Object.freeze(options.vibrate || []);
  options.actions = empty;
  self[$] = {
    is: lib.bit.target,
    kind: NOTIFICATION,
    listeners: [],
    handlers: null,
    options: options
  };
  return self;
}

// As the Notifications specification has it (dom-notification-notification).
function Notification(title) {
  lib.constructing(new.target, 'Notification');
  lib.need(arguments, 1, 'Notification');
  title = lib.string(title);
  var options = readOptions(arguments[1]);
  if (!lib.dedicated)
    throw new TypeError('A service worker has showNotification() of its registration instead');
  if (options.actions.length > 0)
    throw new TypeError('Only notifications of a service worker have actions');
  var notification = create(this, title, options);
  lib.extra('messaging').postTask(function() { lib.fire(notification, 'error'); });
}

var members = {
  close() { stateOf(this); },
};
[
  'title', 'dir', 'lang', 'body', 'navigate', 'tag', 'image', 'icon', 'badge', 'vibrate',
  'timestamp', 'renotify', 'silent', 'requireInteraction', 'data', 'actions'
].forEach(function(name) {
  Object.defineProperty(members, name, {
    get: function() { return stateOf(this).options[name]; },
    enumerable: true,
    configurable: true,
  });
});
lib.expose('Notification', Notification, members, lib.EventTarget);
lib.handlers(Notification.prototype, ['click', 'show', 'error', 'close']);
host.copyMembers(Notification, {
  get permission() { return 'denied'; },
  get maxActions() { return 0; },
});

// As the Notifications specification has it (notificationevent).
function NotificationEvent(type, init) {
  lib.constructing(new.target, 'NotificationEvent');
  lib.need(arguments, 2, 'NotificationEvent');
  var state = lib.construct(this, new.target, arguments, 'NotificationEvent',
                            lib.bit.event | lib.bit.extendable);
  init = lib.dictionary(init, 'NotificationEvent');
  var action = text(init.action);
  var notification = init.notification;
  if (!lib.isA(notification, lib.bit.target) || notification[$].kind !== NOTIFICATION)
    throw new TypeError('NotificationEvent: init.notification is not a Notification');
  state.notification = {of: notification, action: action};
}

function eventOf(self) {
  var state = of(self, lib.bit.extendable);
  if (state.notification === undefined)
    throw new TypeError('Illegal invocation');
  return state.notification;
}

if (!lib.dedicated)
  lib.expose('NotificationEvent', NotificationEvent, {
    get notification() { return eventOf(this).of; },
    get action() { return eventOf(this).action; },
  },
             lib.ExtendableEvent);

lib.notifications = {
  // What showNotification() comes to.
  show: function(title, given) {
    create({}, lib.string(title), readOptions(given));
    throw new TypeError('Notifications are not allowed');
  },
};
})(__host);
