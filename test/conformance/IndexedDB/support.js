// SPDX-License-Identifier: MIT
// Helpers of the tests of IndexedDB.
var idbNumber = 0;

function idbName(t) {
  return 'db ' + location.href + ' ' + t.name + ' ' + ++idbNumber;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = event => {
      event.preventDefault();
      reject(request.error);
    };
  });
}

function ended(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error);
  });
}

// Opens version 1 of a database of its own; `upgrade(db, tx)` makes its stores.
function makeDatabase(t, upgrade) {
  const name = idbName(t);
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => upgrade(request.result, request.transaction, request);
  t.add_cleanup(() => new Promise(resolve => {
                  if (request.readyState === 'done' && request.result) request.result.close();
                  const gone = indexedDB.deleteDatabase(name);
                  gone.onsuccess = gone.onerror = resolve;
                }));
  return settled(request);
}

function eventOf(target, type) {
  return new Promise(resolve => target.addEventListener(type, resolve, {once: true}));
}

async function collectCursor(request, visit) {
  const seen = [];
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return resolve(seen);
      seen.push(visit ? visit(cursor) : cursor.primaryKey);
      cursor.continue();
    };
  });
}
