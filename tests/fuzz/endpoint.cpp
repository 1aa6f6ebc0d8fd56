// SPDX-License-Identifier: Apache-2.0
// AWS_LAMBDA_RUNTIME_API.
#include "api/connection/endpoint.h"

#include "api/connection/numeric_resolver.h"
#include "base/text/text.h"
#include "fuzz.h"

using fuzzing::require;

void fuzz(std::string_view input) {
  const auto endpoint = api::Endpoint::parse(input);
  if (!endpoint) {
    const auto& message = endpoint.error().message;
    require(message == base::repair_utf8(message), "a refusal is UTF-8");
    return;
  }
  require(api::is_resolvable(endpoint->host), "the host can be resolved");
  require(endpoint->port >= 1 && endpoint->port <= 65535, "the port is one");
  require(endpoint->prefix.empty() || endpoint->prefix.front() == '/', "a prefix is a path");
  require(!endpoint->prefix.ends_with('/'), "a prefix is followed by a slash of ours");
  require(endpoint->prefix.find_first_of(" \r\n?#") == std::string::npos,
          "a prefix cannot end a request line");
}
