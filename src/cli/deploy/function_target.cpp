// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/function_target.h"

#include "cli/deploy/deploy_options.h"
#include "cli/deploy/names.h"
#include "cli/line/paths.h"

#include <filesystem>

namespace cli {
namespace {

base::Result<FunctionTarget> in_folder(const std::string& folder) {
  auto settings = read_function_folder(folder);
  if (!settings) return settings.error();
  return FunctionTarget{settings->name, settings->alias, settings->region};
}

}  // namespace

base::Result<DeploySettings> read_function_folder(const std::string& folder, const std::string& name) {
  const auto path = absolute_directory(folder);
  if (!path) return path.error();
  auto settings = read_deploy_settings(folder);
  if (!settings) return settings;
  if (!name.empty()) settings->name = name;
  if (settings->name.empty()) settings->name = std::filesystem::path(*path).filename().string();
  if (!is_function_name(settings->name))
    return base::Error{"\"" + settings->name +
                       "\" is no name of a function: say one of letters, digits, - and _ as \"name\" in " +
                       folder + "/deploy.json"};
  if (settings->alias.empty()) settings->alias = kDefaultAlias;
  return settings;
}

base::Result<FunctionTarget> find_function(const std::string& word) {
  std::error_code ignored;
  if (word.empty()) return in_folder(".");
  if (std::filesystem::is_directory(word, ignored)) return in_folder(word);
  const auto colon = word.find(':');
  FunctionTarget target{word.substr(0, colon), colon == word.npos ? "" : word.substr(colon + 1), ""};
  const auto& qualifier = target.qualifier;
  const bool is_qualified = colon != word.npos;
  if (!is_function_name(target.name) ||
      (is_qualified && !is_alias_name(qualifier) && !is_version(qualifier) && qualifier != "$LATEST"))
    return base::Error{"\"" + word + "\" is neither a folder nor a function's NAME or NAME:ALIAS"};
  return target;
}

}  // namespace cli
