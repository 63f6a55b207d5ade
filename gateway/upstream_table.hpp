// SPDX-License-Identifier: MIT
#pragma once

// Where the URLs of the sites are fetched from. A value.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/network_fetcher.hpp"
#include "protocol/url.hpp"

namespace offstage {

class upstream_table {
public:
  struct entry {
    std::string origin;
    std::optional<url> base; ///< Nothing for a directory.
    std::string path_prefix; ///< Of the base, without a slash at its end.
    std::string directory;

    /// The same path at the upstream.
    std::optional<url> map(const url& site_url) const;

    /// A Location of the upstream as the site's clients have to see it: an address inside the
    /// upstream becomes a path; others stay.
    std::string unmap(std::string_view location, const url& upstream_url) const;
  };

  /// Nothing if an upstream is neither an http(s) URL nor a directory; `bad` then names it.
  static std::optional<upstream_table> make(const std::vector<upstream_site>& sites,
                                            std::string& bad);

  const entry* find(const url& target) const;

private:
  std::vector<entry> entries_;
};

} // namespace offstage
