// SPDX-License-Identifier: MIT
// Prints one line for each subtest, then one for the file, for run.py to read.
(function() {
var print = console.log;
var stringify = JSON.stringify;

function line(kind, record) { print('conformance ' + kind + ' ' + stringify(record)); }

function text(message) {
  return message === null || message === undefined ? '' : String(message).slice(0, 2000);
}

add_completion_callback(function(tests, status) {
  tests.forEach(function(test) {
    line('subtest', {name: test.name, status: test.status, message: text(test.message)});
  });
  line('file', {status: status.status, message: text(status.message)});
});
})();
