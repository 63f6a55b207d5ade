// SPDX-License-Identifier: MIT
// MIME types and data: URLs. A type is {essence, parameters: [[name, value]]}.
(function (host) {
  var lib = host.platform;
  var TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
  var TEXT = /^[\t\x20-\x7e\x80-\xff]*$/;

  function parameterOf(type, name) {
    for (var i = 0; i < type.parameters.length; i++)
      if (type.parameters[i][0] === name)
        return type.parameters[i][1];
    return undefined;
  }

  // What is between the quotes, and where the text goes on.
  function quoted(text, at) {
    var value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\' && at + 1 < text.length)
        at++;
      value += text[at];
    }
    return [value, at + 1];
  }

  // As the MIME Sniffing specification parses them.
  function parse(text) {
    text = text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
    var head = /^([^\/]*)\/([^;]*)/.exec(text);
    if (head === null)
      return null;
    var subtype = head[2].replace(/[\t\n\r ]+$/, '');
    if (!TOKEN.test(head[1]) || !TOKEN.test(subtype))
      return null;
    var type = {essence: (head[1] + '/' + subtype).toLowerCase(), parameters: []};
    var at = head[0].length;
    while (at < text.length)
      at = parameter(text, at + 1, type);
    return type;
  }

  // Takes one parameter and gives where its semicolon or the end of the text is.
  function parameter(text, at, type) {
    var name = /^[\t\n\r ]*([^;=]*)/.exec(text.slice(at));
    at += name[0].length;
    if (text[at] !== '=')
      return at;
    var value;
    if (text[++at] === '"') {
      var found = quoted(text, at);
      value = found[0];
      at = found[1];
      while (at < text.length && text[at] !== ';')
        at++;
    } else {
      value = /^[^;]*/.exec(text.slice(at))[0];
      at += value.length;
      value = value.replace(/[\t\n\r ]+$/, '');
      if (value === '')
        return at;
    }
    if (!TOKEN.test(name[1]) || !TEXT.test(value))
      return at;
    name = name[1].toLowerCase();
    if (parameterOf(type, name) === undefined)
      type.parameters.push([name, value]);
    return at;
  }

  function serialize(type) {
    return type.parameters.reduce(function (text, pair) {
      var value = TOKEN.test(pair[1]) ? pair[1] : '"' + pair[1].replace(/["\\]/g, '\\$&') + '"';
      return text + ';' + pair[0] + '=' + value;
    }, type.essence);
  }

  // Spec: Fetch#concept-header-list-get-decode-split
  function split(value) {
    var values = [''];
    for (var at = 0; at < value.length; at++) {
      if (value[at] === ',') {
        values.push('');
        continue;
      }
      var end = value[at] === '"' ? quoted(value, at)[1] : at + 1;
      values[values.length - 1] += value.slice(at, end);
      at = end - 1;
    }
    return values.map(function (each) { return each.replace(/^[\t ]+|[\t ]+$/g, ''); });
  }

  // Spec: Fetch#concept-header-extract-mime-type
  function extract(value) {
    if (value === null)
      return null;
    var charset;
    var essence;
    return split(value).reduce(function (result, each) {
      var type = parse(each);
      if (type === null || type.essence === '*/*')
        return result;
      if (type.essence !== essence) {
        charset = parameterOf(type, 'charset');
        essence = type.essence;
      } else if (charset !== undefined && parameterOf(type, 'charset') === undefined) {
        type.parameters.push(['charset', charset]);
      }
      return type;
    }, null);
  }

  // Spec: Fetch#data-urls
  function dataUrl(href) {
    var comma = href.indexOf(',');
    if (comma < 0)
      return null;
    var type = href.slice(5, comma).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '');
    var bytes = host.percentDecode(href.slice(comma + 1));
    var marked = /^([^]*);\x20*base64$/i.exec(type);
    if (marked !== null) {
      bytes = host.bytesOfBase64(bytes);
      type = marked[1];
    }
    if (bytes === undefined)
      return null;
    var parsed = parse(type[0] === ';' ? 'text/plain' + type : type);
    return {type: parsed === null ? 'text/plain;charset=US-ASCII' : serialize(parsed),
            bytes: bytes};
  }

  return {
    parse: parse, serialize: serialize, extract: extract, dataUrl: dataUrl,
    parameterOf: parameterOf,
    // The type of a blob that is made of a body.
    ofHeader: function (value) {
      var type = extract(value);
      return type === null ? '' : serialize(type);
    },
  };
});
