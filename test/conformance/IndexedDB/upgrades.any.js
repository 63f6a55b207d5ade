// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: opening, upgrading and deleting databases

setup({allow_uncaught_exception: true});

function remove(t, name) {
  t.add_cleanup(() => new Promise(resolve => {
                  const request = indexedDB.deleteDatabase(name);
                  request.onsuccess = request.onerror = resolve;
                }));
}

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  const log = [];
  const request = indexedDB.open(name, 3);
  assert_true(request instanceof IDBOpenDBRequest);
  assert_equals(request.source, null);
  assert_equals(request.transaction, null);
  assert_equals(request.readyState, 'pending');
  request.onupgradeneeded = e => {
    assert_true(e instanceof IDBVersionChangeEvent);
    assert_equals(e.oldVersion, 0);
    assert_equals(e.newVersion, 3);
    const tx = request.transaction;
    assert_equals(tx.mode, 'versionchange');
    assert_equals(request.result.version, 3);
    assert_array_equals(tx.objectStoreNames, []);
    request.result.createObjectStore('b');
    request.result.createObjectStore('a');
    assert_array_equals(tx.objectStoreNames, ['a', 'b']);
    assert_array_equals(request.result.objectStoreNames, ['a', 'b']);
    assert_throws_dom('InvalidStateError', () => request.result.transaction('a'));
    tx.oncomplete = () => {
      log.push('complete');
      assert_equals(request.transaction, tx);
      assert_throws_dom('InvalidStateError', () => request.result.createObjectStore('c'));
    };
    log.push('upgradeneeded');
  };
  const db = await settled(request);
  log.push('success');
  assert_equals(request.transaction, null);
  assert_array_equals(log, ['upgradeneeded', 'complete', 'success']);
  const infos = await indexedDB.databases();
  assert_equals(infos.find(info => info.name === name).version, 3);
  await promise_rejects_dom(t, 'VersionError', settled(indexedDB.open(name, 2)));
  db.close();
  const again = await settled(indexedDB.open(name));
  assert_equals(again.version, 3);
  again.close();
}, 'a database is made by an upgrade');

