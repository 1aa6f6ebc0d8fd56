// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/present.h"

#include "base/text/text.h"
#include "cli/cases/test_json.h"
#include "cli/deploy/names.h"
#include "cli/deploy/role_policy.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr std::string_view kNoFunction = "ResourceNotFoundException";
constexpr std::string_view kNoEntity = "NoSuchEntity";

json parsed(const std::string& text) {
  return is_too_deep(text) ? json(nullptr) : json::parse(text, nullptr, false);
}

/// Whatever the service answers, what it lacks is empty.
const json& member(const json& object, const char* name) {
  static const json kNothing;
  const auto found = object.find(name);
  return object.is_object() && found != object.end() ? *found : kNothing;
}

std::string text_of(const json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : "";
}

int number_of(const json& object, const char* name) {
  const auto& value = member(object, name);
  return value.is_number_integer() ? value.get<int>() : 0;
}

std::map<std::string, std::string> texts_of(const json& object) {
  std::map<std::string, std::string> texts;
  if (!object.is_object()) return texts;
  for (const auto& [name, value] : object.items())
    if (value.is_string()) texts[name] = value.get<std::string>();
  return texts;
}

std::string first_of(const json& list, const std::string& otherwise) {
  return list.is_array() && !list.empty() && list.front().is_string() ? list.front().get<std::string>()
                                                                      : otherwise;
}

/// The answer as JSON; nullopt where the service says `missing`.
base::Result<std::optional<json>> ask(Aws& aws, const Words& words, std::string_view missing) {
  const auto answer = aws.call(words);
  if (const auto* text = std::get_if<std::string>(&answer)) {
    auto document = parsed(*text);
    if (document.is_object()) return std::optional(std::move(document));
    return base::Error{"\"aws " + words[0] + " " + words[1] + "\" answered what is no JSON object"};
  }
  const auto& refusal = std::get<AwsRefusal>(answer);
  if (!missing.empty() && refusal.code == missing) return std::optional<json>{};
  return base::Error{"aws " + words[0] + " " + words[1] + ": " + refusal.text()};
}

/// "aws" of "arn:aws:sts::123456789012:user/x".
std::string partition_of(const std::string& arn) {
  const auto parts = base::split(arn, ':');
  return parts.size() > 1 ? std::string(parts[1]) : "aws";
}

Configuration configuration_of(const json& from) {
  Configuration is;
  is.arn = text_of(from, "FunctionArn");
  is.sha256 = text_of(from, "CodeSha256");
  is.runtime = text_of(from, "Runtime");
  is.handler = text_of(from, "Handler");
  is.role = text_of(from, "Role");
  is.arch = first_of(member(from, "Architectures"), "x86_64");
  is.revision = text_of(from, "RevisionId");
  is.memory = number_of(from, "MemorySize");
  is.timeout = number_of(from, "Timeout");
  is.environment = texts_of(member(member(from, "Environment"), "Variables"));
  is.is_image = text_of(from, "PackageType") == "Image";
  const auto& layers = member(from, "Layers");
  if (layers.is_array())
    for (const auto& layer : layers) is.layers.push_back(text_of(layer, "Arn"));
  return is;
}

base::Result<std::optional<Role>> find_role(Aws& aws, const std::string& name) {
  const auto found = ask(aws, {"iam", "get-role", "--role-name", name}, kNoEntity);
  if (!found) return found.error();
  if (!*found) return std::optional<Role>{};
  const auto& role = member(**found, "Role");
  Role is{text_of(role, "Arn"), text_of(role, "Description") == kRoleDescription, true};
  if (!is.is_ours) return std::optional(is);
  const auto policy =
      ask(aws, {"iam", "get-role-policy", "--role-name", name, "--policy-name", kRolePolicy}, kNoEntity);
  if (!policy) return policy.error();
  is.has_policy = policy->has_value();
  return std::optional(is);
}

base::Result<std::set<std::string>> find_statements(Aws& aws, const DeploySettings& settings) {
  std::set<std::string> ids;
  const auto found =
      ask(aws, {"lambda", "get-policy", "--function-name", settings.name, "--qualifier", settings.alias},
          kNoFunction);
  if (!found) return found.error();
  if (!*found) return ids;
  const auto policy = parsed(text_of(**found, "Policy"));
  const auto& statements = member(policy, "Statement");
  if (statements.is_array())
    for (const auto& statement : statements) ids.insert(text_of(statement, "Sid"));
  return ids;
}

/// The newest version's ARN where it has the bytes of the zip; else empty.
base::Result<std::string> find_layer(Aws& aws, const WantedLayer& layer) {
  if (!layer.arn.empty()) return layer.arn;
  const auto listed = ask(
      aws, {"lambda", "list-layer-versions", "--layer-name", layer.name, "--max-items", "1"}, kNoFunction);
  if (!listed) return listed.error();
  const auto versions = *listed ? member(**listed, "LayerVersions") : json(nullptr);
  if (!versions.is_array() || versions.empty()) return std::string();
  const auto number = std::to_string(number_of(versions.front(), "Version"));
  const auto version =
      ask(aws, {"lambda", "get-layer-version", "--layer-name", layer.name, "--version-number", number},
          kNoFunction);
  if (!version) return version.error();
  const bool is_same = *version && text_of(member(**version, "Content"), "CodeSha256") == layer.zip.sha256;
  return is_same ? text_of(**version, "LayerVersionArn") : std::string();
}

