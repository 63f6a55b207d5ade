// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: cursors

function letters(t) {
  return makeDatabase(t, db => {
    const store = db.createObjectStore('s', {keyPath: 'k'});
    store.createIndex('i', 'v');
    'aabbccdd'.split('').forEach((v, k) => store.put({k, v}));
  });
}

const orders = {
  next: [0, 1, 2, 3, 4, 5, 6, 7],
  prev: [7, 6, 5, 4, 3, 2, 1, 0],
  nextunique: [0, 2, 4, 6],
  prevunique: [6, 4, 2, 0],
};
for (const direction in orders)
  promise_test(async t => {
    const db = await letters(t);
    const index = db.transaction('s').objectStore('s').index('i');
    const seen = await collectCursor(index.openCursor(null, direction), cursor => {
      assert_true(cursor instanceof IDBCursorWithValue);
      assert_equals(cursor.direction, direction);
      assert_equals(cursor.value.k, cursor.primaryKey);
      assert_equals(cursor.value.v, cursor.key);
      return cursor.primaryKey;
    });
    assert_array_equals(seen, orders[direction]);
    const keys = await collectCursor(index.openKeyCursor(IDBKeyRange.bound('b', 'c'), direction));
    assert_array_equals(keys, orders[direction].filter(k => k >= 2 && k <= 5));
  }, 'an index is visited in the direction ' + direction);

promise_test(async t => {
  const db = await letters(t);
  const tx = db.transaction('s');
  const store = tx.objectStore('s');
  const request = store.openCursor();
  const cursor = await settled(request);
  assert_equals(cursor.source, store);
  assert_equals(cursor.request, request);
  const value = cursor.value;
  assert_equals(cursor.value, value);
  value.mine = 1;
  assert_equals(cursor.value.mine, 1);
  cursor.continue();
  assert_equals(cursor.value, value);
  assert_equals(request.readyState, 'pending');
  assert_throws_dom('InvalidStateError', () => cursor.continue());
  assert_throws_dom('InvalidStateError', () => cursor.advance(1));
  assert_equals(await settled(request), cursor);
  assert_equals(cursor.key, 1);
  cursor.continue(5);
  await settled(request);
  assert_equals(cursor.key, 5);
  assert_throws_dom('DataError', () => cursor.continue(5));
  assert_throws_dom('DataError', () => cursor.continue(1));
  assert_throws_dom('DataError', () => cursor.continue({}));
  assert_throws_js(TypeError, () => cursor.advance(0));
  assert_throws_js(TypeError, () => cursor.advance(-1));
  assert_throws_js(TypeError, () => cursor.advance('x'));
  assert_throws_dom('InvalidAccessError', () => cursor.continuePrimaryKey(6, 6));
  assert_throws_dom('ReadOnlyError', () => cursor.update({}));
  assert_throws_dom('ReadOnlyError', () => cursor.delete());
  cursor.advance(2);
  await settled(request);
  assert_equals(cursor.key, 7);
  cursor.continue();
  assert_equals(await settled(request), null);
  assert_equals(cursor.key, undefined);
  assert_equals(cursor.value, undefined);
  assert_throws_dom('InvalidStateError', () => cursor.continue());
  await ended(tx);
  assert_throws_dom('TransactionInactiveError', () => cursor.continue());
}, 'a cursor is one object that moves');

promise_test(async t => {
  const db = await letters(t);
  const index = db.transaction('s').objectStore('s').index('i');
  const request = index.openCursor();
  const cursor = await settled(request);
  const go = async (key, primary) => {
    cursor.continuePrimaryKey(key, primary);
    await settled(request);
    return [cursor.key, cursor.primaryKey];
  };
  assert_throws_dom('DataError', () => cursor.continuePrimaryKey('a', 0));
  assert_array_equals(await go('a', 1), ['a', 1]);
  assert_array_equals(await go('b', 3), ['b', 3]);
  assert_array_equals(await go('c', 6), ['d', 6]);
  assert_throws_dom('DataError', () => cursor.continuePrimaryKey('c', 9));
  cursor.continuePrimaryKey('d', 8);
  assert_equals(await settled(request), null);
  const back = index.openCursor(null, 'prev');
  const cursor2 = await settled(back);
  cursor2.continuePrimaryKey('c', 4);
  await settled(back);
  assert_array_equals([cursor2.key, cursor2.primaryKey], ['c', 4]);
  const unique = await settled(index.openCursor(null, 'nextunique'));
  assert_throws_dom('InvalidAccessError', () => unique.continuePrimaryKey('d', 1));
}, 'continuePrimaryKey()');

promise_test(async t => {
  const db = await letters(t);
  const tx = db.transaction('s', 'readwrite');
  const store = tx.objectStore('s');
  const seen = await collectCursor(store.openCursor(), cursor => {
    if (cursor.key % 2)
      cursor.delete();
    else
      cursor.update({k: cursor.key, v: 'new'});
    if (cursor.key === 0) assert_throws_dom('DataError', () => cursor.update({k: 99}));
    return cursor.key;
  });
  assert_array_equals(seen, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert_array_equals(await settled(store.getAllKeys()), [0, 2, 4, 6]);
  assert_equals(await settled(store.index('i').count('new')), 4);
  const keyCursor = await settled(store.openKeyCursor());
  assert_false(keyCursor instanceof IDBCursorWithValue);
  assert_throws_dom('InvalidStateError', () => keyCursor.update({}));
  assert_throws_dom('InvalidStateError', () => keyCursor.delete());
  await ended(tx);
}, 'a cursor updates and deletes');

promise_test(async t => {
  const db = await letters(t);
  const store = db.transaction('s', 'readwrite').objectStore('s');
  const seen = await collectCursor(store.openCursor(), cursor => {
    if (cursor.key === 1) {
      store.delete(2);
      store.put({k: 2.5, v: 'x'});
    }
    return cursor.key;
  });
  assert_array_equals(seen, [0, 1, 2.5, 3, 4, 5, 6, 7]);
}, 'a cursor sees what was written after it was opened');

promise_test(async t => {
  const count = 3000;
  const db = await makeDatabase(t, db => {
    const store = db.createObjectStore('s');
    for (let i = 0; i < count; i++) store.put(i * 2, i);
  });
  const store = db.transaction('s').objectStore('s');
  let expected = 0;
  const seen = await collectCursor(store.openCursor(), cursor => {
    assert_equals(cursor.key, expected);
    assert_equals(cursor.value, 2 * expected++);
  });
  assert_equals(seen.length, count);
  const request = store.openCursor(null, 'prev');
  const cursor = await settled(request);
  cursor.advance(1500);
  await settled(request);
  assert_equals(cursor.key, count - 1 - 1500);
  cursor.advance(2000);
  assert_equals(await settled(request), null);
}, 'long iterations');
