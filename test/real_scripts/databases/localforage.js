// SPDX-License-Identifier: MIT
// A workload on localForage; the last line says that all of it went as expected.
function check(holds, what) {
  if (!holds)
    throw new Error('not so: ' + what);
}

(async function() {
  const store = localforage.createInstance({name: 'forage', driver: localforage.INDEXEDDB});
  await store.ready();
  check(store.driver() === localforage.INDEXEDDB, 'the driver');
  const values = {
    text: 'x', number: 5, nothing: null, list: [1, {a: 2}], bytes: new Uint8Array([1, 2, 3]),
    date: new Date(7), blob: new Blob(['blob']),
  };
  for (const key in values)
    await store.setItem(key, values[key]);
  check(await store.length() === 7, 'length');
  check((await store.keys()).sort().join() === 'blob,bytes,date,list,nothing,number,text', 'keys');
  check((await store.getItem('list'))[1].a === 2, 'a list');
  check((await store.getItem('bytes'))[2] === 3, 'bytes');
  check((await store.getItem('date')).getTime() === 7, 'a date');
  check(await (await store.getItem('blob')).text() === 'blob', 'a blob');
  check(await store.getItem('none') === null, 'nothing');
  let seen = 0;
  await store.iterate(() => { seen++; });
  check(seen === 7, 'iterated');
  await store.removeItem('text');
  check(await store.getItem('text') === null, 'removed');
  const other = localforage.createInstance({name: 'forage', storeName: 'other'});
  await other.setItem('a', 1);
  check(await other.getItem('a') === 1, 'a second store');
  await store.clear();
  check(await store.length() === 0, 'cleared');
  await localforage.dropInstance({name: 'forage'});
  console.log('localforage: done');
})().catch(error => console.log('localforage: failed', error && error.stack || error));
