// SPDX-License-Identifier: MIT
// Intl as far as ICU's skeletons carry it: Collator, DateTimeFormat and NumberFormat with their
// common options. Options that are not here have no effect; there is no formatToParts.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var DEFAULT_LOCALE = 'en-US';
  var DEFAULT_ZONE = 'UTC';

  // CanonicalizeLocaleList of ECMA-402.
  function canonicalList(locales) {
    if (locales === undefined)
      return [];
    if (locales === null)
      throw new TypeError('null is not a list of locales');
    var list = typeof locales === 'string' ? [locales]
      : Array.prototype.slice.call(Object(locales));
    var out = [];
    list.forEach(function (item) {
      if (typeof item !== 'string' && !lib.isObject(item))
        throw new TypeError('A locale is neither a string nor an object');
      var tag = natives.canonicalLocale(idl.string(item));
      if (tag === undefined)
        throw new RangeError('Incorrect locale information provided');
      if (out.indexOf(tag) < 0)
        out.push(tag);
    });
    return out;
  }

  function resolve(locales) {
    var list = canonicalList(locales);
    for (var i = 0; i < list.length; i++) {
      var best = natives.bestLocale(list[i]);
      if (best !== undefined)
        return best;
    }
    return DEFAULT_LOCALE;
  }

  function optionsOf(value) {
    if (value === undefined)
      return {};
    if (value === null)
      throw new TypeError('The options are null');
    return Object(value);
  }

  function choice(options, name, allowed, otherwise) {
    var value = options[name];
    if (value === undefined)
      return otherwise;
    value = idl.string(value);
    if (allowed.indexOf(value) < 0)
      throw new RangeError('Value ' + value + ' out of range for option ' + name);
    return value;
  }

  function integer(options, name, low, high, otherwise) {
    var value = options[name];
    if (value === undefined)
      return otherwise;
    value = Number(value);
    if (!(value >= low && value <= high))
      throw new RangeError(name + ' value is out of range');
    return Math.floor(value);
  }

  // An interface of Intl; `call` says whether it works without `new`.
  function makeFormatter(name, initialize, members) {
    var kind = {};
    function constructor(locales, options) {
      var self = new.target === undefined ? Object.create(constructor.prototype) : this;
      self[$] = Object.assign({is: lib.bit.other, kind: kind}, initialize(locales, options));
      return self;
    }
    host.rename(constructor, name);
    Object.defineProperty(constructor, 'length', {value: 0, configurable: true});
    var prototype = members(function (object) { return idl.stateOf(object, kind); });
    Object.getOwnPropertyNames(prototype).forEach(function (key) {
      Object.defineProperty(prototype, key, {enumerable: false});
    });
    idl.make(name, constructor, prototype);
    Object.defineProperty(prototype, Symbol.toStringTag,
      {value: 'Intl.' + name, configurable: true});
    lib.hide(constructor, 'supportedLocalesOf', function supportedLocalesOf(locales) {
      return canonicalList(locales).filter(function (tag) {
        return natives.bestLocale(tag) !== undefined;
      });
    });
    return constructor;
  }

  // -- Numbers

  function repeat(text, count) { return new Array(count + 1).join(text); }

  function precision(options, style, currencyDigits, compact) {
    var least = integer(options, 'minimumSignificantDigits', 1, 21);
    var most = integer(options, 'maximumSignificantDigits', least || 1, 21);
    if (least !== undefined || most !== undefined) {
      least = least || 1;
      return repeat('@', least) + repeat('#', (most === undefined ? 21 : most) - least);
    }
    var given = [integer(options, 'minimumFractionDigits', 0, 20),
      integer(options, 'maximumFractionDigits', 0, 20)];
    if (compact && given[0] === undefined && given[1] === undefined)
      return '';
    var low = style === 'currency' ? currencyDigits : 0;
    var high = style === 'currency' ? currencyDigits : style === 'percent' ? 0 : 3;
    if (given[0] === undefined)
      given[0] = given[1] === undefined ? low : Math.min(low, given[1]);
    if (given[1] === undefined)
      given[1] = Math.max(high, given[0]);
    if (given[0] > given[1])
      throw new RangeError('maximumFractionDigits value is out of range');
    return given[1] === 0 ? 'precision-integer'
      : '.' + repeat('0', given[0]) + repeat('#', given[1] - given[0]);
  }

  var NO_MINOR = ['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX',
    'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'];
  var THREE_MINOR = ['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];

  function digitsOf(currency) {
    return NO_MINOR.indexOf(currency) >= 0 ? 0 : THREE_MINOR.indexOf(currency) >= 0 ? 3 : 2;
  }

  function currencyOf(options, style) {
    var currency = options.currency;
    if (currency !== undefined) {
      currency = idl.string(currency);
      if (!/^[A-Za-z]{3}$/.test(currency))
        throw new RangeError('Invalid currency code : ' + currency);
      return currency.toUpperCase();
    }
    if (style === 'currency')
      throw new TypeError('Currency code is required with currency style.');
    return undefined;
  }

  var NOTATIONS = {standard: '', scientific: 'scientific', engineering: 'engineering'};
  var CURRENCY_WIDTHS = {
    symbol: 'unit-width-short', narrowSymbol: 'unit-width-narrow', code: 'unit-width-iso-code',
    name: 'unit-width-full-name',
  };

  function initializeNumber(locales, options) {
    var locale = resolve(locales);
    options = optionsOf(options);
    var style = choice(options, 'style', ['decimal', 'percent', 'currency'], 'decimal');
    var currency = currencyOf(options, style);
    var display = choice(options, 'currencyDisplay', Object.keys(CURRENCY_WIDTHS), 'symbol');
    var notation = choice(options, 'notation', Object.keys(NOTATIONS).concat('compact'),
      'standard');
    var compact = choice(options, 'compactDisplay', ['short', 'long'], 'short');
    var digits = integer(options, 'minimumIntegerDigits', 1, 21, 1);
    var stems = [precision(options, style, digitsOf(currency), notation === 'compact')];
    if (style === 'percent')
      stems.push('percent', 'scale/100');
    if (style === 'currency')
      stems.push('currency/' + currency, CURRENCY_WIDTHS[display]);
    stems.push(notation === 'compact' ? 'compact-' + compact : NOTATIONS[notation]);
    if (digits > 1)
      stems.push('integer-width/+' + repeat('0', digits));
    var grouping = options.useGrouping;
    if (grouping === false || grouping === 'false')
      stems.push('group-off');
    stems.push('rounding-mode-half-up');
    var skeleton = stems.filter(function (stem) { return stem !== ''; }).join(' ');
    var resolved = {
      locale: locale, numberingSystem: 'latn', style: style, minimumIntegerDigits: digits,
      notation: notation, useGrouping: grouping === undefined ? 'auto' : grouping,
    };
    if (style === 'currency')
      Object.assign(resolved, {currency: currency, currencyDisplay: display});
    return {
      format: natives.makeNumber(locale + '-u-nu-latn', skeleton), resolved: resolved, bound: null,
    };
  }

  function formatNumber(state, value) {
    return natives.formatNumber(state.format, Number(value));
  }

  // The getter `format`: one function for each object.
  function bound(state, run, name, length) {
    if (state.bound === null) {
      state.bound = length === 1 ? function (a) { return run(state, a); }
        : function (a, b) { return run(state, a, b); };
      host.rename(state.bound, name);
    }
    return state.bound;
  }

  var NumberFormat = makeFormatter('NumberFormat', initializeNumber, function (of) {
    return {
      get format() { return bound(of(this), formatNumber, '', 1); },
      resolvedOptions() { return Object.assign({}, of(this).resolved); },
    };
  });

  // -- Dates

  var WIDTHS = {narrow: 5, short: 3, long: 4, numeric: 1, '2-digit': 2};
  var TEXTS = ['narrow', 'short', 'long'];
  var NUMBERS = ['2-digit', 'numeric'];
  var FIELDS = [
    ['weekday', 'E', TEXTS], ['era', 'G', TEXTS], ['year', 'y', NUMBERS],
    ['month', 'M', NUMBERS.concat(TEXTS)], ['day', 'd', NUMBERS], ['hour', 'j', NUMBERS],
    ['minute', 'm', NUMBERS], ['second', 's', NUMBERS],
  ];
  var STYLES = ['full', 'long', 'medium', 'short'];
  var DATE_FIELDS = ['weekday', 'year', 'month', 'day'];
  var TIME_FIELDS = ['hour', 'minute', 'second', 'fractionalSecondDigits', 'dayPeriod'];

  function has(options, fields) {
    return fields.some(function (field) { return options[field] !== undefined; });
  }

  // ToDateTimeOptions of ECMA-402.
  function withDefaults(options, required, defaults) {
    options = Object.assign(Object.create(null), optionsOf(options));
    var missing = options.dateStyle === undefined && options.timeStyle === undefined
      && !(required !== 'time' && has(options, DATE_FIELDS))
      && !(required !== 'date' && has(options, TIME_FIELDS));
    if (missing && defaults !== 'time')
      options.year = options.month = options.day = 'numeric';
    if (missing && defaults !== 'date')
      options.hour = options.minute = options.second = 'numeric';
    return options;
  }

  function hourSymbol(options) {
    var cycle = choice(options, 'hourCycle', ['h11', 'h12', 'h23', 'h24']);
    if (options.hour12 !== undefined)
      return options.hour12 ? 'h' : 'H';
    return cycle === undefined ? 'j' : {h11: 'K', h12: 'h', h23: 'H', h24: 'k'}[cycle];
  }

  function dateSkeleton(options, resolved) {
    var hours = hourSymbol(options);
    var skeleton = FIELDS.map(function (field) {
      var value = choice(options, field[0], field[2]);
      if (value === undefined)
        return '';
      resolved[field[0]] = value;
      var count = field[0] === 'year' && value === 'numeric' ? 1 : WIDTHS[value];
      return repeat(field[1] === 'j' ? hours : field[1], count);
    }).join('');
    var fraction = integer(options, 'fractionalSecondDigits', 1, 3, 0);
    var zone = choice(options, 'timeZoneName', ['short', 'long']);
    return skeleton + repeat('S', fraction)
      + (zone === undefined ? '' : zone === 'short' ? 'z' : 'zzzz');
  }

  function zoneOf(options) {
    if (options.timeZone === undefined)
      return DEFAULT_ZONE;
    var name = idl.string(options.timeZone);
    var zone = natives.canonicalZone(name);
    if (zone === undefined)
      throw new RangeError('Invalid time zone specified: ' + name);
    return zone;
  }

  function initializeDate(locales, options, required, defaults) {
    var locale = resolve(locales);
    options = withDefaults(options, required || 'any', defaults || 'date');
    var zone = zoneOf(options);
    var resolved = {locale: locale, calendar: 'gregory', numberingSystem: 'latn', timeZone: zone};
    var skeleton = dateSkeleton(options, resolved);
    var date = choice(options, 'dateStyle', STYLES);
    var time = choice(options, 'timeStyle', STYLES);
    if (date !== undefined || time !== undefined) {
      if (skeleton !== '')
        throw new TypeError('dateStyle and timeStyle cannot be used with other fields');
      Object.assign(resolved, date && {dateStyle: date}, time && {timeStyle: time});
    }
    var format = natives.makeDate(locale + '-u-ca-gregory-nu-latn', zone, skeleton,
      STYLES.indexOf(date) + 1, STYLES.indexOf(time) + 1);
    return {format: format, resolved: resolved, bound: null};
  }

  function formatDate(state, value) {
    var time = value === undefined ? Date.now() : Number(value);
    if (!(Math.abs(time) <= 8.64e15))
      throw new RangeError('Invalid time value');
    return natives.formatDate(state.format, Math.trunc(time));
  }

  var DateTimeFormat = makeFormatter('DateTimeFormat', function (locales, options) {
    return initializeDate(locales, options);
  }, function (of) {
    return {
      get format() { return bound(of(this), formatDate, '', 1); },
      resolvedOptions() { return Object.assign({}, of(this).resolved); },
    };
  });

  // -- Text

  var STRENGTHS = {base: 0, accent: 1, variant: 2, 'case': 10};

  function initializeCollator(locales, options) {
    var locale = resolve(locales);
    options = optionsOf(options);
    var resolved = {
      locale: locale, usage: choice(options, 'usage', ['sort', 'search'], 'sort'),
      sensitivity: choice(options, 'sensitivity', Object.keys(STRENGTHS), 'variant'),
      ignorePunctuation: !!options.ignorePunctuation, numeric: !!options.numeric,
    };
    var collator = natives.makeCollator(locale, STRENGTHS[resolved.sensitivity], resolved.numeric,
      resolved.ignorePunctuation);
    return {collator: collator, resolved: resolved, bound: null};
  }

  function compare(state, left, right) {
    return natives.compare(state.collator, idl.string(left), idl.string(right));
  }

  var Collator = makeFormatter('Collator', initializeCollator, function (of) {
    return {
      get compare() { return bound(of(this), compare, '', 2); },
      resolvedOptions() { return Object.assign({}, of(this).resolved); },
    };
  });

  var Intl = {};
  Object.defineProperty(Intl, Symbol.toStringTag, {value: 'Intl', configurable: true});
  lib.hide(Intl, 'Collator', Collator);
  lib.hide(Intl, 'DateTimeFormat', DateTimeFormat);
  lib.hide(Intl, 'NumberFormat', NumberFormat);
  lib.hide(Intl, 'getCanonicalLocales', function getCanonicalLocales(locales) {
    return canonicalList(locales);
  });

  function dateText(required, defaults) {
    return function (self, locales, options) {
      var time = lib.apply(Date.prototype.getTime, self, []);
      if (time !== time)
        return 'Invalid Date';
      return formatDate(initializeDate(locales, options, required, defaults), time);
    };
  }

  return {
    Intl: Intl,
    // What the methods of the built-ins call.
    'Number.toLocaleString': function (self, locales, options) {
      var value = lib.apply(Number.prototype.valueOf, self, []);
      return formatNumber(initializeNumber(locales, options), value);
    },
    'Date.toLocaleString': dateText('any', 'all'),
    'Date.toLocaleDateString': dateText('date', 'date'),
    'Date.toLocaleTimeString': dateText('time', 'time'),
    'String.localeCompare': function (self, that, locales, options) {
      if (self === undefined || self === null)
        throw new TypeError('String.prototype.localeCompare called on null or undefined');
      return compare(initializeCollator(locales, options), String(self), String(that));
    },
  };
});
