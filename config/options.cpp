// SPDX-License-Identifier: MIT
#include "config/options.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <set>

namespace offstage {

namespace {

using result = std::variant<std::monostate, option_error>;

/// What would be right, if the value is not.
using setter = std::function<std::optional<std::string>(node_options&, std::string_view)>;

struct option {
  std::string_view section;
  std::string_view key;
  std::string_view value_name;
  std::string_view help;
  setter set;
};

template <class Number>
setter number(Number node_options::*member, uint64_t min, uint64_t max, uint64_t factor = 1) {
  return [=](node_options& to, std::string_view text) -> std::optional<std::string> {
    uint64_t value = 0;
    const auto [end, err] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (err != std::errc{} || end != text.data() + text.size() || value < min || value > max)
      return "a number from " + std::to_string(min) + " to " + std::to_string(max);
    to.*member = static_cast<Number>(value * factor);
    return std::nullopt;
  };
}

template <class Enum>
setter choice(Enum node_options::*member, std::vector<std::pair<std::string_view, Enum>> choices) {
  return [=](node_options& to, std::string_view text) -> std::optional<std::string> {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (name == text) {
        to.*member = value;
        return std::nullopt;
      }
      names += (names.empty() ? "" : ", ") + std::string{name};
    }
    return "one of " + names;
  };
}

setter text(std::string node_options::*member) {
  return [=](node_options& to, std::string_view value) -> std::optional<std::string> {
    if (value.empty())
      return "a value that is not empty";
    to.*member = value;
    return std::nullopt;
  };
}

setter site_text(std::string site_options::*member, bool (*is_right)(std::string_view),
                 std::string what) {
  return [=](node_options& to, std::string_view value) -> std::optional<std::string> {
    if (!is_right(value))
      return what;
    if (to.sites.empty())
      to.sites.emplace_back();
    to.sites.back().*member = value;
    return std::nullopt;
  };
}

setter site_switch(bool site_options::*member) {
  return [=](node_options& to, std::string_view value) -> std::optional<std::string> {
    if (value != "yes" && value != "no")
      return "yes or no";
    if (to.sites.empty())
      to.sites.emplace_back();
    to.sites.back().*member = value == "yes";
    return std::nullopt;
  };
}

std::optional<std::string> set_worker_type(node_options& to, std::string_view value) {
  if (value != "classic" && value != "module")
    return "one of classic, module";
  if (to.sites.empty())
    to.sites.emplace_back();
  to.sites.back().service_worker_type =
      value == "module" ? worker_type::module : worker_type::classic;
  return std::nullopt;
}

bool is_host(std::string_view x) {
  return !x.empty() && x.find_first_of("/ @?#") == std::string_view::npos;
}

bool is_origin(std::string_view x) {
  const auto authority = x.starts_with("http://")    ? x.substr(7)
                         : x.starts_with("https://") ? x.substr(8)
                                                     : std::string_view{};
  return !authority.empty() && authority.find_first_of("/?#@ ") == std::string_view::npos;
}

bool is_upstream(std::string_view x) {
  const auto scheme = x.find("://");
  return !x.empty()
         && (scheme == std::string_view::npos || x.starts_with("http://")
             || x.starts_with("https://"));
}

bool is_reference(std::string_view x) {
  return x.starts_with('/') || x.starts_with("http://") || x.starts_with("https://");
}

const std::vector<option>& table() {
  static const std::vector<option> options{
      {"", "data-dir", "DIR", "where registrations, scripts and caches are kept",
       text(&node_options::data_dir)},
      {"gateway", "address", "IP", "address to listen on (127.0.0.1)",
       text(&node_options::address)},
      {"gateway", "port", "N", "port to listen on, 0 for any (8080)",
       number(&node_options::port, 0, 65'535)},
      {"gateway", "threads", "N", "threads that serve connections (1)",
       number(&node_options::gateway_threads, 1, 64)},
      {"site", "upstream", "URL|DIR", "where the site itself is", //
       site_text(&site_options::upstream, is_upstream, "an http(s) URL or a directory")},
      {"site", "service-worker", "URL", "the site's service worker script, for example /sw.js",
       site_text(&site_options::service_worker, is_reference, "a path from / or an http(s) URL")},
      {"site", "service-worker-type", "NAME", "classic or module (classic)", set_worker_type},
      {"site", "scope", "URL", "scope of the registration (the script's directory)",
       site_text(&site_options::scope, is_reference, "a path from / or an http(s) URL")},
      {"site", "host", "NAME", "host name of the site, if there are several",
       site_text(&site_options::host, is_host,
                 "a host name, with a port if it is not the default")},
      {"site", "origin", "ORIGIN", "origin as scripts see it (https://HOST, http on loopback)",
       site_text(&site_options::origin, is_origin,
                 "a scheme, host and port, for example https://notes.example")},
      {"site", "persistent", "yes|no", "never evict what the site's worker stored (no)",
       site_switch(&site_options::persistent)},
      {"worker", "strategy", "NAME", "per_origin, per_worker, shared or in_process (per_origin)",
       choice(&node_options::strategy, {{"per_origin", spawn_strategy::per_origin},
                                        {"per_worker", spawn_strategy::per_worker},
                                        {"shared", spawn_strategy::shared},
                                        {"in_process", spawn_strategy::in_process}})},
      {"worker", "heap-mb", "N", "memory of one worker's script in MiB (256)",
       number(&node_options::worker_heap_bytes, 4, 2'047, uint64_t{1} << 20)},
      {"worker", "idle-s", "N", "seconds without events after which a worker stops (30)",
       number(&node_options::worker_idle_s, 1, 86'400)},
      {"worker", "execution-s", "N",
       "seconds after which a script that does not return is stopped (30)",
       number(&node_options::worker_execution_s, 1, 300)},
      {"storage", "quota-mb", "N", "storage of one origin in MiB (2048)",
       number(&node_options::quota_bytes, 1, uint64_t{1} << 30, uint64_t{1} << 20)},
      {"storage", "budget-mb", "N",
       "storage of all origins in MiB, then the least recently used are evicted (20480)",
       number(&node_options::budget_bytes, 1, uint64_t{1} << 30, uint64_t{1} << 20)},
      {"log", "level", "NAME", "debug, info, warn, error or off (info)",
       choice(&node_options::level, {{"debug", log_level::debug},
                                     {"info", log_level::info},
                                     {"warn", log_level::warn},
                                     {"error", log_level::error},
                                     {"off", log_level::off}})},
  };
  return options;
}

std::string full_name(const option& x) {
  return x.section.empty() ? std::string{x.key} : std::string{x.section} + "." + std::string{x.key};
}

const option* find_option(std::string_view section, std::string_view key) {
  const auto& options = table();
  const auto found = std::ranges::find_if(
      options, [&](const option& x) { return x.section == section && x.key == key; });
  return found == options.end() ? nullptr : &*found;
}

std::string known_keys(std::string_view section) {
  std::string names;
  for (const auto& x : table())
    if (x.section == section)
      names += (names.empty() ? "" : ", ") + std::string{x.key};
  return names;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string_view unquote(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

/// One file: remembers its section and line.
class file_parser {
public:
  file_parser(std::string_view file, node_options& options) : file_(file), options_(options) {}

  result parse(std::string_view text) {
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      ++line_;
      auto outcome = parse_line(trim(text.substr(0, end)));
      if (std::holds_alternative<option_error>(outcome))
        return outcome;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
  }

private:
  result parse_line(std::string_view line) {
    if (line.empty() || line.front() == '#' || line.front() == ';')
      return {};
    if (line.front() == '[')
      return open_section(line);
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
      return error(std::string{line}, "expected 'key = value' or '[section]'");
    const auto key = trim(line.substr(0, equals));
    const auto value = unquote(trim(line.substr(equals + 1)));
    const auto* known = find_option(section_, key);
    if (known == nullptr)
      return error(std::string{key},
                   "there is no such key here; known are: " + known_keys(section_));
    if (const auto expected = known->set(options_, value))
      return error(full_name(*known), "'" + std::string{value} + "' is not " + *expected);
    return {};
  }

  result open_section(std::string_view line) {
    section_ =
        line.ends_with(']') ? std::string{trim(line.substr(1, line.size() - 2))} : std::string{};
    const auto known = std::ranges::any_of(
        table(), [&](const option& x) { return !section_.empty() && x.section == section_; });
    if (!known)
      return error(std::string{line},
                   "known sections are [gateway], [site], [worker], [storage] and [log]");
    if (section_ == "site")
      options_.sites.emplace_back();
    return {};
  }

  result error(std::string key, std::string text) const {
    return option_error{std::string{file_} + ":" + std::to_string(line_), std::move(key),
                        std::move(text)};
  }

  std::string_view file_;
  node_options& options_;
  std::string section_;
  size_t line_ = 0;
};

} // namespace

std::string to_string(const option_error& error) {
  return error.where + ": " + (error.key.empty() ? "" : error.key + ": ") + error.text;
}

result parse_configuration(std::string_view text, std::string_view file, node_options& options) {
  return file_parser{file, options}.parse(text);
}

result parse_argument(std::string_view argument, node_options& options) {
  if (!argument.starts_with("--"))
    return option_error{"command line", std::string{argument}, "options start with --"};
  const auto equals = argument.find('=');
  const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
  const auto dot = name.find('.');
  const auto section = dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
  const auto* known =
      find_option(section, dot == std::string_view::npos ? name : name.substr(dot + 1));
  if (known == nullptr)
    return option_error{"command line", "--" + std::string{name},
                        "there is no such option; see --help"};
  if (equals == std::string_view::npos)
    return option_error{"command line", "--" + full_name(*known),
                        "needs a value: --" + full_name(*known) + "="
                            + std::string{known->value_name}};
  const auto value = argument.substr(equals + 1);
  if (const auto expected = known->set(options, value))
    return option_error{"command line", "--" + full_name(*known),
                        "'" + std::string{value} + "' is not " + *expected};
  return {};
}

result validate(const node_options& options) {
  std::set<std::string_view> hosts;
  for (const auto& site : options.sites) {
    const auto name = site.host.empty() ? std::string{"the site"} : "site " + site.host;
    if (site.upstream.empty())
      return option_error{"configuration", "site.upstream",
                          name + " needs an http(s) URL or a directory"};
    if (!site.scope.empty() && site.service_worker.empty())
      return option_error{"configuration", "site.scope",
                          name + " has a scope but no site.service-worker"};
    if (!hosts.insert(site.host).second)
      return option_error{"configuration", "site.host",
                          site.host.empty() ? "only one site may go without a host name"
                                            : "two sites have " + site.host};
  }
  if (options.sites.empty())
    return option_error{"configuration", "site.upstream",
                        "nothing to serve: give an http(s) URL or a directory"};
  return {};
}

std::string option_help() {
  std::string help;
  for (const auto& x : table()) {
    auto left = "  --" + full_name(x) + "=" + std::string{x.value_name};
    left.resize(std::max<size_t>(left.size() + 2, 32), ' ');
    help += left + std::string{x.help} + "\n";
  }
  return help;
}

std::string default_data_dir(const char* xdg_state_home, const char* home) {
  if (xdg_state_home != nullptr && *xdg_state_home == '/')
    return std::string{xdg_state_home} + "/offstage";
  return std::string{home != nullptr && *home == '/' ? home : "/var/lib"}
         + (home ? "/.local/state/offstage" : "/offstage");
}

} // namespace offstage
