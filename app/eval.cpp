// SPDX-License-Identifier: MIT
#include "app/eval.hpp"

#include <cstdio>
#include <string_view>
#include <variant>

#include "app/eval_files.hpp"
#include "app/eval_host.hpp"
#include "app/eval_options.hpp"
#include "app/eval_report.hpp"
#include "app/signals.hpp"

namespace offstage {

namespace {

constexpr int usage_exit_code = 2;

constexpr std::string_view usage = R"(usage: offstage eval [options] FILE...

Runs scripts in one global scope of a worker, one after the other as importScripts() does, then
their tasks until nothing is pending or close() is called. FILE - is the standard input.
console.warn and console.error write to stderr, the others to stdout.

options, as --NAME=VALUE or --NAME VALUE:
  --scope=worker|serviceworker  the global scope; a service worker gets its install event after
                                the scripts (default: worker)
  --url=URL                     where the script seems to be; relative URLs are resolved against it
                                (default: https://eval.example/ and the name of the first file,
                                of a module its whole path)
  --module                      the files behind it are modules; what they import is read from the
                                directories of the first file if it is there, else fetched
  --time-limit=S                seconds until the run is ended (default: 600)
  --memory-limit=MB             memory for the script's objects (default: 256)
  --data-dir=DIR                where caches are kept (default: they are removed at the end)
  --resolve=HOST:ADDR[:PORT]    connect to ADDR when the script fetches from HOST; may be repeated
  --insecure                    accept any TLS certificate
  --ca=FILE                     trust these certificates instead of the system's
  --help                        print this

exit code: 0 done, 1 uncaught error, 2 wrong usage, 3 time limit, 4 memory limit
)";

int refuse(const std::string& text) {
  report_eval_problem(text);
  return usage_exit_code;
}

} // namespace

int eval(const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (argument == "--help" || argument == "-h") {
      std::fwrite(usage.data(), 1, usage.size(), stdout);
      return 0;
    }
  }
  auto parsed = parse_eval_options(arguments);
  if (const auto* wrong = std::get_if<eval_usage_error>(&parsed))
    return refuse(wrong->text);
  auto& options = std::get<eval_options>(parsed);
  std::vector<eval_script> scripts;
  for (const auto& file : options.files) {
    auto script = read_eval_script(file, options.url);
    if (const auto* wrong = std::get_if<std::string>(&script))
      return refuse(*wrong);
    scripts.push_back(std::move(std::get<eval_script>(script)));
  }
  block_stop_signals();
  eval_host host{std::move(options)};
  return host.run(scripts);
}

} // namespace offstage
