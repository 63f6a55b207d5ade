// SPDX-License-Identifier: MIT
// What IndexedDB costs a script: records per second. Runs in `offstage eval`, in a browser's worker
// and in Node with an implementation of its own in the global scope.
(function() {
const records = 20000;
const perTransaction = 100;
const payload = 'x'.repeat(1000);

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
}

async function measure(name, count, run) {
  const begin = performance.now();
  await run();
  const seconds = (performance.now() - begin) / 1000;
  console.log(name + ': ' + Math.round(count / seconds) + ' per s');
}

async function run() {
  await settled(indexedDB.deleteDatabase('bench'));
  const request = indexedDB.open('bench', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('plain');
    request.result.createObjectStore('inline', {keyPath: 'id'}).createIndex('group', 'group');
    request.result.createObjectStore('single');
  };
  const db = await settled(request);

  await measure('put, 1 KiB, ' + perTransaction + ' per transaction', records, async () => {
    for (let i = 0; i < records; i += perTransaction) {
      const tx = db.transaction('plain', 'readwrite', {durability: 'relaxed'});
      const store = tx.objectStore('plain');
      for (let k = 0; k < perTransaction; k++)
        store.put({n: i + k, text: payload}, i + k);
      await ended(tx);
    }
  });
  await measure('put with a key path and an index', records, async () => {
    for (let i = 0; i < records; i += perTransaction) {
      const tx = db.transaction('inline', 'readwrite', {durability: 'relaxed'});
      const store = tx.objectStore('inline');
      for (let k = 0; k < perTransaction; k++)
        store.put({id: i + k, group: (i + k) % 100, text: payload});
      await ended(tx);
    }
  });
  for (const durability of ['relaxed', 'strict'])
    await measure('one put per transaction, ' + durability, 1000, async () => {
      for (let i = 0; i < 1000; i++) {
        const tx = db.transaction('single', 'readwrite', {durability});
        tx.objectStore('single').put({text: payload}, i);
        await ended(tx);
      }
    });
  await measure('get, ' + perTransaction + ' per transaction', records, async () => {
    for (let i = 0; i < records; i += perTransaction) {
      const store = db.transaction('plain').objectStore('plain');
      const all = [];
      for (let k = 0; k < perTransaction; k++)
        all.push(settled(store.get(i + k)));
      await Promise.all(all);
    }
  });
  await measure('cursor', records, () => new Promise((resolve, reject) => {
    const request = db.transaction('plain').objectStore('plain').openCursor();
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor)
        return resolve();
      if (cursor.value.n !== cursor.key)
        reject(new Error('another value'));
      cursor.continue();
    };
  }));
  const all = db.transaction('plain').objectStore('plain');
  await measure('getAll', records, () => settled(all.getAll()));
  db.close();
}

run().catch(error => console.error(error && error.stack || error));
})();
