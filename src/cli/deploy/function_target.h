// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/deploy/deploy_settings.h"

#include <string>

namespace cli {

/// A function of the service, as logs, rollback and invoke --remote are told of it.
struct FunctionTarget {
  std::string name;
  std::string qualifier;  ///< an alias or a version; empty: none was said
  std::string region;     ///< empty: the AWS CLI's
};

/// deploy.json of a function's folder, with its name and alias where the file does not say them: `name`, or
/// the folder's own; and the alias of every function. An error is a sentence.
base::Result<DeploySettings> read_function_folder(const std::string& folder, const std::string& name = "");

/// `word`: a folder with a function, or NAME or NAME:QUALIFIER of one. Empty: the current folder. Of a folder
/// the qualifier is its alias.
base::Result<FunctionTarget> find_function(const std::string& word);

}  // namespace cli
