// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.performance = {};
})(__host);
