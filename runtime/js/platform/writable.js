// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.writable = {};
})(__host);
