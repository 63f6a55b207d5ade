// SPDX-License-Identifier: MIT
// A workload on PouchDB's indexeddb adapter; the last line says that all of it went as expected.
function check(holds, what) {
  if (!holds)
    throw new Error('not so: ' + what);
}

(async function() {
  const db = new PouchDB('notes', {adapter: 'indexeddb'});
  const put = await db.put({_id: 'a', text: 'first'});
  check(put.ok, 'put');
  const doc = await db.get('a');
  doc.text = 'second';
  await db.put(doc);
  check((await db.get('a')).text === 'second', 'a revision');
  await db.put({_id: 'a', text: 'x'}).then(() => check(false, 'conflict'),
                                           error => check(error.status === 409, 'conflict'));
  const many = await db.bulkDocs(Array.from({length: 200}, (_, i) => ({_id: 'n' + (1000 + i), i})));
  check(many.length === 200 && many.every(r => r.ok), 'bulk');
  const all = await db.allDocs({startkey: 'n', limit: 10, include_docs: true});
  check(all.rows.length === 10 && all.rows[3].doc.i === 3, 'allDocs');
  const changes = await db.changes({since: 0, limit: 500});
  check(changes.results.length === 201, 'changes');
  await db.putAttachment('b', 'file', new Blob(['attached'], {type: 'text/plain'}), 'text/plain');
  check(await (await db.getAttachment('b', 'file')).text() === 'attached', 'attachments');
  await db.remove(await db.get('a'));
  await db.get('a').then(() => check(false, 'removed'),
                         error => check(error.status === 404, 'removed'));
  check((await db.info()).doc_count === 201, 'info');
  await db.destroy();
  console.log('pouchdb: done');
})().catch(error => console.log('pouchdb: failed', error && error.stack || error));
