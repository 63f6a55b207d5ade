// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: object stores and indexes

promise_test(async t => {
  const db = await makeDatabase(t, db => db.createObjectStore('s'));
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  const value = {a: 1};
  const put = store.put(value, 'k');
  value.a = 2;
  assert_equals(put.readyState, 'pending');
  assert_throws_dom('InvalidStateError', () => put.result);
  assert_throws_dom('InvalidStateError', () => put.error);
  assert_equals(put.source, store);
  assert_equals(put.transaction, tx);
  assert_equals(await settled(put), 'k');
  assert_equals(put.readyState, 'done');
  assert_equals(put.error, null);
  assert_object_equals(await settled(store.get('k')), {a: 1});
  assert_equals(await settled(store.get('none')), undefined);
  assert_equals(await settled(store.getKey(IDBKeyRange.lowerBound('a'))), 'k');
  assert_equals(await settled(store.count()), 1);
  assert_equals(await settled(store.delete('k')), undefined);
  assert_equals(await settled(store.count()), 0);
  await ended(tx);
}, 'values are captured when they are put');

promise_test(async t => {
  const db = await makeDatabase(t, db => db.createObjectStore('s', {keyPath: 'a.b'}));
  const store = db.transaction('s', 'readwrite').objectStore('s');
  assert_equals(store.keyPath, 'a.b');
  assert_equals(await settled(store.put({a: {b: 7}, x: 1})), 7);
  assert_throws_dom('DataError', () => store.put({a: {b: 7}}, 1));
  assert_throws_dom('DataError', () => store.put({a: 1}));
  assert_throws_dom('DataError', () => store.put({a: {b: {}}}));
  assert_throws_dom('DataError', () => store.put(5));
  assert_object_equals(await settled(store.get(7)), {a: {b: 7}, x: 1});
}, 'in-line keys come from the value');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    db.createObjectStore('s', {keyPath: 'id', autoIncrement: true});
    db.createObjectStore('out', {autoIncrement: true});
    db.createObjectStore('deep', {keyPath: 'a.b.c', autoIncrement: true});
  });
  const tx = db.transaction(['s', 'out', 'deep'], 'readwrite');
  const store = tx.objectStore('s');
  assert_equals(await settled(store.put({v: 1})), 1);
  assert_equals(await settled(store.add({v: 2})), 2);
  assert_equals(await settled(store.put({id: 5.7, v: 3})), 5.7);
  assert_equals(await settled(store.put({v: 4})), 6);
  assert_equals(await settled(store.put({id: 'x', v: 5})), 'x');
  assert_equals(await settled(store.put({v: 6})), 7);
  assert_equals(await settled(store.put({id: -3})), -3);
  assert_equals(await settled(store.put({id: undefined, v: 7})), 8);
  assert_object_equals(await settled(store.get(1)), {v: 1, id: 1});
  assert_array_equals(
      (await settled(store.getAll())).map(x => x.id), [-3, 1, 2, 5.7, 6, 7, 8, 'x']);
  assert_throws_dom('DataError', () => store.put('text'));
  assert_throws_dom('DataError', () => store.put({id: null}));
  const out = tx.objectStore('out');
  assert_equals(await settled(out.put('a')), 1);
  assert_equals(await settled(out.put('b', 10)), 10);
  assert_equals(await settled(out.put('c')), 11);
  const deep = tx.objectStore('deep');
  assert_equals(await settled(deep.put({x: 1})), 1);
  assert_equals(JSON.stringify(await settled(deep.get(1))), '{"x":1,"a":{"b":{"c":1}}}');
  assert_equals(await settled(deep.put({a: {z: 1}})), 2);
  assert_equals(JSON.stringify(await settled(deep.get(2))), '{"a":{"z":1,"b":{"c":2}}}');
  assert_throws_dom('DataError', () => deep.put({a: 5}));
  assert_throws_dom('DataError', () => deep.put({a: {b: 'x'}}));
  assert_equals(await settled(out.put('d', 2 ** 53)), 2 ** 53);
  const full = out.put('e');
  await promise_rejects_dom(t, 'ConstraintError', settled(full));
}, 'key generators count on');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s', {keyPath: 'id', autoIncrement: true});
    store.createIndex('id', 'id');
    store.createIndex('both', ['name', 'id']);
    store.createIndex('name', 'name');
    store.createIndex('multi', 'tags', {multiEntry: true});
    store.put({name: 'a', tags: [1, 2, 2, {}, null, 'x']});
    store.put({name: 'b', tags: 1});
    store.put({tags: []});
  });
  const store = db.transaction('s').objectStore('s');
  assert_array_equals(store.indexNames, ['both', 'id', 'multi', 'name']);
  assert_equals((await settled(store.index('id').get(2))).name, 'b');
  assert_array_equals(await settled(store.index('both').getAllKeys()), [1, 2]);
  assert_equals((await settled(store.index('both').get(['b', 2]))).id, 2);
  assert_array_equals(await settled(store.index('name').getAllKeys()), [1, 2]);
  assert_array_equals(await settled(store.index('multi').getAllKeys()), [1, 2, 1, 1]);
  const keys = await collectCursor(store.index('multi').openKeyCursor(), c => c.key);
  assert_array_equals(keys, [1, 1, 2, 'x']);
  assert_equals(await settled(store.index('multi').count(1)), 2);
  assert_equals(await settled(store.index('multi').getKey('x')), 1);
}, 'indexes know generated keys, lists of paths and several entries');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s', {keyPath: 'id'});
    store.createIndex('u', 'u', {unique: true});
  });
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  await settled(store.put({id: 1, u: 'x'}));
  await promise_rejects_dom(t, 'ConstraintError', settled(store.put({id: 2, u: 'x'})));
  await promise_rejects_dom(t, 'ConstraintError', settled(store.add({id: 1, u: 'y'})));
  await settled(store.put({id: 1, u: 'x', more: true}));
  assert_equals(await settled(store.count()), 1);
  await ended(tx);
}, 'constraint errors that are handled leave the transaction alone');

