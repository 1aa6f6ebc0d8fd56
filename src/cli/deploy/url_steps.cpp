// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/plan.h"

#include <array>
#include <string_view>

namespace cli {
namespace {

constexpr auto kPublic = "NONE";
constexpr auto kWithCredentials = "AWS_IAM";

/// A caller of a URL needs both permissions. The second one holds for calls through the URL only: without its
/// condition it would let everybody call the function past the URL.
struct Permission {
  std::string_view id;
  std::string_view action;
  std::array<std::string_view, 2> condition;  ///< words of the AWS CLI; the second may be empty
};
constexpr std::array kPermissions = {
    Permission{"shellstrap-url", "lambda:InvokeFunctionUrl", {"--function-url-auth-type", kPublic}},
    Permission{"shellstrap-through-url", "lambda:InvokeFunction", {"--invoked-via-function-url", ""}},
};

std::vector<std::string> of_alias(const char* operation, const DeploySettings& settings) {
  return {"lambda", operation, "--function-name", settings.name, "--qualifier", settings.alias};
}

Step permit(const DeploySettings& settings, const Permission& permission) {
  auto words = of_alias("add-permission", settings);
  words.insert(words.end(), {"--statement-id", std::string(permission.id), "--principal", "*", "--action",
                             std::string(permission.action)});
  for (const auto word : permission.condition)
    if (!word.empty()) words.emplace_back(word);
  return {"permission " + std::string(permission.action) + ": everybody, through the URL", std::move(words)};
}

Step forbid(const DeploySettings& settings, const Permission& permission) {
  auto words = of_alias("remove-permission", settings);
  words.insert(words.end(), {"--statement-id", std::string(permission.id)});
  return {"permission " + std::string(permission.action) + ": not for everybody any more", std::move(words)};
}

void add_url(const Wanted& wanted, const Present& present, std::vector<Step>& steps) {
  const auto& settings = wanted.settings;
  const std::string auth_type = wanted.is_public ? kPublic : kWithCredentials;
  const auto& mode = settings.invoke_mode;
  const auto& is = present.url;
  const bool is_so = is && is->auth_type == auth_type && (mode.empty() || is->invoke_mode == mode);
  if (is_so) return;
  auto words = of_alias(is ? "update-function-url-config" : "create-function-url-config", settings);
  words.insert(words.end(), {"--auth-type", auth_type});
  if (!mode.empty()) words.insert(words.end(), {"--invoke-mode", mode});
  Step step{std::string(is ? "URL" : "a URL") +
                (wanted.is_public ? ": for anybody" : ": for callers with AWS credentials"),
            std::move(words)};
  step.learned = kUrlWord;
  step.pointer = "/FunctionUrl";
  steps.push_back(std::move(step));
}

}  // namespace

std::vector<Step> url_steps(const Wanted& wanted, const Present& present) {
  std::vector<Step> steps;
  if (!wanted.settings.url && !wanted.is_public && !present.url) return steps;
  add_url(wanted, present, steps);
  for (const auto& permission : kPermissions) {
    const bool is_there = present.statements.contains(std::string(permission.id));
    if (wanted.is_public && !is_there) steps.push_back(permit(wanted.settings, permission));
    if (!wanted.is_public && is_there) steps.push_back(forbid(wanted.settings, permission));
  }
  if (present.alias)
    for (auto& step : steps) step.behind = Step::Behind::alias;
  return steps;
}

}  // namespace cli
