// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

idl_test(['IndexedDB'], ['html', 'dom'], async function(idl, t) {
  idl.add_objects({
    IDBFactory: ['self.indexedDB'],
    IDBKeyRange: ['IDBKeyRange.lowerBound(0)'],
    IDBOpenDBRequest: ['self.openRequest'],
    IDBVersionChangeEvent: ['new IDBVersionChangeEvent("type")'],
    IDBDatabase: ['self.db'],
    IDBTransaction: ['self.tx'],
    IDBObjectStore: ['self.store'],
    IDBIndex: ['self.index'],
    IDBRequest: ['self.request'],
    IDBCursorWithValue: ['self.cursor'],
    IDBRecord: ['self.record'],
    DOMStringList: ['db.objectStoreNames'],
  });
  self.openRequest = indexedDB.open('idl ' + location.href, 1);
  await new Promise((resolve, reject) => {
    // Handlers would be instances of an interface that no worker has.
    openRequest.addEventListener('error', reject);
    openRequest.addEventListener('upgradeneeded', () => {
      self.db = openRequest.result;
      self.tx = openRequest.transaction;
      self.store = db.createObjectStore('store');
      self.index = store.createIndex('index', 'x');
      store.put({x: 1}, 1);
      self.request = store.openCursor();
      store.getAllRecords().onsuccess = e => { self.record = e.target.result[0]; };
      request.addEventListener('success', () => { self.cursor = request.result; });
    });
    openRequest.addEventListener('success', resolve);
  });
  t.add_cleanup(() => self.db.close());
});
