// SPDX-License-Identifier: MIT
// FileReader and ProgressEvent. A blob is in memory: a read takes one task until its first event
// and one until its last.
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');
  var READER = {};
  var SYNC = {};
  var EMPTY = 0;
  var LOADING = 1;
  var DONE = 2;

  function ProgressEvent(type, init) {
    init = lib.dictionary(init, 'ProgressEvent');
    var state = lib.construct(this, new.target, arguments, 'ProgressEvent', lib.bit.event);
    state.progress = {
      lengthComputable: !!init.lengthComputable, loaded: count(init.loaded),
      total: count(init.total),
    };
  }
  Object.defineProperty(ProgressEvent, 'length', {value: 1});

  function count(value) {
    value = value === undefined ? 0 : Math.trunc(Number(value));
    return isFinite(value) && value > 0 ? value : 0;
  }

  function progressOf(event) {
    var state = lib.of(event, lib.bit.event);
    if (state.progress === undefined)
      throw new TypeError('Illegal invocation');
    return state.progress;
  }

  idl.make('ProgressEvent', ProgressEvent, {
    get lengthComputable() { return progressOf(this).lengthComputable; },
    get loaded() { return progressOf(this).loaded; },
    get total() { return progressOf(this).total; },
  }, lib.Event);

  function of(object) {
    var state = lib.of(object, lib.bit.target);
    if (state.kind !== READER)
      throw new TypeError('Illegal invocation');
    return state;
  }

  function FileReader() {
    lib.constructing(new.target, 'FileReader');
    this[$] = {
      is: lib.bit.target, kind: READER, listeners: [], handlers: null, state: EMPTY, result: null,
      error: null, read: 0,
    };
  }

  function fire(reader, type, loaded, total) {
    var event = new ProgressEvent(type, {lengthComputable: true, loaded: loaded, total: total});
    event[$].trusted = true;
    lib.dispatch(reader, event);
  }

  // As the FileAPI specification has it (blob-package-data).
  function decode(bytes, type, label) {
    var text = lib.extra('text');
    if (label !== undefined && text.encodingName(label) !== undefined)
      return text.decodeAs(bytes, label);
    var parsed = type === '' ? null : lib.extra('mime').parse(type);
    return text.decodeAs(bytes, parsed === null ? undefined
                                                : lib.extra('mime').parameterOf(parsed, 'charset'));
  }

  var packages = {
    arrayBuffer: function (blob) { return idl.copyBytes(blob.bytes).buffer; },
    binaryString: function (blob) { return natives.toLatin1(blob.bytes); },
    dataUrl: function (blob) {
      return 'data:' + (blob.type || 'application/octet-stream') + ';base64,'
        + natives.toBase64(blob.bytes);
    },
    text: function (blob, label) { return decode(blob.bytes, blob.type, label); },
  };

  function read(reader, given, how) {
    var state = of(reader);
    lib.need(given, 1, 'FileReader');
    if (!lib.isA(given[0], lib.bit.blob))
      throw new TypeError('FileReader: the argument is not a Blob');
    var label = how === 'text' && given[1] !== undefined ? idl.string(given[1]) : undefined;
    if (state.state === LOADING)
      lib.throwDom('InvalidStateError', 'The reader is already reading');
    state.state = LOADING;
    state.result = state.error = null;
    var number = ++state.read;
    var blob = given[0][$];
    later(state, number, function () {
      fire(reader, 'loadstart', 0, blob.bytes.length);
      later(state, number, function () { finish(reader, state, number, blob, how, label); });
    });
  }

  // Runs unless the read was aborted or another one has begun.
  function later(state, number, steps) {
    natives.postTask(function () {
      if (state.read === number && state.state === LOADING)
        steps();
    });
  }

  function finish(reader, state, number, blob, how, label) {
    var size = blob.bytes.length;
    if (size > 0)
      fire(reader, 'progress', size, size);
    if (state.read !== number || state.state !== LOADING)
      return;
    state.state = DONE;
    state.result = packages[how](blob, label);
    fire(reader, 'load', size, size);
    if (state.state !== LOADING)
      fire(reader, 'loadend', size, size);
  }

  idl.make('FileReader', FileReader, {
    readAsArrayBuffer(blob) { read(this, arguments, 'arrayBuffer'); },
    readAsBinaryString(blob) { read(this, arguments, 'binaryString'); },
    readAsText(blob) { read(this, arguments, 'text'); },
    readAsDataURL(blob) { read(this, arguments, 'dataUrl'); },
    abort() {
      var state = of(this);
      if (state.state !== LOADING) {
        state.result = null;
        return;
      }
      state.state = DONE;
      state.result = null;
      state.read++;
      fire(this, 'abort', 0, 0);
      if (state.state !== LOADING)
        fire(this, 'loadend', 0, 0);
    },
    get readyState() { return of(this).state; },
    get result() { return of(this).result; },
    get error() { return of(this).error; },
  }, lib.EventTarget);
  lib.constants([FileReader, FileReader.prototype], {EMPTY: EMPTY, LOADING: LOADING, DONE: DONE});
  lib.handlers(FileReader.prototype,
    ['loadstart', 'progress', 'load', 'abort', 'error', 'loadend']);

  function blobOf(given) {
    lib.need(given, 1, 'FileReaderSync');
    if (!lib.isA(given[0], lib.bit.blob))
      throw new TypeError('FileReaderSync: the argument is not a Blob');
    return given[0][$];
  }

  function FileReaderSync() {
    lib.constructing(new.target, 'FileReaderSync');
    this[$] = {is: lib.bit.other, kind: SYNC};
  }

  // As the FileAPI specification has it (FileReaderSync).
  idl.make('FileReaderSync', FileReaderSync, {
    readAsArrayBuffer(blob) {
      idl.stateOf(this, SYNC);
      return packages.arrayBuffer(blobOf(arguments));
    },
    readAsBinaryString(blob) {
      idl.stateOf(this, SYNC);
      return packages.binaryString(blobOf(arguments));
    },
    readAsText(blob) {
      idl.stateOf(this, SYNC);
      var state = blobOf(arguments);
      return packages.text(state, arguments[1] === undefined ? undefined
                                                             : idl.string(arguments[1]));
    },
    readAsDataURL(blob) {
      idl.stateOf(this, SYNC);
      return packages.dataUrl(blobOf(arguments));
    },
  });

  return {FileReader: FileReader, FileReaderSync: FileReaderSync, ProgressEvent: ProgressEvent};
});