test(() => {
  for (const version of [0, -1, NaN, Infinity, 2 ** 53, 'x', null, {}, 0.5])
    assert_throws_js(TypeError, () => indexedDB.open('never', version), String(version));
  assert_throws_js(TypeError, () => indexedDB.open());
}, 'versions are checked');

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  const request = indexedDB.open(name, 1);
  let store, index, tx, db;
  request.onupgradeneeded = () => {
    db = request.result;
    tx = request.transaction;
    store = db.createObjectStore('s');
    index = store.createIndex('i', 'x');
    tx.abort();
    assert_equals(db.version, 0);
    assert_array_equals(db.objectStoreNames, []);
    assert_array_equals(store.indexNames, []);
    assert_throws_dom('InvalidStateError', () => store.get(1));
    assert_throws_dom('TransactionInactiveError', () => db.createObjectStore('x'));
    tx.onabort = () => assert_equals(request.transaction, tx);
  };
  await promise_rejects_dom(t, 'AbortError', settled(request));
  assert_equals(request.result, undefined);
  assert_equals(request.transaction, null);
  assert_equals(tx.error, null);
  const infos = await indexedDB.databases();
  assert_equals(infos.find(info => info.name === name), undefined);
}, 'an upgrade that is aborted leaves nothing');

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  let request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore('old');
    store.createIndex('index', 'x');
    store.put({x: 1}, 1);
    request.result.createObjectStore('gone');
  };
  (await settled(request)).close();
  request = indexedDB.open(name, 2);
  request.onupgradeneeded = () => {
    const db = request.result;
    const tx = request.transaction;
    const store = tx.objectStore('old');
    const index = store.index('index');
    const gone = tx.objectStore('gone');
    store.name = 'new';
    index.name = 'renamed';
    assert_throws_dom('ConstraintError', () => {
      store.name = 'gone';
    });
    assert_array_equals(db.objectStoreNames, ['gone', 'new']);
    assert_array_equals(store.indexNames, ['renamed']);
    assert_equals(tx.objectStore('new'), store);
    assert_equals(store.index('renamed'), index);
    db.deleteObjectStore('gone');
    assert_throws_dom('InvalidStateError', () => gone.get(1));
    assert_throws_dom('InvalidStateError', () => {
      gone.name = 'x';
    });
    const made = store.createIndex('made', 'y');
    store.deleteIndex('renamed');
    assert_throws_dom('InvalidStateError', () => index.get(1));
    tx.abort();
    assert_equals(store.name, 'old');
    assert_equals(index.name, 'index');
    assert_array_equals(store.indexNames, ['index']);
    assert_array_equals(db.objectStoreNames, ['gone', 'old']);
    assert_throws_dom('InvalidStateError', () => made.get(1));
    assert_throws_dom('TransactionInactiveError', () => index.get(1));
    assert_throws_dom('TransactionInactiveError', () => gone.get(1));
  };
  await promise_rejects_dom(t, 'AbortError', settled(request));
  request = indexedDB.open(name, 2);
  request.onupgradeneeded = () => {
    const store = request.transaction.objectStore('old');
    store.name = 'new';
    store.index('index').name = 'renamed';
  };
  const db = await settled(request);
  assert_array_equals(db.objectStoreNames, ['gone', 'new']);
  const store = db.transaction('new').objectStore('new');
  assert_equals(store.index('renamed').name, 'renamed');
  assert_equals(await settled(store.index('renamed').getKey(1)), 1);
  assert_throws_dom('InvalidStateError', () => {
    store.name = 'x';
  });
  assert_throws_dom('InvalidStateError', () => store.createIndex('x', 'x'));
  assert_throws_dom('InvalidStateError', () => db.createObjectStore('x'));
  db.close();
}, 'renames and their reversal');

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  const first = await settled(indexedDB.open(name, 1));
  const log = [];
  first.onversionchange = e => log.push(`versionchange ${e.oldVersion} ${e.newVersion}`);
  const request = indexedDB.open(name, 2);
  request.onblocked = e => {
    log.push(`blocked ${e.oldVersion} ${e.newVersion}`);
    first.close();
  };
  request.onupgradeneeded = () => log.push('upgradeneeded');
  const second = await settled(request);
  assert_array_equals(log, ['versionchange 1 2', 'blocked 1 2', 'upgradeneeded']);
  second.onversionchange = e => {
    log.push(`versionchange ${e.oldVersion} ${e.newVersion}`);
    second.close();
  };
  const gone = indexedDB.deleteDatabase(name);
  gone.onblocked = () => log.push('blocked');
  const event = await eventOf(gone, 'success');
  assert_true(event instanceof IDBVersionChangeEvent);
  assert_equals(event.oldVersion, 2);
  assert_equals(event.newVersion, null);
  assert_equals(gone.result, undefined);
  assert_array_equals(log.slice(3), ['versionchange 2 null']);
  const none = await eventOf(indexedDB.deleteDatabase(name), 'success');
  assert_equals(none.oldVersion, 0);
}, 'versionchange and blocked');

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  const request = indexedDB.open(name, 1);
  const log = [];
  request.onupgradeneeded = () => {
    request.result.createObjectStore('s');
    request.transaction.oncomplete = () => log.push('complete');
    request.result.close();
  };
  await promise_rejects_dom(t, 'AbortError', settled(request));
  assert_array_equals(log, ['complete']);
  const again = await settled(indexedDB.open(name));
  assert_array_equals(again.objectStoreNames, ['s']);
  again.close();
}, 'a connection that is closed in its upgrade');

promise_test(async t => {
  const name = idbName(t);
  remove(t, name);
  const request = indexedDB.open(name, 1);
  let tx;
  request.onupgradeneeded = () => {
    tx = request.transaction;
    throw new Error('on purpose');
  };
  await promise_rejects_dom(t, 'AbortError', settled(request));
  assert_equals(tx.error.name, 'AbortError');
}, 'an exception in upgradeneeded aborts the upgrade');

promise_test(async t => {
  const names = ['\ud800', '\udc00x', '', '\0', '\u{1f600}', '\uffff', 'a'];
  const db = await makeDatabase(t, db => names.forEach(name => {
    db.createObjectStore(name).createIndex(name, name === '' ? '' : 'a');
  }));
  assert_array_equals(
      db.objectStoreNames, ['', '\0', 'a', '\ud800', '\u{1f600}', '\udc00x', '\uffff'].sort());
  const tx = db.transaction(db.objectStoreNames);
  for (const name of names) assert_equals(tx.objectStore(name).index(name).name, name);
  assert_true(db.objectStoreNames.contains('\ud800'));
  assert_false(db.objectStoreNames.contains('x'));
  assert_equals(db.objectStoreNames.item(0), '');
  assert_equals(db.objectStoreNames.item(9), null);
}, 'names are any strings, in the order of code units');

test(() => {
  const event = new IDBVersionChangeEvent('x', {oldVersion: 1, newVersion: 2, bubbles: true});
  assert_equals(event.oldVersion, 1);
  assert_equals(event.newVersion, 2);
  assert_true(event.bubbles);
  assert_equals(new IDBVersionChangeEvent('x').newVersion, null);
  assert_equals(new IDBVersionChangeEvent('x').oldVersion, 0);
}, 'IDBVersionChangeEvent can be made');
