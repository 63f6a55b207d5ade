// SPDX-License-Identifier: MIT
// META: global=worker
// META: script=/resources/WebIDLParser.js
// META: script=/resources/idlharness.js
// META: timeout=long

idl_test(['permissions'], ['html', 'dom'], async function(idl) {
  self.permission_status = await navigator.permissions.query({name: 'push'});
  idl.add_objects({
    Permissions: ['navigator.permissions'],
    PermissionStatus: ['permission_status'],
    WorkerNavigator: ['navigator'],
  });
});

promise_test(async t => {
  assert_equals(permission_status.state, 'denied');
  assert_equals(permission_status.name, 'push');
  await promise_rejects_js(t, TypeError, navigator.permissions.query({name: 'nothing'}));
  await promise_rejects_js(t, TypeError, navigator.permissions.query('push'));
}, 'query() knows the permissions of this platform');
