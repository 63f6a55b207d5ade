// SPDX-License-Identifier: MIT
// META: script=support.js
// META: title=IndexedDB: transactions

setup({allow_uncaught_exception: true});

const simple = t => makeDatabase(t, db => {
  db.createObjectStore('a');
  db.createObjectStore('b');
});

promise_test(async t => {
  const db = await simple(t);
  assert_throws_dom('NotFoundError', () => db.transaction('x'));
  assert_throws_dom('NotFoundError', () => db.transaction(['a', 'x']));
  assert_throws_dom('InvalidAccessError', () => db.transaction([]));
  assert_throws_js(TypeError, () => db.transaction('a', 'write'));
  assert_throws_js(TypeError, () => db.transaction('a', 'versionchange'));
  assert_throws_dom('NotFoundError', () => db.transaction('x', 'versionchange'));
  assert_throws_js(TypeError, () => db.transaction());
  assert_throws_js(TypeError, () => db.transaction('a', 'readonly', {durability: 'x'}));
  const tx = db.transaction(['b', 'a', 'b'], 'readwrite', {durability: 'relaxed'});
  assert_array_equals(tx.objectStoreNames, ['a', 'b']);
  assert_equals(tx.mode, 'readwrite');
  assert_equals(tx.durability, 'relaxed');
  assert_equals(tx.db, db);
  assert_equals(tx.error, null);
  assert_equals(tx.objectStore('a'), tx.objectStore('a'));
  assert_equals(tx.objectStore('a').transaction, tx);
  assert_throws_dom('NotFoundError', () => tx.objectStore('x'));
  const store = tx.objectStore('a');
  await ended(tx);
  assert_throws_dom('InvalidStateError', () => tx.objectStore('a'));
  assert_throws_dom('InvalidStateError', () => tx.abort());
  assert_throws_dom('InvalidStateError', () => tx.commit());
  assert_throws_dom('TransactionInactiveError', () => store.get(1));
  db.close();
  assert_throws_dom('InvalidStateError', () => db.transaction('a'));
}, 'attributes and errors of transactions');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const store = tx.objectStore('a');
  await Promise.resolve();
  store.put(1, 1);
  await null;
  store.put(2, 2);
  const outcome = await new Promise(resolve => setTimeout(() => {
                                      try {
                                        store.put(3, 3);
                                      } catch (error) {
                                        resolve(error.name);
                                      }
                                    }));
  assert_equals(outcome, 'TransactionInactiveError');
}, 'a transaction is active in the microtasks of its task only');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const store = tx.objectStore('a');
  const log = [];
  store.put(1, 1).onsuccess = () => {
    log.push('first');
    Promise.resolve().then(() => {
      log.push('microtask');
      store.put(2, 2).onsuccess = () => log.push('second');
    });
  };
  await ended(tx);
  assert_array_equals(log, ['first', 'microtask', 'second']);
}, 'a transaction is active in the microtasks of its listeners');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const request = tx.objectStore('a').put(1, 1);
  const log = [];
  const add = (target, name) => {
    for (const type of ['success', 'foo'])
      for (const capture of [true, false])
        target.addEventListener(
            type,
            e => log.push(`${name} ${e.type} ${e.eventPhase} ${capture} ${e.target === request} ${
                e.currentTarget === target}`),
            capture);
  };
  add(request, 'request');
  add(tx, 'tx');
  add(db, 'db');
  await ended(tx);
  assert_array_equals(log, [
    'db success 1 true true true', 'tx success 1 true true true',
    'request success 2 true true true', 'request success 2 false true true'
  ]);
  log.length = 0;
  request.dispatchEvent(new Event('foo', {bubbles: true}));
  assert_array_equals(log, [
    'db foo 1 true true true', 'tx foo 1 true true true', 'request foo 2 true true true',
    'request foo 2 false true true', 'tx foo 3 false true true', 'db foo 3 false true true'
  ]);
}, 'events travel from the connection to the request and back');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const store = tx.objectStore('a');
  const log = [];
  const requests = [store.put(1, 1), store.put(2, 2), store.get(1)];
  requests.forEach((r, i) => r.onerror = e => {
    assert_equals(r.error.name, 'AbortError');
    assert_true(e.bubbles);
    assert_true(e.cancelable);
    assert_equals(r.result, undefined);
    log.push(i);
  });
  tx.onabort = () => log.push('abort');
  tx.abort();
  assert_throws_dom('TransactionInactiveError', () => store.get(1));
  assert_equals(requests[0].readyState, 'pending');
  await eventOf(tx, 'abort');
  assert_array_equals(log, [0, 1, 2, 'abort']);
  assert_equals(tx.error, null);
  assert_equals(await settled(db.transaction('a').objectStore('a').count()), 0);
}, 'abort() fails every pending request');

for (const how of ['handler', 'listener', 'object', 'noncallable'])
  promise_test(async t => {
    const db = await simple(t);
    const tx = db.transaction('a', 'readwrite');
    const request = tx.objectStore('a').put(1, 1);
    const boom = () => {
      throw new Error('on purpose');
    };
    if (how === 'handler')
      request.onsuccess = boom;
    else
      request.addEventListener(
          'success', how === 'listener' ? boom : {handleEvent: how === 'object' ? boom : 5});
    await eventOf(tx, 'abort');
    assert_equals(tx.error.name, 'AbortError');
  }, 'an exception in a ' + how + ' aborts the transaction');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const store = tx.objectStore('a');
  const put = store.put(1, 1);
  tx.commit();
  assert_throws_dom('TransactionInactiveError', () => store.put(2, 2));
  assert_throws_dom('InvalidStateError', () => tx.commit());
  assert_throws_dom('InvalidStateError', () => tx.abort());
  put.onsuccess = () => assert_throws_dom('TransactionInactiveError', () => store.put(2, 2));
  await ended(tx);
  assert_equals(await settled(db.transaction('a').objectStore('a').get(1)), 1);
  const failing = db.transaction('a', 'readwrite');
  failing.objectStore('a').add(2, 2);
  failing.objectStore('a').add(2, 1);
  failing.commit();
  await eventOf(failing, 'abort');
  assert_equals(failing.error.name, 'ConstraintError');
  assert_equals(await settled(db.transaction('a').objectStore('a').count()), 1);
}, 'commit()');

promise_test(async t => {
  const db = await simple(t);
  const log = [];
  const watch = (tx, name) => new Promise(resolve => tx.oncomplete = () => {
    log.push(name);
    resolve();
  });
  const one = db.transaction('a', 'readwrite');
  one.objectStore('a').put(1, 1).onsuccess = () => log.push('put');
  const two = db.transaction('a', 'readwrite');
  const three = db.transaction('a');
  three.objectStore('a').get(1).onsuccess = e => log.push('get ' + e.target.result);
  await Promise.all([watch(one, 'one'), watch(two, 'two'), watch(three, 'three')]);
  assert_array_equals(log, ['put', 'one', 'two', 'get 1', 'three']);
}, 'overlapping transactions run in the order of their making');

promise_test(async t => {
  const db = await simple(t);
  const tx = db.transaction('a', 'readwrite');
  const store = tx.objectStore('a');
  const values = [];
  for (let i = 0; i < 5000; i++) store.put(i, i);
  store.getAll().onsuccess = e => values.push(e.target.result.length);
  store.clear();
  store.count().onsuccess = e => values.push(e.target.result);
  store.put('x', 'x');
  await ended(tx);
  assert_array_equals(values, [5000, 0]);
  assert_equals(await settled(db.transaction('a').objectStore('a').count()), 1);
}, 'many requests stay in order');
