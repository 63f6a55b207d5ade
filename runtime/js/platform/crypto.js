// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.crypto = {};
})(__host);
