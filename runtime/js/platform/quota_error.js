// SPDX-License-Identifier: MIT
// QuotaExceededError, as the WebIDL specification has it (quotaexceedederror).
(function(host) {
var lib = host.platform;
var $ = lib.slot;

function number(value) {
  if (value === undefined)
    return null;
  value = +value;
  if (!(value > -Infinity && value < Infinity))
    throw new TypeError('QuotaExceededError: a member is not a finite number');
  if (value < 0)
    throw new RangeError('QuotaExceededError: a member is negative');
  return value;
}

function QuotaExceededError() {
  lib.constructing(new.target, 'QuotaExceededError');
  var message = arguments[0] === undefined ? '' : lib.string(arguments[0]);
  var options = lib.dictionary(arguments[1], 'QuotaExceededError');
  var quota = number(options.quota);
  var requested = number(options.requested);
  if (quota !== null && requested !== null && requested < quota)
    throw new RangeError('QuotaExceededError: less was requested than the quota');
  var error = new lib.DOMException(message, 'QuotaExceededError');
  error[$].limits = {quota: quota, requested: requested};
  return Object.setPrototypeOf(error, new.target.prototype);
}

function limitsOf(self) {
  var limits = lib.of(self, lib.bit.exception).limits;
  if (limits === undefined)
    throw new TypeError('Illegal invocation');
  return limits;
}

lib.expose('QuotaExceededError', QuotaExceededError, {
  get quota() { return limitsOf(this).quota; },
  get requested() { return limitsOf(this).requested; },
},
           lib.DOMException);

lib.quota_error = {
  make: function(message) { return new QuotaExceededError(message); },
};
})(__host);
