// SPDX-License-Identifier: MIT
(function (host) {
  host.platform.form_data = {};
})(__host);
