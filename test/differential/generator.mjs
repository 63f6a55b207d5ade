// SPDX-License-Identifier: MIT
// Makes programs from seeds: a random walk through a grammar of syntax and built-ins. A program
// prints what it computes, terminates, and depends on nothing outside of it.
import {snippets} from './generator_snippets.mjs';

const depthMax = 3;

class Random {
  constructor(seed) { this.state = (seed * 2654435761) >>> 0 || 1; }
  next(limit) {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % limit;
  }
  pick(list) { return list[this.next(list.length)]; }
  chance(percent) { return this.next(100) < percent; }
}

class Program {
  constructor(seed) {
    this.random = new Random(seed);
    this.names = 0;
    this.scopes = [[]];
    this.depth = 0;
    this.mayAwait = true;
  }

  fresh() { return 'v' + this.names++; }
  declare(name, type, constant = false) { this.scopes.at(-1).push({name, type, constant}); }
  variables(type) { return this.scopes.flat().filter(v => type === 'any' || v.type === type); }

  scoped(make) {
    this.scopes.push([]);
    this.depth++;
    const text = make();
    this.depth--;
    this.scopes.pop();
    return text;
  }

  // -- expressions -------------------------------------------------------------------------

  expression(type, depth = 0) {
    const known = this.variables(type);
    if (known.length && this.random.chance(depth > 2 ? 80 : 30)) return this.random.pick(known).name;
    if (depth > depthMax) return this.literal(type);
    return this.random.pick(this.forms(type))(depth + 1);
  }

  literal(type) {
    const r = this.random;
    switch (type) {
      case 'number': return r.pick(['0', '1', '-1', '2.5', '1e3', '0x1f', '-0', 'NaN', '1_000', '0.1',
        '4294967295', '-2147483648']);
      case 'string': return r.pick(['""', '"abc"', "'x y'", '`t`', '"é"', '"a,b,,c"', '"12"',
        '"\\u{1F600}z"']);
      case 'boolean': return r.pick(['true', 'false']);
      case 'array': return r.pick(['[]', '[1, 2, 3]', '[3, , 1]', '["b", "a"]', '[[1], [2, [3]]]',
        '[0.5, -1, 10, 9]']);
      case 'object': return r.pick(['{}', '({a: 1})', '({a: {b: 2}, c: [3]})', '({x: "y", 1: 2, 0: 3})'])
        .replace(/^\{\}$/, '({})');
      default: return r.pick(['0n', '5n', '-7n', '123456789012345678901234567890n', '0xffn']);
    }
  }

