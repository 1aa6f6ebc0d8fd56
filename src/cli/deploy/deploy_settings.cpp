// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/deploy_settings.h"

#include "base/text/nearest.h"
#include "cli/cases/test_json.h"
#include "cli/deploy/names.h"
#include "event/json/json_check.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;

constexpr auto kFile = "/deploy.json";
constexpr int kLeastMemory = 128;
constexpr int kMostMemory = 10240;
constexpr int kMostTimeout = 900;
constexpr std::size_t kMostLayers = 5;

/// What the value should be, or nothing where it is that.
using Complaint = std::string;

Complaint take_text(const json& value, bool (*fits)(std::string_view), const char* wanted,
                    std::string& target) {
  if (!value.is_string() || !fits(value.get_ref<const std::string&>())) return wanted;
  target = value.get<std::string>();
  return "";
}

Complaint take_number(const json& value, int least, int most, std::optional<int>& target) {
  const bool fits = value.is_number_integer() && value >= least && value <= most;
  if (!fits) return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  target = value.get<int>();
  return "";
}

Complaint take_layers(const json& value, DeploySettings& settings) {
  const auto is_layer = [](const json& each) {
    return each.is_string() && !each.get_ref<const std::string&>().empty();
  };
  if (!value.is_array() || value.size() > kMostLayers || !std::ranges::all_of(value, is_layer))
    return "a list of five layers at most, each the ARN of a version or a zip file";
  settings.layers = value.get<std::vector<std::string>>();
  return "";
}

Complaint take_environment(const json& value, DeploySettings& settings) {
  if (!value.is_object()) return "an object of variables";
  Variables variables;
  for (const auto& [name, text] : value.items()) {
    if (!text.is_string()) return "an object of texts, and \"" + name + "\" is none";
    auto variable = parse_variable(name + "=" + text.get<std::string>());
    if (!variable) return "an object of variables: " + variable.error().message;
    variables.push_back(*std::move(variable));
  }
  settings.environment = std::move(variables);
  return "";
}

Complaint take_tags(const json& value, DeploySettings& settings) {
  if (!value.is_object()) return "an object of tags";
  for (const auto& [name, text] : value.items()) {
    if (!text.is_string()) return "an object of texts, and \"" + name + "\" is none";
    settings.tags.emplace_back(name, text.get<std::string>());
  }
  return "";
}

Complaint take_url(const json& value, DeploySettings& settings) {
  if (!value.is_boolean()) return "true or false; --public is said on the command line only";
  settings.url = value.get<bool>();
  return "";
}

Complaint take_bootstrap(const json& value, DeploySettings& settings) {
  if (value != "layer" && value != "package") return "\"layer\" or \"package\"";
  settings.bootstrap_in_layer = value == "layer";
  return "";
}

bool is_invoke_mode(std::string_view text) {
  return text == "BUFFERED" || text == "RESPONSE_STREAM";
}

struct Key {
  std::string_view name;
  Complaint (*take)(const json& value, DeploySettings& settings);
};

constexpr std::array kKeys = {
    Key{"name",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_function_name, "1 to 64 letters, digits, - and _", to.name);
        }},
    Key{"alias",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_alias_name, "letters, digits, - and _, not digits alone", to.alias);
        }},
    Key{"region",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_region, "a region, as eu-central-1", to.region);
        }},
    Key{"role",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_role, "the name or the ARN of a role", to.role);
        }},
    Key{"handler",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_handler, "a handler: no blanks, 128 characters at most", to.handler);
        }},
    Key{"arch",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_architecture, "\"x86_64\" or \"arm64\"", to.arch);
        }},
    Key{"invoke_mode",
        [](const json& value, DeploySettings& to) {
          return take_text(value, is_invoke_mode, "\"BUFFERED\" or \"RESPONSE_STREAM\"", to.invoke_mode);
        }},
    Key{"memory",
        [](const json& value, DeploySettings& to) {
          return take_number(value, kLeastMemory, kMostMemory, to.memory);
        }},
    Key{"timeout", [](const json& value,
                      DeploySettings& to) { return take_number(value, 1, kMostTimeout, to.timeout); }},
    Key{"layers", &take_layers},
    Key{"environment", &take_environment},
    Key{"tags", &take_tags},
    Key{"url", &take_url},
    Key{"bootstrap", &take_bootstrap},
};

std::string unknown_key(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& key : kKeys) names.push_back(key.name);
  const auto meant = base::nearest(name, names);
  std::string sentence = "there is no setting \"" + name + "\"";
  if (!meant.empty()) return sentence.append("; did you mean \"").append(meant).append("\"?");
  sentence += "; there are:";
  for (const auto known : names) sentence.append(" ").append(known);
  return sentence;
}

/// The first key that stands there twice: of the two only the last one would count.
std::string doubled_key(std::string_view text) {
  std::set<std::string> seen;
  std::string doubled;
  const auto look = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event != json::parse_event_t::key || depth != 1) return true;
    auto name = parsed.get<std::string>();
    if (!seen.insert(name).second && doubled.empty()) doubled = std::move(name);
    return true;
  };
  [[maybe_unused]] const auto unused = json::parse(text, look, false);
  return doubled;
}

}  // namespace

base::Result<DeploySettings> parse_deploy_settings(std::string_view text) {
  if (const auto fault = event::json_fault(text)) return base::Error{"it is not JSON: " + *fault};
  if (is_too_deep(text)) return base::Error{"it is nested too deep"};
  const auto document = json::parse(text, nullptr, false);
  if (!document.is_object()) return base::Error{"it is no JSON object"};
  if (const auto name = doubled_key(text); !name.empty())
    return base::Error{"\"" + name + "\" is there twice"};
  DeploySettings settings;
  for (const auto& [name, value] : document.items()) {
    const auto* key = std::ranges::find(kKeys, name, &Key::name);
    if (key == kKeys.end()) return base::Error{unknown_key(name)};
    if (const auto wanted = key->take(value, settings); !wanted.empty())
      return base::Error{"\"" + name + "\" takes " + wanted};
  }
  return settings;
}

base::Result<DeploySettings> read_deploy_settings(const std::string& folder) {
  const auto path = folder + kFile;
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) return DeploySettings{};
  if (!std::filesystem::is_regular_file(path, ignored))
    return base::Error{path + " is no file"};  // a pipe would block
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{path + " cannot be read"};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto settings = parse_deploy_settings(text);
  if (!settings) return base::Error{path + ": " + settings.error().message};
  return settings;
}

}  // namespace cli
