// SPDX-License-Identifier: MIT
// Prelude of every program that runs in both engines: show(value) writes a value the same way in
// both, errors by their names only.
function show(value, depth = 0) {
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'bigint') return String(value) + 'n';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return 'function ' + value.name + '/' + value.length;
  if (value === null || typeof value !== 'object') return String(value);
  if (depth > 3) return '...';
  if (value instanceof Error) return value.name;
  if (Array.isArray(value)) {
    const items = [];
    for (let i = 0; i < value.length; i++)
      items.push(i in value ? show(value[i], depth + 1) : '<hole>');
    return '[' + items.join(', ') + ']';
  }
  if (value instanceof Date) return 'Date(' + value.getTime() + ')';
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map || value instanceof Set)
    return value.constructor.name + show([...value], depth + 1);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return value.constructor.name + '[' + Array.prototype.join.call(value) + ']';
  const field = key => {
    try {
      return show(value[key], depth + 1);
    } catch (error) {
      return '!' + error.name;
    }
  };
  return '{' + Reflect.ownKeys(value).map(key => String(key) + ': ' + field(key)).join(', ') + '}';
}
