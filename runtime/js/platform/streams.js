// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.streams = {};
})(__host);
