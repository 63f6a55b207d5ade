// SPDX-License-Identifier: MIT
#include <string>

#include "test/process/eval_fixture.hpp"
#include "test/support/tls_origin.hpp"

using namespace offstage::test;

namespace {

struct eval_with_tls : eval_fixture {
  tls_origin origin{{"one.example", "*.two.example"}};
  std::string trusted = write("trusted.pem", origin.certificate_pem());

  /// Fetches a path of the host, which is at the server, and prints the answer or the error.
  eval_outcome fetch_from(const std::string& host, std::vector<std::string> options) const {
    options.push_back("--resolve=" + host + ":127.0.0.1:" + std::to_string(origin.port()));
    return eval("fetch('https://" + host
                    + "/path').then((x) => x.text()).then(console.log, "
                      "(error) => console.log(error.name));",
                std::move(options));
  }
};

} // namespace

TEST_CASE_FIXTURE(eval_with_tls, "a certificate that nobody trusts is a network error") {
  const auto outcome = fetch_from("one.example", {});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "TypeError\n");
}

TEST_CASE_FIXTURE(eval_with_tls, "--ca trusts what the file has, for the names in it only") {
  CHECK(fetch_from("one.example", {"--ca=" + trusted}).out == "/path\n");
  CHECK(fetch_from("www.two.example", {"--ca=" + trusted}).out == "/path\n");
  CHECK(fetch_from("three.example", {"--ca=" + trusted}).out == "TypeError\n");
}

TEST_CASE_FIXTURE(eval_with_tls, "--insecure takes any certificate") {
  CHECK(fetch_from("three.example", {"--insecure"}).out == "/path\n");
}

TEST_CASE_FIXTURE(eval_with_tls, "a file of certificates that cannot be read is a clear error") {
  const auto outcome = fetch_from("one.example", {"--ca=" + path("missing.pem")});
  CHECK(outcome.code == 2);
  CHECK(outcome.says("--ca="));
  CHECK(outcome.says("must name a file of certificates"));
}
