// SPDX-License-Identifier: MIT
// The order of jobs: each block prints its name with every step, all start in the same turn.
function block(name, run) {
  run((...parts) => console.log(name, ...parts.map(part => show(part))));
}
const thenable = steps => ({then(resolve) { steps('then called'); resolve('t'); }});
const pending = () => new Promise(() => {});

block('await value', async log => { log(1); await 5; log(2); await 'x'; log(3); });
block('await promise', async log => { log(1); await Promise.resolve(); log(2); });
block('await thenable', async log => { log(1); log(await thenable(log)); });
block('await async', async log => {
  await (async () => { await 1; log('inner'); })();
  log('outer');
});
block('return promise', async log => {
  (async () => Promise.resolve(1))().then(() => log('returned'));
});
block('return await', async log => {
  (async () => await Promise.resolve(1))().then(() => log('returned'));
});
block('return thenable', async log => { (async () => thenable(log))().then(x => log(x)); });
block('resolve promise', log => {
  new Promise(r => r(Promise.resolve(1))).then(() => log('resolved'));
});
block('then returns promise', log => {
  Promise.resolve().then(() => Promise.resolve()).then(() => log('chained'));
});
block('then returns value', log => {
  Promise.resolve().then(() => 1).then(() => log(2)).then(() => log(3));
});
block('catch chain', log => {
  Promise.reject(new Error('e')).then(() => log('no')).catch(e => log(e))
      .finally(() => log('finally')).then(x => log(x));
});
block('finally value', log => { Promise.resolve(1).finally(() => 2).then(x => log(x)); });
block('finally throws', log => {
  Promise.resolve(1).finally(() => { throw new TypeError(); }).catch(e => log(e));
});
block('finally promise', log => {
  Promise.resolve(1).finally(() => Promise.resolve(log('f'))).then(x => log(x));
});
block('all', log => { Promise.all([1, Promise.resolve(2), thenable(log)]).then(x => log(x)); });
block('all empty', log => { Promise.all([]).then(x => log(x)); });
block('all rejects', log => { Promise.all([pending(), Promise.reject(1)]).catch(x => log(x)); });
block('allSettled', log => { Promise.allSettled([1, Promise.reject(2)]).then(x => log(x)); });
block('any', log => { Promise.any([Promise.reject(1), 2]).then(x => log(x)); });
block('any rejects', log => { Promise.any([Promise.reject(1)]).catch(e => log(e, e.errors)); });
block('race', log => { Promise.race([pending(), 1, 2]).then(x => log(x)); });
block('microtask', log => {
  queueMicrotask(() => { log(1); queueMicrotask(() => log(2)); });
  Promise.resolve().then(() => log('p'));
});
block('settled twice', log => { new Promise((a, b) => { a(1); b(2); a(3); }).then(x => log(x)); });
block('throw after resolve', log => { new Promise(a => { a(1); throw 2; }).then(x => log(x)); });
block('self resolution', log => {
  let r;
  const p = new Promise(a => { r = a; });
  r(p);
  p.catch(e => log(e));
});
block('non callable', log => { Promise.resolve(1).then(5, 6).then(x => log(x)); });
block('throwing then', log => {
  Promise.resolve({get then() { throw new RangeError(); }}).catch(e => log(e));
});
block('subclass', log => {
  class P extends Promise {}
  const p = P.resolve(1);
  log(p instanceof P, p.then(() => {}) instanceof P, p.finally(() => {}) instanceof P);
  p.then(x => log(x));
});
block('species', log => {
  class P extends Promise { static get [Symbol.species]() { return Promise; } }
  log(P.resolve(1).then(() => {}) instanceof P);
});
block('constructor getter', async log => {
  const p = Promise.resolve(1);
  Object.defineProperty(p, 'constructor', {get() { log('constructor read'); return Promise; }});
  await p;
  log('awaited');
});
block('for await sync', async log => {
  for await (const x of [1, Promise.resolve(2), 3]) log(x);
  log('done');
});
block('for await async', async log => {
  async function* g() { yield 1; yield Promise.resolve(2); }
  for await (const x of g()) log(x);
  log('done');
});
block('async generator queue', log => {
  async function* g() { log('start'); yield 1; log('middle'); yield 2; }
  const i = g();
  i.next().then(x => log(x));
  i.next().then(x => log(x));
  i.return(9).then(x => log(x));
  i.next().then(x => log(x));
});
block('async generator return', log => {
  async function* g() { try { yield 1; } finally { await null; log('cleanup'); } }
  const i = g();
  i.next().then(() => i.return('r')).then(x => log(x));
});
block('async generator throw', log => {
  async function* g() { try { yield 1; } catch (e) { log(e); yield 'caught'; } }
  const i = g();
  i.next().then(() => i.throw(new TypeError())).then(x => log(x));
});
block('yield star', log => {
  async function* inner() { yield 'a'; return 'b'; }
  async function* outer() { log(await (yield* inner())); }
  const i = outer();
  i.next().then(x => log(x));
  i.next().then(x => log(x));
});
block('yield star sync', async log => {
  async function* g() { yield* [Promise.resolve(1), 2]; }
  for await (const x of g()) log(x);
});
block('yield rejection', async log => {
  async function* g() {
    try { yield Promise.reject(new RangeError()); } catch (e) { log('in', e); throw e; }
  }
  try { for await (const x of g()) log(x); } catch (e) { log('out', e); }
});
block('try await finally', async log => {
  try { await Promise.reject(1); } catch (e) { log(e); } finally { await 0; log('finally'); }
  log('end');
});
block('async arrow this', async function (log) {
  const f = async () => this === undefined;
  log(await f());
});
block('nested awaits', async log => {
  log((await (await Promise.resolve(Promise.resolve(1)))) + (await 2));
});
block('interleaved', log => {
  const run = async name => { for (let i = 0; i < 3; i++) { log(name, i); await i; } };
  run('a');
  run('b');
});
block('sync throw in async', log => {
  (async () => { throw new TypeError(); })().catch(e => log(e));
});
block('parameters throw', log => {
  (async (a = (() => { throw new RangeError(); })()) => a)().catch(e => log(e));
});
block('then in then', log => {
  Promise.resolve().then(() => { log(1); Promise.resolve().then(() => log(2)); })
      .then(() => log(3));
});
block('many thens on one', log => {
  const p = Promise.resolve();
  p.then(() => log(1));
  p.then(() => log(2));
  p.then(() => log(3));
});
block('resolve identity', log => {
  const p = Promise.resolve(1);
  log(Promise.resolve(p) === p, Promise.reject(p).catch(() => {}) === p);
});
block('closing', async log => {
  const it = {
    [Symbol.asyncIterator]() { return this; },
    async next() { return {value: 1, done: false}; },
    async return() { log('closed'); return {}; }
  };
  for await (const x of it) { log(x); break; }
  log('after');
});
setTimeout(() => console.log('timer 1'), 1);
setTimeout(() => {
  console.log('timer 2');
  Promise.resolve().then(() => console.log('after timer 2'));
}, 5);
setTimeout(() => console.log('timer 3'), 20);
