// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/aws/aws.h"
#include "cli/deploy/wanted.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cli {

/// A function, or one version of it, as the service has it.
struct Configuration {
  std::string arn;
  std::string sha256;
  std::string runtime;
  std::string handler;
  std::string role;
  std::string arch;
  std::string revision;  ///< changes with each change of the function
  int memory = 0;
  int timeout = 0;
  std::vector<std::string> layers;
  std::map<std::string, std::string> environment;
  bool is_image = false;
};

struct Alias {
  std::string arn;
  std::string version;
  std::string revision;
  bool is_split = false;  ///< a part of the calls goes to another version
};

struct FunctionUrl {
  std::string address;
  std::string auth_type;
  std::string invoke_mode;
};

/// A role by its name. One that we have made has a policy of ours, which may be missing still.
struct Role {
  std::string arn;
  bool is_ours = false;
  bool has_policy = false;
};

/// What is there, of all that deploy may have to do with. Parts that it will not touch are not asked for.
struct Present {
  std::string account;
  std::string partition;  ///< of ARNs: aws, aws-cn, …
  std::optional<Configuration> latest;
  std::optional<Configuration> served;  ///< what the alias leads to
  std::optional<Alias> alias;
  std::optional<FunctionUrl> url;
  std::set<std::string> statements;  ///< ids in the policy of the alias
  std::optional<Role> role;
  std::map<std::string, std::string> tags;
  std::vector<std::string> layers;  ///< an ARN for each wanted one; empty: to be published
};

/// The role's name where nothing is said: the function's.
std::string role_of(const DeploySettings& settings);

/// A version, or where none is given the function itself as it would be published. nullopt: there is none.
base::Result<std::optional<Configuration>> find_configuration(Aws& aws, const std::string& function,
                                                              const std::string& version = "");

base::Result<std::optional<Alias>> find_alias(Aws& aws, const std::string& function,
                                              const std::string& alias);
base::Result<std::optional<FunctionUrl>> find_url(Aws& aws, const std::string& function,
                                                  const std::string& alias);

/// Asks only. An error is a sentence: no credentials, a permission that is missing, a function of another
/// kind under that name.
base::Result<Present> read_present(Aws& aws, const Wanted& wanted);

}  // namespace cli
