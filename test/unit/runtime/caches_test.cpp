// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

/// A storage of one cache that keeps what is put, by URL.
class small_storage {
public:
  std::optional<service_result> operator()(const service_request& request) {
    const auto* call = caf::get_if<cache_call>(&request);
    if (call == nullptr)
      return std::nullopt;
    operations.push_back(call->operation);
    cache_result result;
    result.found = true;
    if (caf::holds_alternative<cache_open>(call->operation))
      result.cache = cache_id{3};
    if (const auto* put = caf::get_if<cache_put>(&call->operation))
      for (const auto& entry : put->entries)
        entries.push_back(entry);
    if (const auto* match = caf::get_if<cache_storage_match>(&call->operation))
      find(match->request.url, result);
    if (const auto* query = caf::get_if<cache_query>(&call->operation))
      find(query->request.url, result);
    if (caf::holds_alternative<cache_names>(call->operation))
      result.names = {"a", "\xED\xA0\x80"};
    return service_result{result};
  }

  std::vector<cache_operation> operations;
  std::vector<cache_entry> entries;

private:
  void find(const std::string& url, cache_result& result) const {
    for (const auto& entry : entries)
      if (entry.request.url == url) {
        auto response = entry.response;
        response.type = response_type::default_;
        result.responses.push_back(response);
        result.requests.push_back(entry.request);
      }
    result.found = !result.responses.empty();
  }
};

std::string with_storage(const std::string& script, small_storage& storage) {
  script_host host{script};
  host.serve_url("https://a.example/a", text_response("https://a.example/a", "A"));
  host.serve_url("https://a.example/b", text_response("https://a.example/b", "B"));
  host.serve([&](const service_request& request) { return storage(request); });
  host.evaluate();
  return host.console_text() + host.uncaught_text();
}

std::string error_of(const std::string& expression) {
  small_storage storage;
  return with_storage("caches.open('x').then(function (c) { return " + expression
                          + "; }).then(function () { console.log('done'); },"
                            "function (e) { console.log(e.name); });",
                      storage);
}

} // namespace

TEST_CASE("put hands the response over and match gives it back") {
  small_storage storage;
  CHECK(with_storage("caches.open('x').then(function (c) {"
                     "var r = new Response('body', {headers: {'X-A': '1'}});"
                     "return c.put('/k', r).then(function () {"
                     "  console.log(r.bodyUsed); return c.match('/k'); }); })"
                     ".then(function (r) { console.log(r.headers.get('x-a'));"
                     "  return r.text(); }).then(console.log);",
                     storage)
        == "true\n1\nbody\n");
  CHECK(storage.entries.size() == 1);
  CHECK(storage.entries[0].request.url == "https://a.example/k");
}

TEST_CASE("put refuses what a cache cannot hold") {
  CHECK(error_of("c.put(new Request('/k', {method: 'POST'}), new Response())") == "TypeError\n");
  CHECK(error_of("c.put('data:text/plain,x', new Response())") == "TypeError\n");
  CHECK(error_of("c.put('/k', new Response('x', {status: 206}))") == "TypeError\n");
  CHECK(error_of("c.put('/k', new Response('x', {headers: {Vary: 'a, *'}}))") == "TypeError\n");
  CHECK(error_of("(function () { var r = new Response('x'); r.text(); return c.put('/k', r); })()")
        == "TypeError\n");
  CHECK(error_of("c.put('/k', 1)") == "TypeError\n");
}

TEST_CASE("addAll stores everything in one operation or nothing") {
  small_storage storage;
  CHECK(with_storage("caches.open('x').then(function (c) { return c.addAll(['/a', '/b']); })"
                     ".then(function (v) { console.log('stored', v); });",
                     storage)
        == "stored undefined\n");
  CHECK(storage.entries.size() == 2);
  CHECK(caf::get<cache_put>(storage.operations.back()).entries.size() == 2);
  CHECK(error_of("c.addAll(['/a', '/missing'])") == "TypeError\n");
  CHECK(error_of("c.addAll(['/a', '/a'])") == "InvalidStateError\n");
  CHECK(error_of("c.addAll([new Request('/a', {method: 'POST'})])") == "TypeError\n");
  CHECK(error_of("c.addAll([])") == "done\n");
}

TEST_CASE("a request that is not GET matches nothing unless the method is ignored") {
  small_storage storage;
  CHECK(
      with_storage("caches.match(new Request('/k', {method: 'POST'})).then(console.log);", storage)
      == "undefined\n");
  CHECK(storage.operations.empty());
  CHECK(with_storage("caches.match(new Request('/k', {method: 'POST'}), {ignoreMethod: true})"
                     ".then(console.log);",
                     storage)
        == "undefined\n");
  CHECK(storage.operations.size() == 1);
}

TEST_CASE("names keep lone surrogates") {
  small_storage storage;
  CHECK(with_storage("caches.keys().then(function (k) { console.log(k.length,"
                     "k[1].charCodeAt(0) === 0xD800); });"
                     "caches.has('\\ud83d\\ude00\\udc00');",
                     storage)
        == "2 true\n");
  CHECK(caf::get<cache_has>(storage.operations.back()).name == "\xF0\x9F\x98\x80\xED\xB0\x80");
}

TEST_CASE("keys gives requests with immutable headers") {
  small_storage storage;
  CHECK(
      with_storage("caches.open('x').then(function (c) { return c.put('/k', new Response(''))"
                   ".then(function () { return c.keys('/k'); }); }).then(function (keys) {"
                   "console.log(keys.length, keys[0].url, Object.isFrozen(keys));"
                   "try { keys[0].headers.set('a', 'b'); } catch (e) { console.log(e.name); } });",
                   storage)
      == "1 https://a.example/k true\nTypeError\n");
}

} // namespace offstage::test
