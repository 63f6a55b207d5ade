// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.location = {};
})(__host);
