// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.url = {};
})(__host);