base::Status check_kind(const Configuration& latest, const std::string& name) {
  if (latest.is_image)
    return base::Error{name + " is a function in a container image: choose another name, or delete it"};
  if (!latest.runtime.starts_with("provided"))
    return base::Error{name + " is a function with the runtime " + latest.runtime +
                       ": choose another name, or delete it"};
  return base::Done{};
}

/// Keeps the value where there is one, and else the error.
template <typename T, typename U>
base::Status keep(base::Result<T> result, U& target) {
  if (!result) return result.error();
  target = *std::move(result);
  return base::Done{};
}

base::Status read_function(Aws& aws, const DeploySettings& settings, Present& present) {
  if (auto kept = keep(find_configuration(aws, settings.name), present.latest); !kept) return kept;
  if (!present.latest) return base::Done{};
  if (auto checked = check_kind(*present.latest, settings.name); !checked) return checked;
  if (auto kept = keep(find_alias(aws, settings.name, settings.alias), present.alias); !kept) return kept;
  if (!present.alias) return base::Done{};
  return keep(find_configuration(aws, settings.name, present.alias->version), present.served);
}

base::Status read_url(Aws& aws, const Wanted& wanted, Present& present) {
  if (!present.alias) return base::Done{};
  const auto& settings = wanted.settings;
  if (auto kept = keep(find_url(aws, settings.name, settings.alias), present.url); !kept) return kept;
  if (!present.url && !wanted.is_public) return base::Done{};
  return keep(find_statements(aws, settings), present.statements);
}

base::Status read_tags(Aws& aws, const DeploySettings& settings, Present& present) {
  if (!present.latest || settings.tags.empty()) return base::Done{};
  const auto found = ask(aws, {"lambda", "list-tags", "--resource", present.latest->arn}, "");
  if (!found) return found.error();
  present.tags = texts_of(member(**found, "Tags"));
  return base::Done{};
}

base::Status read_role(Aws& aws, const DeploySettings& settings, Present& present) {
  const bool is_left_alone = present.latest && settings.role.empty();
  if (is_left_alone) return base::Done{};
  if (is_arn(settings.role)) present.role = Role{settings.role, false, true};
  if (present.role) return base::Done{};
  return keep(find_role(aws, role_of(settings)), present.role);
}

}  // namespace

std::string role_of(const DeploySettings& settings) {
  return settings.role.empty() ? settings.name : settings.role;
}

base::Result<std::optional<Configuration>> find_configuration(Aws& aws, const std::string& function,
                                                              const std::string& version) {
  Words words = {"lambda", "get-function-configuration", "--function-name", function};
  if (!version.empty()) words.insert(words.end(), {"--qualifier", version});
  const auto found = ask(aws, words, kNoFunction);
  if (!found) return found.error();
  return *found ? std::optional(configuration_of(**found)) : std::nullopt;
}

base::Result<std::optional<Alias>> find_alias(Aws& aws, const std::string& function,
                                              const std::string& alias) {
  const auto found =
      ask(aws, {"lambda", "get-alias", "--function-name", function, "--name", alias}, kNoFunction);
  if (!found) return found.error();
  if (!*found) return std::optional<Alias>{};
  const auto& is = **found;
  const bool is_split = !member(member(is, "RoutingConfig"), "AdditionalVersionWeights").empty();
  return std::optional(
      Alias{text_of(is, "AliasArn"), text_of(is, "FunctionVersion"), text_of(is, "RevisionId"), is_split});
}

base::Result<std::optional<FunctionUrl>> find_url(Aws& aws, const std::string& function,
                                                  const std::string& alias) {
  const auto found =
      ask(aws, {"lambda", "get-function-url-config", "--function-name", function, "--qualifier", alias},
          kNoFunction);
  if (!found) return found.error();
  if (!*found) return std::optional<FunctionUrl>{};
  return std::optional(FunctionUrl{text_of(**found, "FunctionUrl"), text_of(**found, "AuthType"),
                                   text_of(**found, "InvokeMode")});
}

base::Result<Present> read_present(Aws& aws, const Wanted& wanted) {
  Present present;
  const auto caller = ask(aws, {"sts", "get-caller-identity"}, "");
  if (!caller) return caller.error();
  present.account = text_of(**caller, "Account");
  present.partition = partition_of(text_of(**caller, "Arn"));
  const auto& settings = wanted.settings;
  if (auto read = read_function(aws, settings, present); !read) return read.error();
  if (auto read = read_url(aws, wanted, present); !read) return read.error();
  if (auto read = read_tags(aws, settings, present); !read) return read.error();
  if (auto read = read_role(aws, settings, present); !read) return read.error();
  for (const auto& layer : wanted.layers) {
    auto arn = find_layer(aws, layer);
    if (!arn) return arn.error();
    present.layers.push_back(*std::move(arn));
  }
  return present;
}

}  // namespace cli
