// SPDX-License-Identifier: MIT
// IndexedDB: loads its files in their order.
(function(host) {
['idb_core', 'idb_transaction', 'idb_database', 'idb_store', 'idb_cursor'].forEach(host.load);
})(__host);