  forms(type) {
    const r = this.random;
    const e = (t, d) => this.expression(t, d);
    const any = d => e(r.pick(['number', 'string', 'boolean', 'array', 'object']), d);
    const both = [
      d => this.literal(type),
      d => `(${e('boolean', d)} ? ${e(type, d)} : ${e(type, d)})`,
      d => `((${this.fresh()} = ${e(type, d)}) => ${e(type, d)})()`,
      d => `(${any(d)}, ${e(type, d)})`,
      d => `(${e(type, d)} ${r.pick(['||', '&&', '??'])} ${e(type, d)})`,
    ];
    return both.concat({
      number: [
        d => `(${e('number', d)} ${r.pick(['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '>>>'])} ${e('number', d)})`,
        d => `((${e('number', d)}) ** 2)`,
        d => `Math.${r.pick(['floor', 'ceil', 'round', 'trunc', 'sign', 'abs', 'fround', 'clz32'])}(${e('number', d)})`,
        d => `Math.${r.pick(['max', 'min'])}(...[${e('number', d)}, ${e('number', d)}])`,
        d => `${e('string', d)}.length`,
        d => `${e('array', d)}.length`,
        d => `Number(${e('string', d)})`,
        d => `parseInt(${e('string', d)}, ${r.pick(['10', '16', '36'])})`,
        d => `${e('array', d)}.${r.pick(['indexOf', 'lastIndexOf'])}(${e('number', d)})`,
        d => `${e('array', d)}.findLastIndex(item => item > ${e('number', d)})`,
        d => `${e('string', d)}.charCodeAt(${e('number', d)})`,
        d => `(${any(d)}?.length ?? ${e('number', d)})`,
        d => `Number(BigInt.asIntN(32, ${e('bigint', d)}))`,
      ],
      string: [
        d => `(${e('string', d)} + ${any(d)})`,
        d => `\`\${${any(d)}}-\${${e('string', d)}}\``,
        d => `${e('string', d)}.${r.pick(['toUpperCase', 'trim', 'toLowerCase', 'normalize'])}()`,
        d => `${e('string', d)}.slice(${e('number', d)}, ${e('number', d)})`,
        d => `${e('string', d)}.padStart(${r.next(8)}, ${e('string', d)})`,
        d => `${e('string', d)}.replace(${r.pick(['/[a-c]/g', '/(.)(.)/', '/(?<q>\\\\w)/u', '"a"'])}, ${r.pick(['"[$&]"', '"$2$1"', 'x => x + x', '"$<q>"'])})`.replace('\\\\', '\\'),
        d => `${e('string', d)}.at(${e('number', d)})`,
        d => `String(${any(d)})`,
        d => `JSON.stringify(${any(d)})`,
        d => `(typeof ${any(d)})`,
        d => `${e('array', d)}.join(${e('string', d)})`,
        d => `(${e('number', d)}).toString(${r.pick(['2', '10', '16', '36'])}).slice(0, 12)`,
        d => `(${e('number', d)}).toFixed(${r.next(5)})`,
        d => `((${e('number', d)}) % 1e6).toPrecision(${1 + r.next(10)})`,
        d => `(${e('bigint', d)}).toString(${r.pick(['2', '10', '16'])})`,
        d => `encodeURIComponent(${e('string', d)})`,
        d => `String.raw\`\\n\${${e('number', d)}}\``,
      ],
      boolean: [
        d => `(${e('number', d)} ${r.pick(['<', '>', '<=', '>=', '===', '!=='])} ${e('number', d)})`,
        d => `(${any(d)} == ${any(d)})`,
        d => `(${e('string', d)} ${r.pick(['<', '>', '==='])} ${e('string', d)})`,
        d => `(!${any(d)})`,
        d => `${e('array', d)}.${r.pick(['some', 'every'])}(x => x > ${e('number', d)})`,
        d => `${e('array', d)}.includes(${e('number', d)})`,
        d => `(${e('string', d)} in ${e('object', d)})`,
        d => `/${r.pick(['^a', '[0-9]+$', '\\s', '(a|b)*c'])}/.test(${e('string', d)})`,
        d => `Object.is(${any(d)}, ${any(d)})`,
        d => `(${e('bigint', d)} ${r.pick(['<', '>', '==', '==='])} ${r.pick([e('bigint', d), e('number', d)])})`,
        d => `(${e('object', d)} instanceof ${r.pick(['Object', 'Array', 'Map'])})`,
      ],
      array: [
        d => `[${any(d)}, ...${e('array', d)}]`,
        d => `[...${e('string', d)}]`,
        d => `${e('array', d)}.map((x, i) => [i, x])`,
        d => `${e('array', d)}.filter((x, i) => i % 2 === ${r.next(2)})`,
        d => `${e('array', d)}.slice().sort()`,
        d => `${e('array', d)}.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0)`,
        d => `${e('array', d)}.flat(${r.next(3)})`,
        d => `${e('array', d)}.concat(${any(d)})`,
        d => `${e('array', d)}.slice(${e('number', d)}, ${e('number', d)})`,
        d => `${e('array', d)}.toSpliced(${r.next(3)}, 1, ${any(d)})`,
        d => `Array.from({length: ${r.next(5)}}, (x, i) => i * ${e('number', d)})`,
        d => `Object.${r.pick(['keys', 'entries', 'values'])}(${e('object', d)})`,
        d => `${e('string', d)}.split(${r.pick(['""', '","', '/b|,/', '/(a)/'])})`,
        d => `[...new Set(${e('array', d)})]`,
        d => `[...${e('array', d)}.entries()]`,
        d => `[...${e('string', d)}.matchAll(/[a-z]/g)].map(m => m.index)`,
        d => `Array.of(...new Uint8Array(${e('array', d)}))`,
        d => `${e('array', d)}.reduce((all, x) => [x, ...all], [])`,
      ],
      object: [
        d => `({k: ${any(d)}, ['c' + ${r.next(3)}]: ${any(d)}})`,
        d => `({...${e('object', d)}, ${this.fresh()}: ${any(d)}})`,
        d => `({get g() { return ${any(d)}; }, m() { return this.g; }})`,
        d => `Object.fromEntries([['a', ${any(d)}], ['b', ${any(d)}]])`,
        d => `JSON.parse(JSON.stringify(${e('object', d)}))`,
        d => `Object.assign({}, ${e('object', d)}, {z: ${any(d)}})`,
        d => `(({a, ...rest}) => rest)(${e('object', d)})`,
        d => `new Map([[${any(d)}, ${any(d)}]])`,
        d => `structuredClone(${e('object', d)})`,
      ].map(f => d => f(d).replace('structuredClone(', 'Object(')),
      bigint: [
        d => `(${e('bigint', d)} ${r.pick(['+', '-', '*', '&', '|', '^'])} ${e('bigint', d)})`,
        d => `(${e('bigint', d)} ${r.pick(['/', '%'])} ${r.pick(['3n', '-7n', '1000000007n'])})`,
        d => `(${e('bigint', d)} ${r.pick(['<<', '>>'])} ${r.pick(['1n', '5n', '40n'])})`,
        d => `BigInt.${r.pick(['asIntN', 'asUintN'])}(${r.pick(['8', '32', '64'])}, ${e('bigint', d)})`,
        d => `(-(${e("bigint", d)}))`,
        d => `(~(${e("bigint", d)}))`,
        d => `BigInt(Math.trunc((${e('number', d)}) || 0) % 1e9 | 0)`,
      ],
    }[type]);
  }

