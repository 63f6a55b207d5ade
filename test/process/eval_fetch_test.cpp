// SPDX-License-Identifier: MIT
// What fetch() and XMLHttpRequest say to servers, and what becomes of the answers.
#include "test/process/eval_fixture.hpp"
#include "test/support/origin_server.hpp"

using namespace offstage::test;

namespace {

/// Answers by path; every origin may read the answers, and /told says what a request had.
void answer(const origin_request& x, const origin_server::sender& send) {
  const auto origin = x.header("origin");
  const auto allowed = "Access-Control-Allow-Origin: " + (origin.empty() ? "*" : origin)
                       + "\r\nAccess-Control-Allow-Credentials: true\r\n"
                         "Access-Control-Allow-Methods: PUT\r\nAccess-Control-Max-Age: 60\r\n";
  if (x.method == "OPTIONS")
    send(reply_bytes(200, allowed, ""));
  else if (x.target.starts_with("/told"))
    send(reply_bytes(200, allowed,
                     x.method + " referer=" + x.header("referer") + " origin=" + origin
                         + " cookie=" + x.header("cookie")));
  else if (x.target == "/cookie")
    send(reply_bytes(200, allowed + "Set-Cookie: a=b\r\n", ""));
  else if (x.target == "/away")
    send(reply_bytes(302, allowed + "Location: /told#x\r\nReferrer-Policy: no-referrer\r\n", ""));
  else if (x.target == "/endless")
    send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
  else
    send(reply_bytes(200, allowed + "Content-Type: text/plain\r\n", "content"));
}

struct eval_with_origins : eval_fixture {
  origin_server own{answer};
  origin_server other{answer};

  eval_outcome eval_there(std::string_view script) const {
    return eval("const other = '" + other.origin() + "';" + std::string{script},
                {"--url=" + own.origin() + "/main.js", "--scope=worker"});
  }
};

} // namespace

TEST_CASE_FIXTURE(eval_with_origins, "a fetch tells who asks, as its policy has it") {
  const auto outcome = eval_there(R"(
    (async () => {
      const told = async (url, init) => console.log(await (await fetch(url, init)).text());
      await told('/told');
      await told(other + '/told');
      await told('/told', {referrerPolicy: 'no-referrer', method: 'POST', mode: 'same-origin'});
      await told('/away');
    })();
  )");
  const auto me = own.origin();
  CHECK(outcome.err == "");
  CHECK(outcome.out
        == "GET referer=" + me + "/main.js origin= cookie=\n" + "GET referer=" + me
               + "/ origin=" + me + " cookie=\n" + "POST referer= origin=null cookie=\n"
               + "GET referer= origin= cookie=\n");
}

TEST_CASE_FIXTURE(eval_with_origins, "cookies are kept and sent with credentials only") {
  const auto outcome = eval_there(R"(
    (async () => {
      const cookie = async (init) =>
          console.log((await (await fetch('/told', init)).text()).split('cookie=')[1]);
      await cookie();
      await fetch('/cookie', {credentials: 'omit'});
      await cookie();
      await fetch('/cookie');
      await cookie();
      await cookie({credentials: 'omit'});
    })();
  )");
  CHECK(outcome.err == "");
  CHECK(outcome.out == "\n\na=b\n\n");
}

TEST_CASE_FIXTURE(eval_with_origins, "integrity is checked before the response is there") {
  const auto outcome = eval_there(R"(
    (async () => {
      const bytes = new TextEncoder().encode('content');
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const good = 'sha256-' + btoa(String.fromCharCode(...digest));
      const text = async (integrity, init) => fetch('/x', {integrity, ...init})
          .then((response) => response.text()).catch((error) => error.name);
      console.log(await text(good), await text('sha256-AAAA'), await text('sha256-AAAA ' + good),
                  await text('sha512-AAAA ' + good), await text('md5-x'));
      console.log(await fetch(other + '/x', {integrity: good, mode: 'no-cors'})
          .catch((error) => error.name));
    })();
  )");
  CHECK(outcome.err == "");
  CHECK(outcome.out == "content TypeError content TypeError content\nTypeError\n");
}

TEST_CASE_FIXTURE(eval_with_origins, "an abort ends bodies that are being read, and their clones") {
  const auto outcome = eval_there(R"(
    (async () => {
      const controller = new AbortController();
      const response = await fetch('/endless', {signal: controller.signal});
      const clone = response.clone();
      const all = [response.text(), clone.text()].map((read) => read.catch((error) => error));
      controller.abort('why');
      console.log(...await Promise.all(all));
    })();
  )");
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "");
  CHECK(outcome.out == "why why\n");
}

TEST_CASE_FIXTURE(eval_with_origins, "what a script puts on Object.prototype spoils no response") {
  const auto outcome = eval_there(R"(
    (async () => {
      for (const name of ['type', 'body', 'status', 'list', 'urls', 'source', 'bytes', 'start']) {
        Object.defineProperty(Object.prototype, name,
                              {get() { throw new Error(name); }, configurable: true});
        try {
          const response = await fetch('/x');
          console.log(response.status, await response.text());
        } finally {
          delete Object.prototype[name];
        }
      }
    })().catch((error) => console.log(error.message));
  )");
  CHECK(outcome.err == "");
  CHECK(outcome.out
        == "200 content\n200 content\n200 content\n200 content\n"
           "200 content\n200 content\n200 content\n200 content\n");
}

TEST_CASE_FIXTURE(eval_with_origins, "XMLHttpRequest tells its states and decodes what it got") {
  const auto outcome = eval_there(R"(
    const log = [];
    const request = new XMLHttpRequest();
    for (const type of ['loadstart', 'load', 'loadend', 'error'])
      request.addEventListener(type, () => log.push(type));
    request.onreadystatechange = () => log.push(request.readyState);
    request.onloadend = () => {
      console.log(log.join(), request.status, request.responseText, request.responseURL ===
          new URL('/x', location.href).href, request.getResponseHeader('content-TYPE'));
      const data = new XMLHttpRequest();
      data.open('GET', 'data:text/plain,%E9');
      data.overrideMimeType('text/plain;charset=windows-1252');
      data.onload = () => console.log(data.response === '\u00e9');
      data.send();
    };
    request.open('GET', '/x');
    request.send();
  )");
  CHECK(outcome.err == "");
  CHECK(outcome.out == "1,loadstart,2,3,4,load,loadend 200 content true text/plain\ntrue\n");
}
