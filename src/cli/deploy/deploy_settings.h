// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/line/variables.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// What deploy.json says. What it does not say stays as it is on the service, or has the service's default.
struct DeploySettings {
  std::string name;                                ///< of the function; empty: not said, as in all texts
  std::string alias;                               ///< that callers use
  std::string region;                              ///< empty: the AWS CLI's
  std::string role;                                ///< a name, or an ARN
  std::string handler;                             ///< of shellstrap pack, and of the function
  std::string arch;                                ///< x86_64 or arm64
  std::string invoke_mode;                         ///< of the URL: BUFFERED or RESPONSE_STREAM
  std::optional<int> memory;                       ///< MB
  std::optional<int> timeout;                      ///< seconds
  std::optional<std::vector<std::string>> layers;  ///< ARNs of versions, and zips to be published
  std::optional<Variables> environment;            ///< all of it
  std::vector<std::pair<std::string, std::string>> tags;
  bool url = false;
  bool bootstrap_in_layer = false;  ///< "bootstrap": "layer"
};

/// Strict: an unknown key, a wrong kind of value or a number out of its range is an error, a sentence that
/// names the key. Shows no value of a variable. Pure.
base::Result<DeploySettings> parse_deploy_settings(std::string_view text);

/// deploy.json of `folder`; without one nothing is said. Errors begin with the file's name.
base::Result<DeploySettings> read_deploy_settings(const std::string& folder);

}  // namespace cli
