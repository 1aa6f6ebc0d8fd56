// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace api {

/// Where the Runtime API is. Pure; parsed once.
struct Endpoint {
  std::string host;  ///< without brackets
  int port = 80;
  std::string prefix;  ///< path in front of /2018-06-01, "" or "/like/this"

  /// "host:port", with an optional "http://", an IPv6 literal in brackets and a path prefix, as
  /// "http://[::]:9000/.rt". The host is an IP address or "localhost" (nothing else can be resolved); the
  /// unspecified addresses :: and 0.0.0.0 mean this machine. Without a port: 80.
  static base::Result<Endpoint> parse(std::string_view address);
};

}  // namespace api
