// SPDX-License-Identifier: MIT
// multipart/form-data for FormData: bodies from entries and entries from bodies. An entry is
// [name, string or File].
(function (host, natives) {
  var lib = host.platform;
  var $ = lib.slot;
  var idl = lib.extra('idl');

  function withLineEnds(text) {
    return text.replace(/\r\n?|\n/g, '\r\n');
  }

  function join(pieces) {
    var size = 0;
    pieces.forEach(function (piece) { size += piece.length; });
    var bytes = new Uint8Array(size);
    var at = 0;
    pieces.forEach(function (piece) {
      bytes.set(piece, at);
      at += piece.length;
    });
    return bytes;
  }

  // Gives [bytes, content type].
  function write(entries) {
    var boundary = natives.boundary();
    var pieces = entries.map(function (entry) {
      var name = withLineEnds(entry[0]);
      if (typeof entry[1] === 'string')
        return natives.part(boundary, name, idl.encodeUtf8(withLineEnds(entry[1])), undefined, '');
      var file = entry[1][$];
      return natives.part(boundary, name, file.bytes, file.name, file.type);
    });
    pieces.push(natives.end(boundary));
    return [join(pieces), 'multipart/form-data; boundary=' + boundary];
  }

  // Gives entries, or undefined if the bytes are not a form of that type.
  function read(bytes, contentType) {
    var parts = natives.parse(bytes, contentType);
    if (parts === undefined)
      return undefined;
    return parts.map(function (part) {
      if (part.fileName === undefined)
        return [part.name, part.text];
      return [part.name, lib.load('blob').makeFile(part.bytes, part.type, part.fileName,
        Date.now())];
    });
  }

  return {read: read, write: write};
});
