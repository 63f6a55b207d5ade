// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "config/options.hpp"

using namespace offstage;

namespace {

std::string error_of(const std::variant<std::monostate, option_error>& outcome) {
  const auto* error = std::get_if<option_error>(&outcome);
  return error ? to_string(*error) : "";
}

std::string error_of_file(std::string_view text) {
  node_options options;
  return error_of(parse_configuration(text, "site.conf", options));
}

std::string error_of_argument(std::string_view argument) {
  node_options options;
  return error_of(parse_argument(argument, options));
}

} // namespace

TEST_CASE("a configuration file may name several sites") {
  node_options options;
  const auto outcome =
      parse_configuration("# comment\n"
                          "data-dir = /tmp/x\n"
                          "[gateway]\nport=9000\n\n"
                          "[site]\nhost = a.example\nupstream = \"http://127.0.0.1:1\"\n"
                          "service-worker = /sw.js\nscope = /app/\n"
                          "[site]\r\nupstream = www\r\n"
                          "[worker]\nstrategy = per_worker\nheap-mb = 32\n",
                          "site.conf", options);
  CHECK(error_of(outcome) == "");
  CHECK(options.data_dir == "/tmp/x");
  CHECK(options.port == 9000);
  REQUIRE(options.sites.size() == 2);
  CHECK(options.sites[0].host == "a.example");
  CHECK(options.sites[0].upstream == "http://127.0.0.1:1");
  CHECK(options.sites[0].scope == "/app/");
  CHECK(options.sites[1].upstream == "www");
  CHECK(options.strategy == spawn_strategy::per_worker);
  CHECK(options.worker_heap_bytes == 32u << 20);
  CHECK(error_of(validate(options)) == "");
}

TEST_CASE("a configuration error names file, line, key and what would be right") {
  CHECK(error_of_file("[gateway]\nport = http\n")
        == "site.conf:2: gateway.port: 'http' is not a number from 0 to 65535");
  CHECK(error_of_file("[gateway]\n\nprot = 1\n")
        == "site.conf:3: prot: there is no such key here; known are: address, port, threads");
  CHECK(error_of_file("[gatway]\n")
        == "site.conf:1: [gatway]: known sections are [gateway], [site], [worker], [storage] and "
           "[log]");
  CHECK(error_of_file("[site]\nupstream\n")
        == "site.conf:2: upstream: expected 'key = value' or '[section]'");
  CHECK(error_of_file("[worker]\nstrategy = fast\n")
        == "site.conf:2: worker.strategy: 'fast' is not one of per_origin, per_worker, shared, "
           "in_process");
  CHECK(error_of_file("[site]\nupstream = ftp://x\n")
        == "site.conf:2: site.upstream: 'ftp://x' is not an http(s) URL or a directory");
}

TEST_CASE("arguments override the file and their errors name them") {
  node_options options;
  CHECK(error_of(parse_argument("--site.upstream=www", options)) == "");
  CHECK(error_of(parse_argument("--gateway.port=0", options)) == "");
  CHECK(options.sites.at(0).upstream == "www");
  CHECK(options.port == 0);
  CHECK(error_of_argument("--gateway.port=70000")
        == "command line: --gateway.port: '70000' is not a number from 0 to 65535");
  CHECK(error_of_argument("--nonsense=1")
        == "command line: --nonsense: there is no such option; see --help");
  CHECK(error_of_argument("--gateway.port")
        == "command line: --gateway.port: needs a value: --gateway.port=N");
  CHECK(error_of_argument("stray") == "command line: stray: options start with --");
}

TEST_CASE("sites are validated together") {
  node_options options;
  CHECK(error_of(validate(options)).find("nothing to serve") != std::string::npos);
  options.sites.resize(2);
  options.sites[0].upstream = "a";
  options.sites[1].upstream = "b";
  CHECK(error_of(validate(options)).find("only one site") != std::string::npos);
  options.sites.resize(1);
  options.sites[0] = {};
  options.sites[0].host = "h";
  CHECK(error_of(validate(options))
        == "configuration: site.upstream: site h needs an http(s) URL or a directory");
}

TEST_CASE("the default data directory follows the user's state directory") {
  CHECK(default_data_dir("/s", "/home/u") == "/s/offstage");
  CHECK(default_data_dir(nullptr, "/home/u") == "/home/u/.local/state/offstage");
  CHECK(default_data_dir(nullptr, nullptr) == "/var/lib/offstage");
}