  // -- statements --------------------------------------------------------------------------

  block(count = 1 + this.random.next(3)) {
    return this.scoped(() => {
      let text = '';
      for (let i = 0; i < count; i++) text += this.statement();
      return text;
    });
  }

  print(type = this.random.pick(['number', 'string', 'boolean', 'array', 'object', 'bigint'])) {
    return `console.log(show(${this.expression(type)}));\n`;
  }

  variable() {
    const type = this.random.pick(['number', 'string', 'array', 'object', 'bigint', 'boolean']);
    const value = this.expression(type);
    const name = this.fresh();
    const keyword = this.random.pick(['let', 'const', 'var']);
    this.declare(name, type, keyword === 'const');
    return `${keyword} ${name} = ${value};\n`;
  }

  assignment() {
    const targets = this.variables('number').filter(v => !v.constant);
    if (!targets.length) return this.variable();
    const {name} = this.random.pick(targets);
    return this.random.pick([
      () => `${name} ${this.random.pick(['+=', '-=', '*=', '**=', '||=', '&&=', '??=', '='])} ${this.expression('number')};\n`,
      () => `${name}${this.random.pick(['++', '--'])};\n`,
    ])();
  }

  statement() {
    if (this.depth > depthMax) return this.print();
    return this.random.pick([
      () => this.print(), () => this.print(), () => this.variable(), () => this.variable(),
      () => this.assignment(), () => this.conditional(), () => this.loop(), () => this.attempt(),
      () => this.functions(), () => this.snippet(), () => this.snippet(), () => this.choice(),
    ])();
  }

