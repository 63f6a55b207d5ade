// SPDX-License-Identifier: MIT
'use strict';

setup({allow_uncaught_exception: true});
test(() => {
  const e = new MessageEvent('m', {data: 1, origin: 'o', ports: [new MessageChannel().port1]});
  assert_equals(e.ports.length, 1);
  assert_true(Object.isFrozen(e.ports));
  e.initMessageEvent('z', false, false, 'd', 'o2', 'l');
  assert_equals(e.data, 'd');
  assert_equals(e.ports.length, 0)
}, 'message');

// One after the other, with the members of the harness's test that these need: async_test() would
// start them all at once, and they share the global scope.
function steps_test(body, name) {
  promise_test(
      () => new Promise((done, fail) => {
        const guarded = (f, then) => function(...given) {
          try {
            const result = f && f.apply(this, given);
            then();
            return result;
          } catch (e) {
            fail(e);
          }
        };
        body({step_func: f => guarded(f, () => {}), step_func_done: f => guarded(f, done), done});
      }),
      name);
}

steps_test(
    t => {
      self.addEventListener(
          'error', t.step_func_done(e => {
            e.preventDefault();
            assert_equals(e.message.includes('boom'), true);
            assert_equals(e.error.message, 'boom')
          }),
          {once: true});
      setTimeout(() => {throw new Error('boom')}, 0)
    },
    'timer error');
steps_test(
    t => {
      const p = Promise.reject('rr');
      self.addEventListener(
          'unhandledrejection', t.step_func(e => {
            e.preventDefault();
            assert_equals(e.promise, p);
            self.addEventListener(
                'rejectionhandled', t.step_func_done(e2 => assert_equals(e2.promise, p)),
                {once: true});
            setTimeout(() => p.catch(() => {}), 0)
          }),
          {once: true})
    },
    'rejection events');
steps_test(
    t => {
      let o = self.onerror;
      self.onerror = t.step_func_done((m, f, l, c, e) => {
        assert_equals(e, 'str');
        self.onerror = o;
        return true
      });
      reportError('str')
    },
    'onerror args');
steps_test(
    t => {
      let n = 0;
      const h = setInterval(
          t.step_func(() => {
            if (++n === 3) {
              clearTimeout(h);
              t.done()
            }
          }),
          -5)
    },
    'interval');
steps_test(
    t => {
      self.zz = t.step_func_done();
      setTimeout('zz()', 0)
    },
    'string handler');
steps_test(
    t => {
      setTimeout(
          t.step_func_done((a, b) => {assert_equals(a + b, 3)}), {
            valueOf() {
              return 1
            }
          },
          1, 2)
    },
    'args');
steps_test(
    t => {
      let ok = false;
      setTimeout(() => {ok = true}, 2 ** 32);
      setTimeout(t.step_func_done(() => assert_true(ok)), 20)
    },
    'long wraps');
test(() => {
  assert_throws_js(TypeError, () => queueMicrotask());
  assert_throws_js(TypeError, () => queueMicrotask(null));
  assert_equals(queueMicrotask.length, 1)
}, 'qm');
test(() => {
  assert_equals(setTimeout.length, 1);
  assert_equals(typeof setTimeout(() => {}), 'number');
  assert_throws_js(TypeError, () => setTimeout());
  assert_equals(clearTimeout.length, 0)
}, 'timer lengths');