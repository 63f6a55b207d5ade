// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

TEST_CASE("messages between ports arrive in order, as tasks, cloned") {
  CHECK(script_host::printed_by(R"js(
    var channel = new MessageChannel(), sent = {a: [1]};
    channel.port2.onmessage = function (event) {
      console.log(event.data.a[0], event.data !== sent, event.isTrusted, event.ports.length);
      Promise.resolve().then(function () { console.log('microtask'); });
    };
    channel.port1.postMessage(sent);
    sent.a[0] = 2;
    channel.port1.postMessage(sent);
    console.log('posted');
  )js") == "posted\n1 true true 0\nmicrotask\n2 true true 0\nmicrotask\n");
}

TEST_CASE("a port holds its messages until it is started") {
  CHECK(script_host::printed_by(R"js(
    var channel = new MessageChannel();
    channel.port2.addEventListener('message', function (event) { console.log(event.data); });
    channel.port1.postMessage('first');
    channel.port1.postMessage('second');
    setTimeout(function () { console.log('start'); channel.port2.start(); }, 10);
  )js") == "start\nfirst\nsecond\n");
}

TEST_CASE("a transferred port keeps its peer and what waits for it") {
  CHECK(script_host::printed_by(R"js(
    var outer = new MessageChannel(), inner = new MessageChannel();
    inner.port1.postMessage('early');
    outer.port2.onmessage = function (event) {
      var port = event.ports[0];
      port.onmessage = function (event) { console.log(event.data); port.postMessage('back'); };
      inner.port1.postMessage('late');
    };
    inner.port1.onmessage = function (event) { console.log(event.data); };
    outer.port1.postMessage(null, [inner.port2]);
    try { outer.port1.postMessage(null, [inner.port2]); } catch (e) { console.log(e.name); }
    try { outer.port1.postMessage(null, [outer.port1]); } catch (e) { console.log(e.name); }
    try { outer.port1.postMessage(null, {transfer: [{}]}); } catch (e) { console.log(e.name); }
    try { outer.port1.postMessage(function () {}); } catch (e) { console.log(e.name); }
  )js")
        == "DataCloneError\nDataCloneError\nDataCloneError\nDataCloneError\nearly\nlate\nback\nback"
           "\n");
}

TEST_CASE("a closed port neither sends nor gets") {
  CHECK(script_host::printed_by(R"js(
    var channel = new MessageChannel();
    channel.port2.onmessage = function () { console.log('no'); };
    channel.port1.close();
    channel.port1.postMessage(1);
    channel.port2.postMessage(2);
    console.log(String(channel.port1), channel.port1 === channel.port1);
    try { new MessagePort(); } catch (e) { console.log(e.name); }
  )js") == "[object MessagePort] true\nTypeError\n");
}

TEST_CASE("a broadcast reaches the other channels of its name") {
  CHECK(script_host::printed_by(R"js(
    var one = new BroadcastChannel('news'), two = new BroadcastChannel('news'),
        other = new BroadcastChannel('olds'), closed = new BroadcastChannel('news');
    one.onmessage = function () { console.log('itself'); };
    other.onmessage = function () { console.log('other'); };
    closed.onmessage = function () { console.log('closed'); };
    two.onmessage = function (event) { console.log(event.data, event.origin, event.target.name); };
    one.postMessage('hello');
    closed.close();
    try { closed.postMessage(1); } catch (e) { console.log(e.name); }
    try { one.postMessage(Symbol()); } catch (e) { console.log(e.name); }
  )js") == "InvalidStateError\nDataCloneError\nhello https://a.example news\n");
}

TEST_CASE("what a message handler throws is reported and the next message comes") {
  const auto text = script_host::printed_by(R"js(
    var channel = new MessageChannel();
    channel.port2.onmessage = function (event) { console.log(event.data); throw new Error('bad'); };
    channel.port1.postMessage(1);
    channel.port1.postMessage(2);
  )js");
  CHECK(text.find("1\n2\n") == 0);
  CHECK(text.find("uncaught Error: bad") != std::string::npos);
}

} // namespace offstage::test