  snippet() {
    const pieces = {
      id: () => this.fresh(),
      number: () => this.expression('number', 2),
      string: () => this.expression('string', 2),
      array: () => this.expression('array', 2),
      object: () => this.expression('object', 2),
      any: () => this.expression(this.random.pick(['number', 'string', 'array']), 2),
      small: () => String(this.random.next(5)),
    };
    const ids = new Map();
    const usable = snippets.filter(text => this.mayAwait || !text.includes('await'));
    return this.random.pick(usable).replace(/\$(\w+?)(\d*)\$/g, (all, kind, number) => {
      if (kind !== 'id') return pieces[kind]();
      if (!ids.has(number)) ids.set(number, this.fresh());
      return ids.get(number);
    }) + '\n';
  }

  conditional() {
    return `if (${this.expression('boolean')}) {\n${this.block()}} else {\n${this.block()}}\n`;
  }

  loop() {
    const i = this.fresh(), count = 1 + this.random.next(3);
    const label = this.random.chance(30) ? this.fresh() + 'L' : '';
    const jump = () => this.random.chance(25) ?
      `if (${this.expression('boolean')}) ${this.random.pick(['break', 'continue'])} ${label};\n` : '';
    const body = () => this.scoped(() => {
      this.declare(i, 'number', true);
      return this.statement() + jump() + this.statement();
    });
    const start = label ? label + ': ' : '';
    return this.random.pick([
      () => `${start}for (let ${i} = 0; ${i} < ${count}; ${i}++) {\n${body()}}\n`,
      () => `${start}for (const ${i} of [${this.expression('number')}, ${count}]) {\n${body()}}\n`,
      () => this.mayAwait ? `${start}for await (const ${i} of [Promise.resolve(${count}), 2]) {\n${body()}}\n` :
        `${start}do {\n${this.statement()}} while (false);\n`,
      () => {
        const f = this.fresh();
        return `const ${f} = [];\nfor (let ${i} = 0; ${i} < ${count}; ${i}++) ${f}.push(() => ${i} * 2);\n`
          + `console.log(show(${f}.map(g => g())));\n`;
      },
    ])();
  }

  attempt() {
    return `try {\n${this.block()}${this.random.chance(40) ? `throw new ${this.random.pick(['TypeError', 'RangeError', 'Error'])}("t");\n` : ''}`
      + `} catch${this.random.chance(50) ? ' (error)' : ''} {\n${this.block(1)}}`
      + `${this.random.chance(50) ? ` finally {\n${this.block(1)}}` : ''}\n`;
  }

  choice() {
    return `switch (${this.expression('number')}) {\ncase 0:\n${this.block(1)}case 1: {\n${this.block(1)}break;\n}\n`
      + `default:\n${this.block(1)}}\n`;
  }

  functions() {
    const f = this.fresh(), a = this.fresh(), b = this.fresh();
    const isAsync = this.random.chance(40), outer = this.mayAwait;
    const body = () => this.scoped(() => {
      this.mayAwait = isAsync;
      this.declare(a, 'number');
      this.declare(b, 'string');
      const text = this.statement() + `return [${this.expression('number')}, ${this.expression('string')}];\n`;
      this.mayAwait = outer;
      return text;
    });
    const parameters = this.random.pick([`${a}, ${b} = "d"`, `${a} = 5, ...[${b} = "r"]`, `{${a} = 1, ${b} = "o"} = {}`]);
    const argument = parameters.startsWith('{') ? `{${a}: ${this.expression('number')}}` : this.expression('number');
    const text = this.random.pick([
      () => `${isAsync ? 'async ' : ''}function ${f}(${parameters}) {\n${body()}}\n`,
      () => `const ${f} = ${isAsync ? 'async ' : ''}(${parameters}) => {\n${body()}};\n`,
    ])();
    return text + `console.log(show(${isAsync && outer ? 'await ' : ''}${f}(${argument})));\n`;
  }
}

export function generate(seed) {
  const program = new Program(seed);
  let text = '';
  for (let i = 0; i < 8; i++) text += program.statement();
  return text;
}
