// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace cli {

/// One change on the service: one call of the AWS CLI, and what has to be so before the next one. Words may
/// have names in braces, {version}, of what only an earlier step finds out, or the run itself.
struct Step {
  enum class Behind { nothing, function, version, alias };

  std::string what;                ///< for people, without values of variables
  std::vector<std::string> words;  ///< of the AWS CLI
  /// What is looked at behind it: the function or the version until it is active and its update through; the
  /// alias for its revision, which a change of its URL or its policy may have changed.
  Behind behind = Behind::nothing;
  std::string learned{};        ///< the name in braces; empty: nothing is learned
  std::string pointer{};        ///< where in the answer it is, a JSON pointer
  bool has_young_role = false;  ///< the service refuses a role that was made just now, for some seconds
};

// Names in braces.
inline constexpr auto kVersionWord = "{version}";               ///< that was published
inline constexpr auto kRoleWord = "{role}";                     ///< the ARN of the one that was made
inline constexpr auto kUrlWord = "{url}";                       ///< that was made
inline constexpr auto kAliasWord = "{alias}";                   ///< the ARN of the one that was made
inline constexpr auto kRevisionWord = "{revision}";             ///< of the function, as it is by then
inline constexpr auto kAliasRevisionWord = "{alias-revision}";  ///< the same of the alias
inline constexpr auto kEnvironmentWord = "{environment}";  ///< file://, of a private file with the variables

}  // namespace cli
