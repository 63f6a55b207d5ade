// SPDX-License-Identifier: MIT
#include "gateway/upstream_table.hpp"

#include <algorithm>
#include <filesystem>

namespace offstage {

namespace {

std::optional<upstream_table::entry> make_entry(const upstream_site& site) {
  upstream_table::entry entry{
      .origin = site.origin, .base = {}, .path_prefix = {}, .directory = {}};
  const auto parsed = url::parse(site.upstream);
  if (parsed && parsed->is_http()) {
    entry.path_prefix = parsed->pathname();
    while (entry.path_prefix.ends_with('/'))
      entry.path_prefix.pop_back();
    entry.base = *parsed;
    return entry;
  }
  std::error_code error;
  if (!std::filesystem::is_directory(site.upstream, error))
    return std::nullopt;
  entry.directory = site.upstream;
  return entry;
}

} // namespace

std::optional<upstream_table> upstream_table::make(const std::vector<upstream_site>& sites,
                                                   std::string& bad) {
  upstream_table table;
  for (const auto& site : sites) {
    auto entry = make_entry(site);
    if (!entry) {
      bad = site.upstream;
      return std::nullopt;
    }
    table.entries_.push_back(std::move(*entry));
  }
  return table;
}

const upstream_table::entry* upstream_table::find(const url& target) const {
  const auto found = std::ranges::find(entries_, target.origin(), &entry::origin);
  return found == entries_.end() ? nullptr : &*found;
}

std::optional<url> upstream_table::entry::map(const url& site_url) const {
  if (!base)
    return std::nullopt;
  auto text = base->origin() + path_prefix + site_url.pathname();
  if (site_url.query())
    text += "?" + *site_url.query();
  return url::parse(text);
}

std::string upstream_table::entry::unmap(std::string_view location, const url& upstream_url) const {
  const auto target = url::parse(location, &upstream_url);
  if (!base || !target || target->origin() != base->origin()
      || !(target->pathname() + "/").starts_with(path_prefix + "/"))
    return std::string{location};
  auto path = target->pathname().substr(path_prefix.size());
  if (path.empty())
    path = "/";
  if (target->query())
    path += "?" + *target->query();
  if (target->fragment())
    path += "#" + *target->fragment();
  return path;
}

} // namespace offstage
