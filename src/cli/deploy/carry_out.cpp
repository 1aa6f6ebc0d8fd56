// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/carry_out.h"

#include "base/deadline.h"
#include "cli/cases/test_json.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr auto kEnvironmentFile = "environment.json";
// A new role is known everywhere after some ten seconds.
constexpr seconds kRoleLimit{60};
constexpr seconds kRolePause{2};
// An update of a function takes seconds; into a VPC, minutes.
constexpr seconds kUpdateLimit{600};
constexpr seconds kUpdatePause{1};

json parsed(const std::string& text) {
  return is_too_deep(text) ? json(nullptr) : json::parse(text, nullptr, false);
}

std::string text_at(const json& document, const std::string& pointer) {
  const auto place = json::json_pointer(pointer);
  if (document.is_discarded() || !document.contains(place)) return "";
  const auto& value = document.at(place);
  return value.is_string() ? value.get<std::string>() : "";
}

bool is_young_role(const AwsAnswer& answer) {
  const auto* refusal = std::get_if<AwsRefusal>(&answer);
  return refusal != nullptr && refusal->code == "InvalidParameterValueException" &&
         refusal->sentence.find("cannot be assumed") != std::string::npos;
}

/// How far a change is: nothing while it is under way.
struct State {
  explicit State(const std::string& answer) {
    const auto document = parsed(answer);
    state = text_at(document, "/State");
    update = text_at(document, "/LastUpdateStatus");
    reason = text_at(document, update == "Failed" ? "/LastUpdateStatusReason" : "/StateReason");
    revision = text_at(document, "/RevisionId");
  }
  [[nodiscard]] bool has_failed() const { return state == "Failed" || update == "Failed"; }
  [[nodiscard]] bool is_under_way() const { return state == "Pending" || update == "InProgress"; }

  std::string state, update, reason, revision;
};

}  // namespace

std::string environment_document(const std::map<std::string, std::string>& environment) {
  return json{{"Variables", environment}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

Executor::Executor(Aws& aws, const Wanted& wanted, const Present& present, const PrivateFolder& folder,
                   std::function<void(const std::string& line)> say)
    : aws_(aws), wanted_(wanted), folder_(folder), say_(std::move(say)) {
  if (present.latest) learned_[kRevisionWord] = present.latest->revision;
  if (present.alias) learned_[kAliasRevisionWord] = present.alias->revision;
}

base::Status Executor::carry_out(const Step& step) {
  std::optional<PrivateFile> environment;  // there for this step alone
  if (std::ranges::find(step.words, kEnvironmentWord) != step.words.end()) {
    auto path = folder_.write(kEnvironmentFile, environment_document(*wanted_.environment));
    if (!path) return path.error();
    learned_[kEnvironmentWord] = "file://" + *path;
    environment.emplace(*std::move(path));
  }
  const auto words = filled(step.words);
  say_(aws_.shown(words));
  const auto answer = call(step, words);
  if (const auto* refusal = std::get_if<AwsRefusal>(&answer)) return base::Error{refusal->text()};
  environment.reset();
  if (auto learned = learn(step, std::get<std::string>(answer)); !learned) return learned;
  return look_behind(step.behind);
}

std::string Executor::learned(const std::string& word) const {
  const auto found = learned_.find(word);
  return found == learned_.end() ? "" : found->second;
}

AwsAnswer Executor::call(const Step& step, const std::vector<std::string>& words) {
  const auto limit = base::Deadline::after(kRoleLimit);
  auto answer = aws_.call(words);
  while (step.has_young_role && is_young_role(answer) && !limit.passed() && aws_.pause(kRolePause))
    answer = aws_.call(words);
  return answer;
}

base::Status Executor::learn(const Step& step, const std::string& answer) {
  if (step.learned.empty()) return base::Done{};
  auto value = text_at(parsed(answer), step.pointer);
  if (value.empty()) return base::Error{"the answer lacks " + step.pointer};
  learned_[step.learned] = std::move(value);
  return base::Done{};
}

base::Status Executor::look_behind(Step::Behind behind) {
  switch (behind) {
    case Step::Behind::nothing:
      break;
    case Step::Behind::function:
      return see_through("");
    case Step::Behind::version:
      return see_through(learned(kVersionWord));
    case Step::Behind::alias:
      return see_alias();
  }
  return base::Done{};
}

base::Status Executor::see_through(const std::string& version) {
  std::vector<std::string> words = {"lambda", "get-function-configuration", "--function-name",
                                    wanted_.settings.name};
  if (!version.empty()) words.insert(words.end(), {"--qualifier", version});
  const auto limit = base::Deadline::after(kUpdateLimit);
  while (true) {
    const auto answer = aws_.call(words);
    if (const auto* refusal = std::get_if<AwsRefusal>(&answer)) return base::Error{refusal->text()};
    const State state(std::get<std::string>(answer));
    if (state.has_failed()) return base::Error{"the service could not do it: " + state.reason};
    if (!state.is_under_way()) {
      if (version.empty()) learned_[kRevisionWord] = state.revision;
      return base::Done{};
    }
    if (limit.passed()) return base::Error{"it is still under way after ten minutes"};
    if (!aws_.pause(kUpdatePause)) return base::Error{"interrupted"};
  }
}

base::Status Executor::see_alias() {
  const auto alias = find_alias(aws_, wanted_.settings.name, wanted_.settings.alias);
  if (!alias) return alias.error();
  if (!*alias) return base::Error{"the alias is not there any more"};
  learned_[kAliasRevisionWord] = (*alias)->revision;
  return base::Done{};
}

std::vector<std::string> Executor::filled(const std::vector<std::string>& words) const {
  std::vector<std::string> all;
  for (const auto& word : words) {
    const auto found = learned_.find(word);
    all.push_back(found == learned_.end() ? word : found->second);
  }
  return all;
}

}  // namespace cli
