// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.encoding = {};
})(__host);
