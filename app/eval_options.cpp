// SPDX-License-Identifier: MIT
#include "app/eval_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>

#include "protocol/url.hpp"

namespace offstage {

namespace {

/// Nothing if it was fine, else what was not.
using problem = std::optional<std::string>;

template <class T>
std::optional<T> number_in(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

problem take_scope(std::string_view value, eval_options& options) {
  if (value == "worker")
    options.scope = eval_scope::worker;
  else if (value == "serviceworker")
    options.scope = eval_scope::service_worker;
  else
    return "must be worker or serviceworker";
  return {};
}

problem take_url(std::string_view value, eval_options& options) {
  const auto parsed = url::parse(value);
  if (!parsed || !parsed->is_http())
    return "must be an http or https URL";
  options.url = parsed->href();
  return {};
}

problem take_time_limit(std::string_view value, eval_options& options) {
  const std::chrono::duration<double> most = limits::eval_time_max;
  const auto seconds = number_in<double>(value);
  if (!seconds || !std::isfinite(*seconds) || *seconds < 0.001 || *seconds > most.count())
    return "must be a number of seconds, at most " + std::to_string(limits::eval_time_max.count())
           + " hours";
  options.time_max =
      std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>{*seconds});
  return {};
}

problem take_memory_limit(std::string_view value, eval_options& options) {
  const auto megabytes = number_in<uint64_t>(value);
  if (!megabytes || *megabytes < limits::eval_memory_mb_min
      || *megabytes > limits::eval_memory_mb_max)
    return "must be a number of MB from " + std::to_string(limits::eval_memory_mb_min) + " to "
           + std::to_string(limits::eval_memory_mb_max);
  options.heap_bytes_max = *megabytes << 20;
  return {};
}

problem take_data_dir(std::string_view value, eval_options& options) {
  if (value.empty())
    return "must name a directory";
  options.data_dir = value;
  return {};
}

problem take_ca(std::string_view value, eval_options& options) {
  if (!std::filesystem::exists(value))
    return "must name a file of certificates";
  options.ca_file = value;
  return {};
}

/// HOST:ADDR, HOST:ADDR:PORT, with an IPv6 address in brackets, or HOST:PORT:ADDR as curl has it.
problem take_resolve(std::string_view value, eval_options& options) {
  const auto colon = value.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == value.size())
    return "must be HOST:ADDR or HOST:ADDR:PORT";
  const std::string host{value.substr(0, colon)};
  auto rest = value.substr(colon + 1);
  std::string from;
  const auto second = rest.find(':');
  if (second != std::string_view::npos && number_in<uint16_t>(rest.substr(0, second))) {
    from = rest.substr(0, second);
    rest.remove_prefix(second + 1);
  }
  const auto port_at = rest.find(':', rest.starts_with('[') ? rest.find(']') : 0);
  const auto port =
      port_at == std::string_view::npos ? std::string_view{} : rest.substr(port_at + 1);
  if (!port.empty() && !number_in<uint16_t>(port))
    return "must be HOST:ADDR or HOST:ADDR:PORT, with an IPv6 address in brackets";
  options.connect_to.push_back(host + ":" + from + ":" + std::string{rest.substr(0, port_at)} + ":"
                               + std::string{port});
  return {};
}

struct valued_option {
  std::string_view name;
  problem (*take)(std::string_view value, eval_options& options);
};

constexpr std::array valued_options{
    valued_option{"--scope", take_scope},
    valued_option{"--url", take_url},
    valued_option{"--time-limit", take_time_limit},
    valued_option{"--memory-limit", take_memory_limit},
    valued_option{"--data-dir", take_data_dir},
    valued_option{"--resolve", take_resolve},
    valued_option{"--ca", take_ca},
};

/// Reads the option at `at` and moves it past its value.
problem take_option(const std::vector<std::string>& arguments, size_t& at, eval_options& options) {
  const std::string_view argument = arguments[at];
  if (argument == "--insecure") {
    options.verify_tls = false;
    return {};
  }
  const auto equals = argument.find('=');
  const auto name = argument.substr(0, equals);
  const auto same = [&](const valued_option& option) { return option.name == name; };
  const auto found = std::ranges::find_if(valued_options, same);
  if (found == valued_options.end())
    return "there is no option '" + std::string{argument} + "'";
  if (equals == std::string_view::npos && at + 1 == arguments.size())
    return std::string{name} + ": a value is missing";
  const std::string_view value = equals == std::string_view::npos
                                     ? std::string_view{arguments[++at]}
                                     : argument.substr(equals + 1);
  if (const auto wrong = found->take(value, options))
    return std::string{name} + "=" + std::string{value} + ": " + *wrong;
  return {};
}

// A module's URL has its whole path, so that "../" leads where it does on disk.
std::string default_url(const eval_file& file) {
  const auto base = url::parse("https://eval.example/");
  auto result = *base;
  auto path = std::filesystem::path{file.path == "-" ? "stdin" : file.path};
  std::error_code ignored;
  if (file.type == worker_type::module)
    path = std::filesystem::absolute(path, ignored).lexically_normal().relative_path();
  else
    path = path.filename();
  result.set_pathname("/" + path.string());
  return result.href();
}

} // namespace

std::variant<eval_options, eval_usage_error>
parse_eval_options(const std::vector<std::string>& arguments) {
  eval_options options;
  bool only_files = false;
  auto type = worker_type::classic;
  for (size_t at = 0; at < arguments.size(); ++at) {
    const auto& argument = arguments[at];
    if (only_files || argument == "-" || !argument.starts_with("-")) {
      options.files.push_back({argument, type});
    } else if (argument == "--module") {
      type = worker_type::module;
    } else if (argument == "--") {
      only_files = true;
    } else if (auto wrong = take_option(arguments, at, options)) {
      return eval_usage_error{*wrong};
    }
  }
  if (options.files.empty())
    return eval_usage_error{"there is no file to run; - is the standard input"};
  if (std::ranges::count(options.files, "-", &eval_file::path) > 1)
    return eval_usage_error{"- may be given once"};
  if (options.url.empty())
    options.url = default_url(options.files.front());
  return options;
}

} // namespace offstage
