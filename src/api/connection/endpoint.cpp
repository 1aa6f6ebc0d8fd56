// SPDX-License-Identifier: Apache-2.0
#include "api/connection/endpoint.h"

#include "api/connection/numeric_resolver.h"
#include "base/text/text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace api {
namespace {

constexpr std::string_view kScheme = "http://";

struct Parts {
  std::string_view host;
  std::string_view port;  // empty: none was given
  bool has_port = false;
};

// "host", "host:port", "[v6]" or "[v6]:port"; nullopt: neither.
std::optional<Parts> split_authority(std::string_view text) {
  Parts parts;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || text.substr(0, end).find(':') == std::string_view::npos) return {};
    parts.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    parts.host = text.substr(0, text.find(':'));
    text.remove_prefix(parts.host.size());
  }
  if (text.empty()) return parts;
  if (text[0] != ':') return {};
  parts.has_port = true;
  parts.port = text.substr(1);
  return parts;
}

// 0 where `text` is no port.
int parse_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text[0] != '-';
  return whole && port <= 65535 ? port : 0;
}

// Nobody listens on the unspecified addresses: a server bound to one is reached on the loopback of its
// family.
std::string reachable(std::string_view host) {
  if (host == "::") return "::1";
  if (host == "0.0.0.0") return "127.0.0.1";
  return std::string(host);
}

bool is_path(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#'; });
}

std::string_view without_trailing_slashes(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

base::Error refused(std::string_view address, std::string_view why) {
  return {"the Runtime API's address \"" + base::repair_utf8(address) + "\" " + std::string(why)};
}

}  // namespace

base::Result<Endpoint> Endpoint::parse(std::string_view address) {
  std::string_view rest = address;
  if (base::equal_ignoring_case(rest.substr(0, kScheme.size()), kScheme)) rest.remove_prefix(kScheme.size());
  const auto authority = rest.substr(0, rest.find('/'));
  const auto prefix = without_trailing_slashes(rest.substr(authority.size()));
  if (!is_path(prefix)) return refused(address, "has a path with blanks or a query");

  const auto parts = split_authority(authority);
  if (!parts || parts->host.empty()) return refused(address, "is not HOST:PORT");
  Endpoint endpoint{reachable(parts->host), 80, std::string(prefix)};
  if (!is_resolvable(endpoint.host))
    return refused(address, "needs an IP address or \"localhost\" as its host");
  if (parts->has_port) endpoint.port = parse_port(parts->port);
  if (endpoint.port == 0) return refused(address, "has no port from 1 to 65535");
  return endpoint;
}

}  // namespace api
