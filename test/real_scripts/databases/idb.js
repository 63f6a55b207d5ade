// SPDX-License-Identifier: MIT
// A workload on idb; the last line says that all of it went as expected.
function check(holds, what) {
  if (!holds)
    throw new Error('not so: ' + what);
}

(async function() {
  await idb.deleteDB('articles');
  const db = await idb.openDB('articles', 1, {
    upgrade(db) {
      const store = db.createObjectStore('articles', {keyPath: 'id', autoIncrement: true});
      store.createIndex('date', 'date');
      db.createObjectStore('keyval');
    },
  });
  await db.add('articles', {title: 'one', date: new Date('2019-01-01'), body: '...'});
  {
    const tx = db.transaction('articles', 'readwrite');
    await Promise.all([
      tx.store.add({title: 'two', date: new Date('2019-01-02')}),
      tx.store.add({title: 'three', date: new Date('2019-01-03')}),
      tx.done,
    ]);
  }
  check((await db.getAllFromIndex('articles', 'date')).map(a => a.title).join() === 'one,two,three',
        'in the order of dates');
  {
    const tx = db.transaction('articles', 'readwrite');
    let cursor = await tx.store.index('date').openCursor(new Date('2019-01-01'));
    while (cursor) {
      const article = {...cursor.value};
      article.body += ' and more';
      cursor.update(article);
      cursor = await cursor.continue();
    }
    await tx.done;
  }
  check((await db.get('articles', 1)).body === '... and more', 'updated at a cursor');
  let titles = '';
  let cursor = await db.transaction('articles').store.openCursor(null, 'prev');
  while (cursor) {
    titles += cursor.value.title;
    cursor = await cursor.continue();
  }
  check(titles === 'threetwoone', 'backward');
  await db.put('keyval', new Map([['a', new Set([1])]]), 'map');
  check((await db.get('keyval', 'map')).get('a').has(1), 'maps and sets');
  check(await db.count('articles') === 3, 'counted');
  await db.delete('articles', 2);
  check((await db.getAllKeys('articles')).join() === '1,3', 'deleted');
  const aborted = db.transaction('keyval', 'readwrite');
  aborted.store.put(1, 'x').catch(() => 'it is aborted');
  aborted.abort();
  check(await aborted.done.then(() => false, error => error.name === 'AbortError'), 'aborted');
  check(await db.get('keyval', 'x') === undefined, 'gone');
  db.close();
  console.log('idb: done');
})().catch(error => console.log('idb: failed', error && error.stack || error));
