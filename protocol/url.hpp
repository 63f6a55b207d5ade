// SPDX-License-Identifier: MIT
#pragma once

// The URL Standard's URL record and its parser. The one parser of the house: the gateway, the
// registrations and the script's URL objects must never disagree about what a URL means. A value;
// parsing never throws and never allocates more than a small multiple of its input.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offstage {

class url {
public:
  /// The basic URL parser on UTF-8 input; nothing on failure.
  static std::optional<url> parse(std::string_view input, const url* base = nullptr);

  /// Serialises; with `exclude_fragment` as Fetch and the Cache compare URLs.
  enum class fragment_mode { include, exclude };
  std::string href(fragment_mode mode = fragment_mode::include) const;

  const std::string& scheme() const { return scheme_; } ///< Without the colon.
  const std::string& username() const { return username_; }
  const std::string& password() const { return password_; }
  const std::optional<std::string>& host() const {
    return host_;
  } ///< Serialised, IPv6 in brackets.
  std::optional<uint16_t> port() const {
    return port_;
  } ///< Nothing when it is the scheme's default.
  std::string pathname() const;
  bool has_opaque_path() const { return opaque_path_; }
  const std::optional<std::string>& query() const { return query_; }
  const std::optional<std::string>& fragment() const { return fragment_; }

  /// The serialised origin, or "null" for an opaque one.
  std::string origin() const;
  bool is_special() const;
  bool is_http() const { return scheme_ == "http" || scheme_ == "https"; }
  /// The port to connect to: the explicit one or the scheme's default; 0 if there is none.
  uint16_t effective_port() const;
  /// https, or a loopback host: what browsers call potentially trustworthy.
  bool is_potentially_trustworthy() const;

  /// The setters of the URL interface. A value that does not parse leaves the record as it was.
  bool set_href(std::string_view value);
  void set_protocol(std::string_view value);
  void set_username(std::string_view value);
  void set_password(std::string_view value);
  void set_host(std::string_view value);
  void set_hostname(std::string_view value);
  void set_port(std::string_view value);
  void set_pathname(std::string_view value);
  void set_search(std::string_view value);
  void set_hash(std::string_view value);

  friend bool operator==(const url&, const url&) = default;

private:
  friend class url_parser;

  std::string scheme_;
  std::string username_;
  std::string password_;
  std::optional<std::string> host_;
  std::optional<uint16_t> port_;
  std::string path_; ///< With its leading slash; verbatim if opaque.
  std::optional<std::string> query_;
  std::optional<std::string> fragment_;
  bool opaque_path_ = false;
};

} // namespace offstage
