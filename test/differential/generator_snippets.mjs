// SPDX-License-Identifier: MIT
// Pieces of programs that a grammar would hardly find. $id1$ is a fresh name, the same in one
// snippet; $number$, $string$, $array$, $object$ and $any$ are expressions, $small$ a digit.
export const snippets = [
  'class $id1$ { #p = $number$; static s = $string$; get p() { return this.#p; } set p(x) { this.#p = x; } }\n'
    + 'const $id2$ = new $id1$(); $id2$.p = $any$; console.log(show([$id2$.p, $id1$.s]));',
  'class $id1$ { constructor(x) { this.x = x; } m() { return this.x; } }\n'
    + 'class $id2$ extends $id1$ { constructor() { super($any$); } m() { return [super.m(), new.target]; } }\n'
    + 'console.log(show(new $id2$().m()));',
  'class $id1$ extends Array { last() { return this.at(-1); } }\n'
    + 'console.log(show($id1$.from($array$).map(x => x).last()));',
  'class $id1$ extends Error { name = "E" + $small$; }\ntry { throw new $id1$($string$, {cause: $any$}); }\n'
    + 'catch ($id2$) { console.log(show([$id2$.name, $id2$.message, $id2$.cause])); }',
  'function* $id1$(n) { for (let i = 0; i < n; i++) { const got = yield i; if (got) console.log(show(got)); } return $any$; }\n'
    + 'const $id2$ = $id1$($small$); console.log(show([$id2$.next(), $id2$.next($string$), ...$id2$]));',
  'function* $id1$() { try { yield 1; yield* [2, 3]; } finally { console.log("closed"); } }\n'
    + 'for (const $id2$ of $id1$()) { console.log($id2$); if ($id2$ >= $small$) break; }',
  'async function* $id1$() { for (const x of $array$) yield x; }\n'
    + 'const $id2$ = []; for await (const x of $id1$()) $id2$.push(x); console.log(show($id2$));',
  'console.log(show(await Promise.all([$any$, Promise.resolve($any$), (async () => $any$)()])));',
  'console.log(show(await Promise.allSettled([$any$, Promise.reject($any$)])));',
  'console.log(show(await Promise.race([new Promise(() => {}), $any$])));',
  'console.log(show(await Promise.any([Promise.reject(1), $any$]).catch(e => e.name)));',
  'await Promise.reject(new RangeError($string$)).catch(e => console.log(show(e))).finally(() => console.log("f"));',
  'Promise.resolve().then(() => console.log("m1")).then(() => console.log("m2"));\n'
    + 'await null; console.log("after"); await Promise.resolve(); console.log("last");',
  'const {a: $id1$ = $any$, ...$id2$} = $object$; console.log(show([$id1$, $id2$]));',
  'const [$id1$, , $id2$ = $any$, ...$id3$] = $array$; console.log(show([$id1$, $id2$, $id3$]));',
  'const $id1$ = new Map(Object.entries($object$)); $id1$.set($any$, $any$).delete("a");\n'
    + 'console.log(show([$id1$.size, [...$id1$.keys()]]));',
  'const $id1$ = new Set($array$); for (const x of $id1$) if (typeof x === "number" && x < 5) $id1$.add(x + 5);\n'
    + 'console.log(show([...$id1$]));',
  'const $id1$ = (s, ...v) => s.raw.join("|") + v.length; console.log($id1$`a${$any$}\\n${$any$}c`);',
  'const $id1$ = {[Symbol.iterator]() { let i = 0; return {next: () => ({value: i, done: i++ >= $small$}),\n'
    + 'return() { console.log("return"); return {}; }}; }};\nconst [$id2$] = $id1$; console.log(show([$id2$, ...$id1$]));',
  'const $id1$ = new Proxy($object$, {get: (t, k, r) => typeof k === "string" ? k + "!" : Reflect.get(t, k, r), has: () => true,\n'
    + 'ownKeys: () => ["q"], getOwnPropertyDescriptor: () => ({value: 1, enumerable: true, configurable: true})});\n'
    + 'console.log(show([$id1$.zz, "n" in $id1$, Object.keys($id1$)]));',
  'const $id1$ = {valueOf: () => $number$, toString: () => $string$};\n'
    + 'console.log(show([$id1$ + 1, `${$id1$}`, $id1$ * 2, $id1$ == $number$]));',
  'const $id1$ = {[Symbol.toPrimitive]: hint => hint}; console.log(show([`${$id1$}`, $id1$ + "", +$id1$]));',
  'console.log(show($string$.replace(/(?<first>\\w)(?<rest>\\w*)/g, (...m) => JSON.stringify(m.at(-1)))));',
  'console.log(show([.../(\\d)|([a-c])/dg.exec($string$ + "b1").indices[0]]));',
  'console.log(show($string$.split(/(?<=a)|,/u)));',
  'const $id1$ = /[a-z]/gy; console.log(show([$id1$.test($string$), $id1$.lastIndex, $id1$.test($string$), $id1$.lastIndex]));',
  'console.log(show(JSON.parse(JSON.stringify($object$, (k, v) => typeof v === "number" ? v + 1 : v, 2))));',
  'console.log(show([Object.getOwnPropertyDescriptor($object$, "a"), Object.isFrozen(Object.freeze($object$))]));',
  'const $id1$ = Object.defineProperty({}, "h", {get() { return $any$; }, enumerable: false});\n'
    + 'console.log(show([Object.keys($id1$), $id1$.h, "h" in $id1$]));',
  'var $id1$ = 0; outer$id1$: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) {\n'
    + 'if (j === $small$) continue outer$id1$; if (i === 2) break outer$id1$; $id1$ += i * 3 + j; } }\nconsole.log($id1$);',
  'console.log(show([...Array(3).keys()].map(i => { switch (i) { case 0: return "z"; case 1: { let q = i; return q; } default: return [i]; } })));',
  'const $id1$ = function f(n) { return n <= 1 ? 1 : n * f(n - 1); }; console.log($id1$($small$));',
  'console.log(show((function () { return [arguments.length, ...arguments, this === undefined]; })($any$, $any$)));',
  'console.log(show((() => { try { return "t"; } finally { console.log("fin"); } })()));',
  'console.log(show(((a, b = a, [c, d] = [b, 1], {e = 2, ...f} = {g: 3}) => [a, b, c, d, e, f])($any$)));',
  'const $id1$ = {a: {b: null}}; console.log(show([$id1$?.a?.b?.c, $id1$.x?.y(), $id1$.a?.["b"], delete $id1$?.a]));',
  'let $id1$ = null; $id1$ ??= $any$; $id1$ &&= $any$; $id1$ ||= $any$; console.log(show($id1$));',
  'console.log(show([typeof undeclared$id1$, (() => { try { undeclared$id1$; } catch (e) { return e.name; } })()]));',
  'console.log(show((() => { try { tdz$id1$; let tdz$id1$ = 1; } catch (e) { return e.name; } })()));',
  'console.log(show(new Float64Array($array$).map(x => x * 2)));',
  'console.log(show(Int16Array.from($array$.flat(5), x => x * 1000)));',
  'const $id1$ = new DataView(new ArrayBuffer(16)); $id1$.setFloat64(0, $number$); $id1$.setBigInt64(8, 5n);\n'
    + 'console.log(show([$id1$.getUint8(0), $id1$.getInt32(0, true), $id1$.getBigUint64(8)]));',
  'console.log(new Date(Date.UTC(2020, $small$, 1 + $small$)).toISOString());',
  'console.log(show([Number.parseFloat($string$), Number.isInteger($number$), Number.EPSILON > 0]));',
  'console.log(show(Reflect.ownKeys({b: 1, [Symbol("s")]: 2, 2: 3, a: 4, 1: 5})));',
  'console.log(show([..."a😀b"].reverse().join("")));',
  'var $id1$ = []; for (var $id2$ in {x: 1, y: 2, 3: 0}) $id1$.push($id2$); console.log(show($id1$));',
  'const $id1$ = new WeakMap(), $id2$ = {}; console.log(show([$id1$.set($id2$, $any$).get($id2$), $id1$.has({})]));',
  'console.log(show(Object.entries(Object.groupBy ? {} : {}).concat(Object.entries($object$))));',
  'console.log(show($array$.copyWithin(0, 1).fill(7, $small$)));',
  'console.log(show($array$.flatMap(x => [x, [x]]).findLast(x => Array.isArray(x))));',
];
