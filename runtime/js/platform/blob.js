// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.blob = {};
})(__host);
