// SPDX-License-Identifier: MIT

// The program: verbs, and the worker process that the launcher starts.

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "app/core.hpp"
#include "app/eval.hpp"
#include "app/serve.hpp"
#include "app/storage_verb.hpp"

namespace {

constexpr std::string_view help = R"(offstage: service workers without a browser

usage: offstage VERB [options]

  serve      put service workers in front of a site and answer HTTP
  eval       run scripts in the global scope of a worker
  storage    check, count or write out a data directory
  version    print the version

offstage VERB --help says more. Documentation: README.md and docs/.
)";

void print(std::string_view text, std::FILE* to = stdout) {
  std::fwrite(text.data(), 1, text.size(), to);
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto verb = arguments.empty() ? std::string{} : arguments.front();
  if (verb == "--worker-process")
    offstage::run_worker_process(argc, argv);
  if (verb == "serve")
    return offstage::serve({arguments.begin() + 1, arguments.end()});
  if (verb == "eval")
    return offstage::eval({arguments.begin() + 1, arguments.end()});
  if (verb == "storage")
    return offstage::look_at_storage({arguments.begin() + 1, arguments.end()});
  if (verb == "version" || verb == "--version") {
    print("offstage " OFFSTAGE_VERSION "\n");
    return 0;
  }
  if (verb == "help" || verb == "--help" || verb == "-h") {
    print(help);
    return 0;
  }
  if (!verb.empty())
    print("offstage: there is no verb '" + verb + "'\n\n", stderr);
  print(help, stderr);
  return 2;
}
