// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.transforms = {};
})(__host);