promise_test(async t => {
  const db = await makeDatabase(t, db => db.createObjectStore('s'));
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  store.add(1, 1);
  const second = store.add(2, 1);
  const third = store.get(1);
  const log = [];
  second.onerror = () => log.push('second ' + second.error.name);
  third.onerror = () => log.push('third ' + third.error.name);
  tx.onerror = event => log.push('tx ' + event.target.error.name);
  db.onerror = event => log.push('db ' + event.target.error.name);
  db.onabort = event => log.push('db abort');
  const event = await eventOf(tx, 'abort');
  assert_true(event.bubbles);
  assert_false(event.cancelable);
  assert_equals(tx.error.name, 'ConstraintError');
  await new Promise(resolve => setTimeout(resolve));
  assert_array_equals(log, [
    'second ConstraintError', 'tx ConstraintError', 'db ConstraintError', 'third AbortError',
    'tx AbortError', 'db AbortError', 'db abort'
  ]);
  db.onerror = db.onabort = null;
  assert_equals(await settled(db.transaction('s').objectStore('s').count()), 0);
}, 'an error that nobody handles aborts the transaction');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s');
    store.createIndex('i', 'i');
    for (let i = 0; i < 600; i++) store.put({i: i % 10, text: 'x'.repeat(1000)}, i);
  });
  const store = db.transaction('s').objectStore('s');
  assert_equals((await settled(store.getAll())).length, 600);
  assert_array_equals(await settled(store.getAllKeys(IDBKeyRange.bound(3, 6))), [3, 4, 5, 6]);
  assert_array_equals(await settled(store.getAllKeys(null, 2)), [0, 1]);
  assert_array_equals(
      await settled(
          store.getAllKeys({query: IDBKeyRange.upperBound(5), count: 2, direction: 'prev'})),
      [5, 4]);
  const records = await settled(store.getAllRecords({count: 3}));
  assert_equals(records.length, 3);
  assert_true(records[0] instanceof IDBRecord);
  assert_array_equals(records.map(r => r.key), [0, 1, 2]);
  assert_equals(records[2].value.i, 2);
  const unique = await settled(store.index('i').getAllRecords({direction: 'prevunique', count: 3}));
  assert_array_equals(unique.map(r => r.key), [9, 8, 7]);
  assert_array_equals(unique.map(r => r.primaryKey), [9, 8, 7]);
  assert_array_equals(await settled(store.index('i').getAllKeys(4, 3)), [4, 14, 24]);
  assert_throws_js(TypeError, () => store.getAll(null, -1));
  assert_throws_js(TypeError, () => store.getAll({count: 2 ** 32}));
  assert_throws_js(TypeError, () => store.getAll({direction: 'up'}));
  assert_throws_dom('DataError', () => store.getAll(new Date(NaN)));
  assert_throws_dom('DataError', () => store.getAll({query: new Date(NaN)}));
}, 'getAll and its like');

promise_test(async t => {
  let first;
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s');
    for (let i = 0; i < 700; i++) store.put({n: i % 7}, i);
    first = store.put({n: 100}, 1000);
    store.createIndex('late', 'n');
    store.put({n: 200}, 1001);
  });
  const index = db.transaction('s').objectStore('s').index('late');
  assert_equals(await settled(index.count()), 702);
  assert_equals(await settled(index.count(3)), 100);
  assert_equals(await settled(index.getKey(200)), 1001);
}, 'an index that comes later has the records that were there');

