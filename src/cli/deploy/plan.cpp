// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/plan.h"

#include "base/text/text.h"
#include "cli/deploy/names.h"
#include "cli/deploy/role_policy.h"

#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using Words = std::vector<std::string>;

constexpr auto kRuntime = "provided.al2023";
// The service wants one, and the command of shellstrap.json goes first.
constexpr auto kNoHandler = "none";

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

std::string json_text(const std::map<std::string, std::string>& texts) {
  return nlohmann::json(texts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string layer_word(std::size_t number) {
  return "{layer" + std::to_string(number + 1) + "}";
}

class Plan {
 public:
  Plan(const Wanted& wanted, const Present& present)
      : wanted_(wanted), settings_(wanted.settings), present_(present) {
    for (std::size_t i = 0; i < wanted.layers.size(); ++i)
      layers_.push_back(present.layers.at(i).empty() ? layer_word(i) : present.layers.at(i));
  }

  std::vector<Step> make() {
    const auto* served = present_.served ? &*present_.served : nullptr;
    const bool is_served = served != nullptr && is_as_wanted(*served);
    if (!is_served) {
      role();
      layers();
      present_.latest ? update(*present_.latest) : create();
      publish();
    }
    if (!present_.alias) create_alias();
    tags();
    auto url = url_steps(wanted_, present_);
    steps_.insert(steps_.end(), std::make_move_iterator(url.begin()), std::make_move_iterator(url.end()));
    if (present_.alias && (!is_served || present_.alias->is_split)) move_alias(is_served);
    return std::move(steps_);
  }

 private:
  /// Empty: the function's is left as it is.
  [[nodiscard]] std::string role_arn() const {
    if (present_.latest && settings_.role.empty()) return "";
    return present_.role ? present_.role->arn : kRoleWord;
  }

  [[nodiscard]] bool is_as_wanted(const Configuration& is) const {
    return !has_other_code(is) && setting_changes(wanted_, layers_, role_arn(), &is).words.empty();
  }

  [[nodiscard]] bool has_other_code(const Configuration& is) const {
    return is.sha256 != wanted_.code.sha256 || is.arch != settings_.arch;
  }

  void role() {
    if (present_.latest && settings_.role.empty()) return;
    const auto name = role_of(settings_);
    if (!present_.role) {
      Step step{"role " + name + ", which is missing",
                {"iam", "create-role", "--role-name", name, "--description", kRoleDescription,
                 "--assume-role-policy-document", trust_policy()}};
      step.learned = kRoleWord;
      step.pointer = "/Role/Arn";
      steps_.push_back(std::move(step));
    }
    if (present_.role && (!present_.role->is_ours || present_.role->has_policy)) return;
    steps_.push_back({"role " + name + ": it may write the function's log, and nothing else",
                      {"iam", "put-role-policy", "--role-name", name, "--policy-name", kRolePolicy,
                       "--policy-document", log_policy(present_.partition, settings_.name)}});
  }

  void layers() {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i] != layer_word(i)) continue;
      const auto& layer = wanted_.layers[i];
      Step step{"layer " + layer.name + ": a new version, " + std::to_string(layer.zip.size) + " bytes",
                {"lambda", "publish-layer-version", "--layer-name", layer.name, "--compatible-architectures",
                 settings_.arch, "--zip-file", "fileb://" + layer.zip.path}};
      step.learned = layers_[i];
      step.pointer = "/LayerVersionArn";
      steps_.push_back(std::move(step));
    }
  }

  void create() {
    Step step{"", {"lambda", "create-function", "--function-name", settings_.name, "--runtime", kRuntime}};
    const auto changes = setting_changes(wanted_, layers_, role_arn(), nullptr);
    append(step.words, {"--architectures", settings_.arch, "--zip-file", "fileb://" + wanted_.code.path});
    append(step.words, changes.words);
    if (settings_.handler.empty()) append(step.words, {"--handler", kNoHandler});
    if (!settings_.tags.empty()) append(step.words, {"--tags", json_text(wanted_tags())});
    step.what = "function " + settings_.name + ", " + std::to_string(wanted_.code.size) + " bytes for " +
                settings_.arch + "; " + base::join(changes.said, "; ");
    step.behind = Step::Behind::function;
    step.has_young_role = role_arn() == kRoleWord;
    steps_.push_back(std::move(step));
  }

  void update(const Configuration& latest) {
    if (has_other_code(latest)) {
      auto words = of_function("update-function-code");
      append(words, {"--architectures", settings_.arch, "--zip-file", "fileb://" + wanted_.code.path});
      steps_.push_back({"code: " + std::to_string(wanted_.code.size) + " bytes for " + settings_.arch,
                        std::move(words), Step::Behind::function});
    }
    const auto changes = setting_changes(wanted_, layers_, role_arn(), &latest);
    if (changes.words.empty()) return;
    auto words = of_function("update-function-configuration");
    append(words, changes.words);
    Step step{base::join(changes.said, "; "), std::move(words), Step::Behind::function};
    step.has_young_role = role_arn() == kRoleWord;
    steps_.push_back(std::move(step));
  }

  /// For a change, or a version, of the function that we know and of no other.
  [[nodiscard]] Words of_function(const char* operation) const {
    Words words = {"lambda", operation, "--function-name", settings_.name};
    if (present_.latest && !present_.latest->revision.empty())
      append(words, {"--revision-id", kRevisionWord});
    return words;
  }

  void publish() {
    auto words = of_function("publish-version");
    append(words, {"--code-sha256", wanted_.code.sha256});
    Step step{"a new version", std::move(words), Step::Behind::version};
    step.learned = kVersionWord;
    step.pointer = "/Version";
    steps_.push_back(std::move(step));
  }

  void create_alias() {
    Step step{"alias " + settings_.alias + ": to that version",
              {"lambda", "create-alias", "--function-name", settings_.name, "--name", settings_.alias,
               "--function-version", kVersionWord}};
    step.learned = kAliasWord;
    step.pointer = "/AliasArn";
    steps_.push_back(std::move(step));
  }

  void move_alias(bool is_served) {
    const auto& alias = *present_.alias;
    Words words = {"lambda", "update-alias",  "--function-name",    settings_.name,
                   "--name", settings_.alias, "--function-version", is_served ? alias.version : kVersionWord};
    if (alias.is_split) append(words, {"--routing-config", R"({"AdditionalVersionWeights": {}})"});
    if (!alias.revision.empty()) append(words, {"--revision-id", kAliasRevisionWord});
    steps_.push_back({"alias " + settings_.alias + ": from version " + alias.version +
                          (is_served ? " and others to it alone" : " to the new one"),
                      std::move(words)});
  }

  [[nodiscard]] std::map<std::string, std::string> wanted_tags() const {
    return {settings_.tags.begin(), settings_.tags.end()};
  }

  void tags() {
    if (!present_.latest) return;  // create has them
    std::map<std::string, std::string> changed;
    std::vector<std::string> names;
    for (const auto& [name, value] : wanted_tags()) {
      const auto found = present_.tags.find(name);
      if (found != present_.tags.end() && found->second == value) continue;
      changed[name] = value;
      names.push_back(name);
    }
    if (changed.empty()) return;
    steps_.push_back(
        {"tags " + base::join(names, ", "),
         {"lambda", "tag-resource", "--resource", present_.latest->arn, "--tags", json_text(changed)}});
  }

  const Wanted& wanted_;
  const DeploySettings& settings_;
  const Present& present_;
  std::vector<std::string> layers_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> plan(const Wanted& wanted, const Present& present) {
  return Plan(wanted, present).make();
}

}  // namespace cli
