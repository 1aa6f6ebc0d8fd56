// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/wire/invocation.h"
#include "base/environment.h"

#include <span>
#include <string>
#include <vector>

namespace handler {

/// The environment that every child starts from: the bootstrap's own without what a child must not have.
/// `keep_runtime_api`: leave AWS_LAMBDA_RUNTIME_API in.
base::Environment child_base_environment(base::Environment own, bool keep_runtime_api);

/// One more variable of one invocation.
struct Variable {
  std::string name;
  std::string value;
};

struct ChildEnvironment {
  std::vector<std::string> strings;   ///< "NAME=value" for execve
  std::vector<std::string> warnings;  ///< variables left out because the kernel would not take them
};

/// `start` plus the variables of one invocation, `more` last. Values of an earlier invocation cannot be in
/// `start`; a header that is absent leaves its variables unset. Pure.
ChildEnvironment child_environment(const base::Environment& start, const api::Invocation& invocation,
                                   std::span<const Variable> more = {});

}  // namespace handler
