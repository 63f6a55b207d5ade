// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/cache_matching.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

constexpr auto url = "https://a.example/page?x=1";

/// Whether a query finds what was stored with these headers.
bool matches(const header_list& stored_request, const std::string& vary, const header_list& query,
             cache_query_options options = {}) {
  header_list response;
  if (!vary.empty())
    response.append("Vary", vary);
  index_row row;
  row.url = url;
  row.vary = vary_fields(get(url, stored_request), respond("", response));
  const auto request = get(url, query);
  return cache_matcher{request, options}.matches(row);
}

bool urls_match(const std::string& stored, const std::string& query, bool ignore_search = false) {
  index_row row;
  row.url = without_fragment(stored);
  cache_query_options options;
  options.ignore_search = ignore_search;
  const auto request = get(query);
  return cache_matcher{request, options}.matches(row);
}

std::string refusal(const fetch_request& request, const fetch_response& response) {
  const auto err = check_storable(request, response);
  return err == storage_error::refused ? context_of(err) : "";
}

} // namespace

TEST_CASE("URLs are compared without fragment, and without query if asked") {
  CHECK(urls_match("https://a.example/#a", "https://a.example/#b"));
  CHECK(urls_match("https://a.example/?q#a", "https://a.example/?q"));
  CHECK_FALSE(urls_match("https://a.example/?q", "https://a.example/"));
  CHECK_FALSE(urls_match("https://a.example/?q", "https://a.example/?r"));
  CHECK(urls_match("https://a.example/?q", "https://a.example/?r#x", true));
  CHECK(urls_match("https://a.example/?q", "https://a.example/", true));
  CHECK_FALSE(urls_match("https://a.example/a?q", "https://a.example/b?q", true));
  CHECK_FALSE(urls_match("https://a.example/x", "https://b.example/x", true));
  CHECK(urls_match("https://a.example/?a#?b", "https://a.example/?a", false));
  CHECK(split_url("https://a.example/#?not-a-query").query.empty());
}

TEST_CASE("a query has to agree with the stored request in every field that Vary names") {
  const auto none = headers_of({});
  const auto cats = headers_of({{"Pet", "cat"}});
  const auto dogs = headers_of({{"pet", "dog"}});
  const auto cats_red = headers_of({{"Pet", "cat"}, {"Color", "red"}});
  const auto cats_blue = headers_of({{"Pet", "cat"}, {"Color", "blue"}});
  CHECK(matches(cats, "", dogs));
  CHECK(matches(cats, "Pet", cats));
  CHECK(matches(cats, "pET", headers_of({{"PET", "cat"}})));
  CHECK_FALSE(matches(cats, "Pet", dogs));
  CHECK_FALSE(matches(cats, "Pet", none));
  CHECK_FALSE(matches(none, "Pet", cats));
  CHECK(matches(none, "Pet", none));
  CHECK_FALSE(matches(none, "Pet", headers_of({{"Pet", ""}})));
  CHECK(matches(cats_red, "Pet", cats_blue));
  CHECK_FALSE(matches(cats_red, "Pet, Color", cats_blue));
  CHECK_FALSE(matches(cats_red, "Pet , ,Color,", cats_blue));
  CHECK(matches(headers_of({{"Pet", "a"}, {"Pet", "b"}}), "Pet", headers_of({{"Pet", "a, b"}})));
  CHECK_FALSE(matches(cats, "*", cats));
  CHECK_FALSE(matches(cats, "Pet, *", cats));
  cache_query_options ignore_vary;
  ignore_vary.ignore_vary = true;
  CHECK(matches(cats, "Pet", dogs, ignore_vary));
  CHECK(matches(cats, "*", dogs, ignore_vary));
}

TEST_CASE("only GET requests are found, unless the method is ignored") {
  auto request = get(url);
  cache_query_options options;
  request.method = "HEAD";
  CHECK_FALSE(cache_matcher{request, options}.can_match());
  options.ignore_method = true;
  CHECK(cache_matcher{request, options}.can_match());
}

TEST_CASE("what the Cache API refuses is refused as TypeError") {
  const auto fine = respond("x");
  CHECK(refusal(get(url), fine).empty());
  CHECK(refusal(get("http://a.example/"), fine).empty());
  for (const auto* bad :
       {"data:text/plain,x", "blob:https://a.example/1", "file:///x", "about:blank"})
    CHECK(refusal(get(bad), fine).starts_with("TypeError: "));
  for (const auto* method : {"POST", "HEAD", "PUT", "get"}) {
    auto request = get(url);
    request.method = method;
    CHECK(refusal(request, fine).starts_with("TypeError: "));
  }
  auto partial = respond("x");
  partial.status = 206;
  CHECK(refusal(get(url), partial).starts_with("TypeError: "));
  CHECK(refusal(get(url), respond("x", headers_of({{"vary", "*"}}))).starts_with("TypeError: "));
  CHECK(refusal(get(url), respond("x", headers_of({{"Vary", "a"}, {"Vary", "b, *"}})))
            .starts_with("TypeError: "));
  CHECK(refusal(get(url), fetch_response::network_error("x")).starts_with("TypeError: "));
  auto opaque = respond("x");
  opaque.type = response_type::opaque;
  opaque.status = 0;
  CHECK(refusal(get(url), opaque).empty());
}

TEST_CASE("a batch that would replace its own entries is refused as InvalidStateError") {
  const auto vary = headers_of({{"Vary", "Pet"}});
  const auto cats = headers_of({{"Pet", "cat"}});
  const auto dogs = headers_of({{"Pet", "dog"}});
  const auto is_refused = [](const std::vector<cache_entry>& entries) {
    const auto err = check_batch(entries);
    return err == storage_error::refused && context_of(err).starts_with("InvalidStateError: ");
  };
  CHECK(is_refused({entry(url, "1"), entry(std::string{url} + "#f", "2")}));
  CHECK_FALSE(is_refused({entry(url, "1"), entry("https://a.example/page?x=2", "2")}));
  CHECK(is_refused({entry(url, "1", vary, cats), entry(url, "2", vary, cats)}));
  CHECK_FALSE(is_refused({entry(url, "1", vary, cats), entry(url, "2", vary, dogs)}));
  CHECK(is_refused({entry(url, "1", {}, cats), entry(url, "2", vary, dogs)}));
}

} // namespace offstage::test
