// SPDX-License-Identifier: MIT
// A workload on Dexie; the last line says that all of it went as expected.
function check(holds, what) {
  if (!holds)
    throw new Error('not so: ' + what);
}

(async function() {
  await Dexie.delete('people');
  const first = new Dexie('people');
  first.version(1).stores({friends: '++id, name, age, *tags'});
  await first.open();
  await first.friends.bulkAdd(Array.from(
      {length: 500},
      (_, i) => ({name: 'n' + (i % 50), age: i % 90, tags: ['t' + (i % 3), 't' + (i % 5)]})));
  check(await first.friends.count() === 500, 'all are added');
  check(await first.friends.where('age').between(10, 20).count() === 60, 'a range of an index');
  check((await first.friends.where('name').equals('n7').toArray()).length === 10, 'equals');
  check(await first.friends.where('tags').equals('t4').count() === 100, 'several entries');
  check((await first.friends.orderBy('age').reverse().limit(3).toArray())[0].age === 89, 'order');
  const prefixed = await first.friends.where('name').startsWith('n1').distinct().primaryKeys();
  check(prefixed.length === 110, 'a prefix');
  const some = await first.friends.where('name').anyOf('n1', 'n2', 'none').toArray();
  check(some.length === 20, 'anyOf');
  await first.transaction('rw', first.friends, async () => {
    await first.friends.where('age').above(80).modify({old: true});
    await first.friends.where('age').below(5).delete();
  });
  check(await first.friends.filter(f => f.old).count() === 45, 'modified');
  let failed = false;
  try {
    await first.transaction('rw', first.friends, async () => {
      await first.friends.clear();
      throw new Error('back');
    });
  } catch (error) {
    failed = error.message === 'back';
  }
  check(failed && await first.friends.count() === 470, 'a failed transaction leaves no trace');
  try {
    await first.friends.add({id: 300, name: 'twice'});
    check(false, 'added twice');
  } catch (error) {
    check(error.name === 'ConstraintError', 'ConstraintError');
  }
  first.close();
  const second = new Dexie('people');
  second.version(1).stores({friends: '++id, name, age, *tags'});
  second.version(2).stores({friends: '++id, name, [name+age]', log: '&key'}).upgrade(
      tx => tx.table('friends').toCollection().modify(f => { f.upgraded = 1; }));
  await second.open();
  check((await second.friends.get(300)).upgraded === 1, 'upgraded');
  check(await second.friends.where('[name+age]').equals(['n49', 49]).count() > 0, 'compound index');
  await second.log.put({key: 'k', value: new Date(5)});
  check((await second.log.get('k')).value.getTime() === 5, 'dates');
  second.close();
  await Dexie.delete('people');
  console.log('dexie: done');
})().catch(error => console.log('dexie: failed', error && error.stack || error));
