// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "cli/deploy/plan.h"

#include <map>
#include <optional>

namespace cli {
namespace {

using Texts = std::map<std::string, std::string>;

/// "+ NEW, ~ CHANGED, - OLD": names, never values.
std::string name_differences(const Texts& is, const Texts& wanted) {
  std::vector<std::string> said;
  for (const auto& [name, value] : wanted) {
    const auto found = is.find(name);
    if (found == is.end())
      said.push_back("+ " + name);
    else if (found->second != value)
      said.push_back("~ " + name);
  }
  for (const auto& [name, value] : is)
    if (!wanted.contains(name)) said.push_back("- " + name);
  return base::join(said, ", ");
}

class Comparison {
 public:
  explicit Comparison(const Configuration* is) : is_(is) {}

  void text(const std::string& option, const std::string& name, const std::string& wanted,
            std::string Configuration::*place) {
    if (wanted.empty() || (is_ != nullptr && is_->*place == wanted)) return;
    note(name, is_ != nullptr ? is_->*place : "", wanted);
    add({option, wanted});
  }

  void number(const std::string& option, const std::string& name, const std::optional<int>& wanted,
              int Configuration::*place) {
    if (!wanted || (is_ != nullptr && is_->*place == *wanted)) return;
    note(name, is_ != nullptr ? std::to_string(is_->*place) : "", std::to_string(*wanted));
    add({option, std::to_string(*wanted)});
  }

  void layers(const std::vector<std::string>& wanted) {
    const auto is = is_ != nullptr ? is_->layers : std::vector<std::string>{};
    if (is == wanted) return;
    changes.said.push_back("layers " + (wanted.empty() ? "none" : base::join(wanted, " ")));
    add({"--layers"});
    add(wanted);
  }

  void environment(const Texts& wanted) {
    const auto said = name_differences(is_ != nullptr ? is_->environment : Texts{}, wanted);
    if (said.empty()) return;
    changes.said.push_back("variables " + said);
    add({"--environment", kEnvironmentWord});
  }

  SettingChanges changes;

 private:
  void note(const std::string& name, const std::string& from, const std::string& to) {
    changes.said.push_back(name + " " + (from.empty() ? "" : from + " -> ") +
                           (to == kRoleWord ? "that is made" : to));
  }
  void add(const std::vector<std::string>& words) {
    changes.words.insert(changes.words.end(), words.begin(), words.end());
  }

  const Configuration* is_;
};

}  // namespace

SettingChanges setting_changes(const Wanted& wanted, const std::vector<std::string>& layers,
                               const std::string& role, const Configuration* is) {
  const auto& settings = wanted.settings;
  Comparison comparison(is);
  comparison.text("--role", "role", role, &Configuration::role);
  comparison.text("--handler", "handler", settings.handler, &Configuration::handler);
  comparison.number("--memory-size", "memory", settings.memory, &Configuration::memory);
  comparison.number("--timeout", "timeout", settings.timeout, &Configuration::timeout);
  if (settings.layers) comparison.layers(layers);
  if (wanted.environment) comparison.environment(*wanted.environment);
  return std::move(comparison.changes);
}

}  // namespace cli
