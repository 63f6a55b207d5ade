// SPDX-License-Identifier: MIT
// RegExp: constructor, accessors and the symbol methods, on the native exec. Also the String
// methods that use them.
(function(host) {
'use strict';
var prototype = host.global.RegExp.prototype;
var HOLDER = host.hiddenSymbol('holder');
var compile = host.regexpCompile, init = host.regexpInit;
var exec = prototype.exec;
var gopd = Object.getOwnPropertyDescriptor;
var nativeSource = gopd(prototype, 'source').get;
var nativeFlag = {
  g: gopd(prototype, 'global').get,
  i: gopd(prototype, 'ignoreCase').get,
  m: gopd(prototype, 'multiline').get
};
var CACHE_MAX = 500;
var cache = Object.create(null), cached = 0;

function holderOf(source, flags) {
  var key = flags + '/' + source, holder = cache[key];
  if (holder === undefined) {
    holder = compile(source, flags);
    holder.source = source;
    holder.flags = flags;
    if (++cached > CACHE_MAX) {
      cache = Object.create(null);
      cached = 1;
    }
    cache[key] = holder;
  }
  return holder;
}

function create(source, flags) { return init(/(?:)/, holderOf(source, flags)); }

// A literal that the engine compiled: what it says about itself becomes ours.
host.regexpAdopt = function(regexp) {
  var flags = '';
  for (var name in nativeFlag)
    if (nativeFlag[name].call(regexp)) flags += name;
  return init(regexp, holderOf(nativeSource.call(regexp), flags));
};

function holderIn(regexp) {
  if (regexp[HOLDER] === undefined) host.regexpAdopt(regexp);
  return regexp[HOLDER];
}

function isRegExp(value) {
  if (!host.isObject(value)) return false;
  var match = value[Symbol.match];
  return match !== undefined ?
      !!match :
      value[HOLDER] !== undefined || Object.prototype.toString.call(value) === '[object RegExp]';
}

// ECMAScript: regexp-pattern-flags
function RegExp(pattern, flags) {
  var patternIsRegExp = isRegExp(pattern);
  if (new.target === undefined && patternIsRegExp && flags === undefined &&
      pattern.constructor === RegExp)
    return pattern;
  var source = pattern, own;
  if (host.isObject(pattern) && pattern[HOLDER] !== undefined) {
    own = pattern[HOLDER];
    source = own.source;
    if (flags === undefined) flags = own.flags;
  } else if (patternIsRegExp) {
    source = pattern.source;
    if (flags === undefined) flags = pattern.flags;
  }
  return create(
      source === undefined ? '' : String(source), flags === undefined ? '' : String(flags));
}
Object.defineProperty(
    RegExp, 'prototype',
    {value: prototype, writable: false, enumerable: false, configurable: false});
host.define(prototype, 'constructor', RegExp);
host.define(host.global, 'RegExp', RegExp);
Object.defineProperty(RegExp, 'length', {value: 2, configurable: true});
host.species(RegExp);
host.newRegExp = create;
host.markNative(RegExp);
// What the lowering writes for literals.
host.define(host.global, '__re', create);

function escapeSource(source) {
  if (source === '') return '(?:)';
  var out = '', inClass = false;
  for (var i = 0; i < source.length; i++) {
    var c = source.charAt(i);
    if (c === '\\') {
      out += c + source.charAt(++i);
      continue;
    }
    if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    out += c === '/' && !inClass ? '\\/' :
        c === '\n'               ? '\\n' :
        c === '\r'               ? '\\r' :
        c === '\u2028'           ? '\\u2028' :
        c === '\u2029'           ? '\\u2029' :
                                   c;
  }
  return out;
}

function flagGetter(letter, fallback) {
  return function() {
    if (!host.isObject(this)) throw new TypeError('receiver is not a RegExp');
    if (this === prototype) return fallback;
    return holderIn(this).flags.indexOf(letter) >= 0;
  };
}
host.getters(prototype, {
  source() {
    if (!host.isObject(this)) throw new TypeError('receiver is not a RegExp');
    return this === prototype ? '(?:)' : escapeSource(holderIn(this).source);
  },
  flags() {
    if (!host.isObject(this)) throw new TypeError('receiver is not an object');
    return (this.hasIndices ? 'd' : '') + (this.global ? 'g' : '') + (this.ignoreCase ? 'i' : '') +
        (this.multiline ? 'm' : '') + (this.dotAll ? 's' : '') + (this.unicode ? 'u' : '') +
        (this.sticky ? 'y' : '');
  },
  hasIndices: flagGetter('d'),
  global: flagGetter('g'),
  ignoreCase: flagGetter('i'),
  multiline: flagGetter('m'),
  dotAll: flagGetter('s'),
  unicode: flagGetter('u'),
  sticky: flagGetter('y')
});

// ECMAScript: regexpexec
function regExpExec(regexp, string) {
  var run = regexp.exec;
  if (run === exec || typeof run !== 'function') return exec.call(regexp, string);
  var result = run.call(regexp, string);
  if (result !== null && !host.isObject(result))
    throw new TypeError('exec must give an object or null');
  return result;
}

function advance(string, index, unicode) {
  if (!unicode || index + 1 >= string.length) return index + 1;
  var lead = string.charCodeAt(index), trail = string.charCodeAt(index + 1);
  return index + (lead >= 0xD800 && lead <= 0xDBFF && trail >= 0xDC00 && trail <= 0xDFFF ? 2 : 1);
}

// What `flags` gives; reading the seven accessors one by one is most of a short replace.
// Deviation: accessors that script redefines on RegExp.prototype are seen by subclasses only.
function flagsOf(regexp) {
  var holder = regexp[HOLDER];
  if (holder !== undefined && Object.getPrototypeOf(regexp) === prototype) return holder.flags;
  return String(regexp.flags);
}

function requireObject(regexp) {
  if (!host.isObject(regexp)) throw new TypeError('receiver is not an object');
}

function toLength(value) {
  value = Math.floor(+value);
  return value > 0 ? Math.min(value, 9007199254740991) : 0;
}

// Calls visit(result) for every match a global regexp has in the string.
function eachMatch(regexp, string, unicode, visit) {
  var result;
  regexp.lastIndex = 0;
  while ((result = regExpExec(regexp, string)) !== null) {
    visit(result);
    if (String(result[0]) === '')
      regexp.lastIndex = advance(string, toLength(regexp.lastIndex), unicode);
  }
}

// ECMAScript: getsubstitution
function substitute(matched, string, position, captures, groups, replacement) {
  if (replacement.indexOf('$') < 0) return replacement;
  var out = '', i = 0, at, next, digits, end, capture;
  while ((at = replacement.indexOf('$', i)) >= 0 && at + 1 < replacement.length) {
    out += replacement.slice(i, at);
    next = replacement.charAt(at + 1);
    i = at + 2;
    if (next === '$') out += '$';
    else if (next === '&') out += matched;
    else if (next === '`') out += string.slice(0, position);
    else if (next === "'") out += string.slice(position + matched.length);
    else if (next >= '0' && next <= '9') {
      digits = replacement.charAt(at + 2);
      digits = digits >= '0' && digits <= '9' && +(next + digits) <= captures.length &&
              +(next + digits) > 0 ?
          next + digits :
          next;
      if (+digits >= 1 && +digits <= captures.length) {
        capture = captures[+digits - 1];
        out += capture === undefined ? '' : capture;
        i = at + 1 + digits.length;
      } else out += '$' + next;
    } else if (next === '<' && groups !== undefined && (end = replacement.indexOf('>', i)) >= 0) {
      capture = groups[replacement.slice(i, end)];
      out += capture === undefined ? '' : String(capture);
      i = end + 1;
    } else out += '$' + next;
  }
  return out + replacement.slice(i);
}

function capturesOf(result) {
  var captures = [], count = toLength(result.length);
  for (var i = 1; i < count; i++)
    captures.push(result[i] === undefined ? undefined : String(result[i]));
  return captures;
}

function replaceWith(string, results, replacement) {
  var functional = typeof replacement === 'function', out = '', from = 0;
  if (!functional) replacement = String(replacement);
  for (var i = 0; i < results.length; i++) {
    var result = results[i], matched = String(result[0]), captures = capturesOf(result),
        groups = result.groups, text;
    var position = Math.max(Math.min(toLength(result.index), string.length), 0);
    if (functional) {
      var args = [matched].concat(captures, position, string);
      if (groups !== undefined) args.push(groups);
      text = String(replacement.apply(undefined, args));
    } else {
      text = substitute(
          matched, string, position, captures, groups === undefined ? undefined : Object(groups),
          replacement);
    }
    if (position >= from) {
      out += string.slice(from, position) + text;
      from = position + matched.length;
    }
  }
  return from >= string.length ? out : out + string.slice(from);
}

function matchAllNext(iterator) {
  var state = iterator[STATE], result;
  if (state === undefined) throw new TypeError('receiver is not a RegExp String Iterator');
  if (state.done) return {value: undefined, done: true};
  result = regExpExec(state.regexp, state.string);
  if (result === null || !state.global) state.done = true;
  if (result === null) return {value: undefined, done: true};
  if (state.global && String(result[0]) === '')
    state.regexp.lastIndex = advance(state.string, toLength(state.regexp.lastIndex), state.unicode);
  return {value: result, done: false};
}
var STATE = host.hiddenSymbol('matchAll');
var stringIteratorPrototype = Object.create(host.iteratorPrototype);
host.methods(stringIteratorPrototype, {next() { return matchAllNext(this); }});
host.tag(stringIteratorPrototype, 'RegExp String Iterator');

function speciesOf(regexp) {
  var C = regexp.constructor;
  if (C === undefined || C === RegExp) return RegExp;
  if (!host.isObject(C)) throw new TypeError('constructor is not an object');
  var S = C[Symbol.species];
  return S === undefined || S === null ? RegExp : S;
}

var methods = {
  toString() {
    requireObject(this);
    return '/' + this.source + '/' + this.flags;
  },
  compile(pattern, flags) {
    holderIn(this);
    var made = new RegExp(pattern, flags);
    init(this, made[HOLDER]);
    this.lastIndex = 0;
    return this;
  }
};
methods[Symbol.match] = host.method('[Symbol.match]', 1, {
  m(string) {
    requireObject(this);
    string = String(string);
    var flags = flagsOf(this), found = [];
    if (flags.indexOf('g') < 0) return regExpExec(this, string);
    eachMatch(
        this, string, flags.indexOf('u') >= 0, function(result) { found.push(String(result[0])); });
    return found.length ? found : null;
  }
});
methods[Symbol.matchAll] = host.method('[Symbol.matchAll]', 1, {
  m(string) {
    requireObject(this);
    string = String(string);
    var C = speciesOf(this), flags = flagsOf(this), copy = new C(this, flags);
    copy.lastIndex = toLength(this.lastIndex);
    var iterator = Object.create(stringIteratorPrototype);
    host.define(iterator, STATE, {
      regexp: copy,
      string: string,
      global: flags.indexOf('g') >= 0,
      unicode: flags.indexOf('u') >= 0,
      done: false
    });
    return iterator;
  }
});
methods[Symbol.replace] = host.method('[Symbol.replace]', 2, {
  m(string, replacement) {
    requireObject(this);
    string = String(string);
    if (typeof replacement !== 'function') replacement = String(replacement);
    var flags = flagsOf(this), results = [], result;
    if (flags.indexOf('g') >= 0)
      eachMatch(this, string, flags.indexOf('u') >= 0, function(found) { results.push(found); });
    else if ((result = regExpExec(this, string)) !== null) results.push(result);
    return replaceWith(string, results, replacement);
  }
});
methods[Symbol.search] = host.method('[Symbol.search]', 1, {
  m(string) {
    requireObject(this);
    string = String(string);
    var previous = this.lastIndex, result;
    if (!Object.is(previous, 0)) this.lastIndex = 0;
    result = regExpExec(this, string);
    if (!Object.is(this.lastIndex, previous)) this.lastIndex = previous;
    return result === null ? -1 : result.index;
  }
});
methods[Symbol.split] = host.method('[Symbol.split]', 2, {
  m(string, limit) {
    requireObject(this);
    string = String(string);
    var C = speciesOf(this), flags = flagsOf(this), unicode = flags.indexOf('u') >= 0;
    var splitter = new C(this, flags.indexOf('y') >= 0 ? flags : flags + 'y');
    var parts = [], from = 0, at = 0, end, result, i;
    limit = limit === undefined ? 4294967295 : limit >>> 0;
    if (limit === 0) return parts;
    if (string.length === 0) return regExpExec(splitter, string) === null ? [string] : parts;
    while (at < string.length) {
      splitter.lastIndex = at;
      result = regExpExec(splitter, string);
      end = result === null ? from : Math.min(toLength(splitter.lastIndex), string.length);
      if (end === from || result === null) {
        at = advance(string, at, unicode);
        continue;
      }
      parts.push(string.slice(from, at));
      if (parts.length === limit) return parts;
      from = end;
      for (i = 1; i < toLength(result.length); i++) {
        parts.push(result[i]);
        if (parts.length === limit) return parts;
      }
      at = from;
    }
    parts.push(string.slice(from));
    return parts;
  }
});
host.methods(prototype, methods);

// A String method hands over to the argument's symbol method if it has one.
function delegate(receiver, argument, symbol) {
  if (receiver === undefined || receiver === null)
    throw new TypeError('String method called on null or undefined');
  if (argument === undefined || argument === null) return undefined;
  var method = argument[symbol];
  if (method === undefined || method === null) return undefined;
  if (typeof method !== 'function') throw new TypeError('symbol method is not a function');
  return method;
}

var nativeSplit = String.prototype.split;

function replaceString(string, search, replacement, all) {
  string = String(string);
  search = String(search);
  var functional = typeof replacement === 'function', out = '', from = 0, at;
  if (!functional) replacement = String(replacement);
  var step = Math.max(1, search.length);
  for (at = string.indexOf(search); at >= 0;
       at = at + step > string.length ? -1 : string.indexOf(search, at + step)) {
    out += string.slice(from, at) +
        (functional ? String(replacement(search, at, string)) :
                      substitute(search, string, at, [], undefined, replacement));
    from = at + search.length;
    if (!all) break;
  }
  return out + string.slice(from);
}

host.methods(String.prototype, {
  match(regexp) {
    var method = delegate(this, regexp, Symbol.match);
    if (method) return method.call(regexp, this);
    return create(regexp === undefined ? '' : String(regexp), '')[Symbol.match](String(this));
  },
  matchAll(regexp) {
    if (isRegExp(regexp) && flagsOf(regexp).indexOf('g') < 0)
      throw new TypeError('String.prototype.matchAll called with a non-global RegExp argument');
    var method = delegate(this, regexp, Symbol.matchAll);
    if (method) return method.call(regexp, this);
    return create(regexp === undefined ? '' : String(regexp), 'g')[Symbol.matchAll](String(this));
  },
  replace(search, replacement) {
    var method = delegate(this, search, Symbol.replace);
    return method ? method.call(search, this, replacement) :
                    replaceString(this, search, replacement, false);
  },
  replaceAll(search, replacement) {
    if (isRegExp(search) && flagsOf(search).indexOf('g') < 0)
      throw new TypeError('replaceAll must be called with a global RegExp');
    var method = delegate(this, search, Symbol.replace);
    return method ? method.call(search, this, replacement) :
                    replaceString(this, search, replacement, true);
  },
  search(regexp) {
    var method = delegate(this, regexp, Symbol.search);
    if (method) return method.call(regexp, this);
    return create(regexp === undefined ? '' : String(regexp), '')[Symbol.search](String(this));
  },
  split(separator, limit) {
    var method = delegate(this, separator, Symbol.split);
    return method ?
        method.call(separator, this, limit) :
        nativeSplit.call(this, separator === undefined ? separator : String(separator), limit);
  }
});
})(__host);