promise_test(async t => {
  const name = idbName(t);
  const request = indexedDB.open(name, 1);
  let tx;
  request.onupgradeneeded = () => {
    tx = request.transaction;
    const store = request.result.createObjectStore('s');
    store.put({n: 1}, 1);
    store.put({n: 1}, 2);
    store.createIndex('u', 'n', {unique: true});
  };
  await promise_rejects_dom(t, 'AbortError', settled(request));
  assert_equals(tx.error.name, 'ConstraintError');
}, 'a unique index that the records forbid aborts the upgrade');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s');
    const checks = {
      '': true,
      'a': true,
      'a.b': true,
      '$_1.\u00e9': true,
      'a b': false,
      '.a': false,
      'a.': false,
      '1a': false,
      'a..b': false,
      'a,b': false,
      'if': true,
    };
    let number = 0;
    for (const path in checks)
      if (checks[path])
        db.createObjectStore('p' + number++, {keyPath: path});
      else
        assert_throws_dom('SyntaxError', () => db.createObjectStore('x', {keyPath: path}), path);
    assert_throws_dom('SyntaxError', () => db.createObjectStore('x', {keyPath: []}));
    assert_throws_dom('SyntaxError', () => db.createObjectStore('x', {keyPath: ['a', ' ']}));
    assert_throws_dom(
        'InvalidAccessError',
        () => db.createObjectStore('x', {keyPath: ['a'], autoIncrement: true}));
    assert_throws_dom(
        'InvalidAccessError', () => db.createObjectStore('x', {keyPath: '', autoIncrement: true}));
    assert_throws_dom('ConstraintError', () => db.createObjectStore('s'));
    assert_throws_dom(
        'InvalidAccessError', () => store.createIndex('x', ['a'], {multiEntry: true}));
    assert_throws_dom('SyntaxError', () => store.createIndex('x', 'a b'));
    assert_throws_dom('NotFoundError', () => store.deleteIndex('x'));
    assert_throws_dom('NotFoundError', () => store.index('x'));
    assert_throws_dom('NotFoundError', () => db.deleteObjectStore('x'));
    const list = db.createObjectStore('list', {keyPath: ['a', 'b']});
    assert_array_equals(list.keyPath, ['a', 'b']);
    assert_equals(list.keyPath, list.keyPath);
    list.keyPath.push('c');
    list.put({a: 1, b: 2});
  });
  const keys = await settled(db.transaction("list").objectStore("list").getAllKeys());
  assert_equals(JSON.stringify(keys), "[[1,2]]");
}, 'key paths are checked');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    db.createObjectStore('len', {keyPath: 'a.length'});
    db.createObjectStore('blob', {keyPath: 'b.size'});
    db.createObjectStore('type', {keyPath: ['b.type', 'b.size']});
    db.createObjectStore('file', {keyPath: ['f.name', 'f.lastModified', 's.length']});
  });
  const tx = db.transaction(['len', 'blob', 'type', 'file'], 'readwrite');
  const put = (store, value) => settled(tx.objectStore(store).put(value));
  assert_equals(await put('len', {a: [1, 2, 3]}), 3);
  assert_equals(await put('len', {a: 'four'}), 4);
  assert_equals(await put('blob', {b: new Blob(['hello'])}), 5);
  assert_array_equals(
      await put('type', {b: new Blob(['hi'], {type: 'text/plain'})}), ['text/plain', 2]);
  assert_array_equals(
      await put('file', {f: new File(['x'], 'n.txt', {lastModified: 12}), s: 'abc'}),
      ['n.txt', 12, 3]);
}, 'key paths know special attributes');

promise_test(async t => {
  const db = await makeDatabase(t, db => db.createObjectStore('s', {keyPath: 'k'}));
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  const proto = Object.create({k: 1});
  assert_throws_dom('DataError', () => store.put(proto));
  const error = new Error('mine');
  assert_throws_exactly(error, () => store.put({
    get k() {
      throw error;
    }
  }));
  assert_equals(
      await settled(store.put({
        get k() {
          return 9;
        }
      })),
      9);
  let during;
  store.put({
    k: 10,
    get x() {
      try {
        store.get(1);
      } catch (e) {
        during = e.name;
      }
      return 1;
    }
  });
  assert_equals(during, 'TransactionInactiveError');
  assert_throws_dom('DataCloneError', () => store.put({k: 11, f() {}}));
  await settled(store.put({k: 12}));
}, 'getters run while the value is captured, with the transaction inactive');

promise_test(async t => {
  const log = [];
  await makeDatabase(t, db => {
    const store = db.createObjectStore('s');
    const note = (request, name) => {
      request.onsuccess = () => log.push(name + ' success');
      request.onerror = event => {
        log.push(name + ' ' + request.error.name);
        event.preventDefault();
        event.stopPropagation();
      };
    };
    note(store.add({x: 'same'}, 1), 'first');
    store.createIndex('i', 'x', {unique: true});
    note(store.add({x: 'same'}, 2), 'second');
    store.deleteIndex('i');
    note(store.add({x: 'same'}, 3), 'third');
  });
  assert_array_equals(log, ['first success', 'second ConstraintError', 'third success']);
}, 'an index holds for what comes before its deletion');

promise_test(async t => {
  const db = await makeDatabase(t, db => {
    db.createObjectStore('s', {keyPath: 'id', autoIncrement: true});
  });
  const store = db.transaction('s', 'readwrite').objectStore('s');
  await settled(store.put({list: [5, 6]}));
  Object.defineProperty(Object.prototype, 'id', {configurable: true, set() {}});
  const request = store.get(1);
  await new Promise(resolve => request.onsuccess = resolve);
  delete Object.prototype.id;
  assert_true(Object.hasOwn(request.result, 'id'));
  assert_array_equals(request.result.list, [5, 6]);
}, 'values come back past the setters of prototypes');
