// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/wanted.h"

#include "base/text/base64.h"
#include "base/text/sha256.h"
#include "base/text/text.h"
#include "cli/deploy/names.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

namespace cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostVariables = 4096;  // bytes of names and values, the service's limit

bool is_version_part(std::string_view text) {
  return std::ranges::count(text, '.') == 2 && text.find_first_not_of("0123456789.") == text.npos;
}

base::Result<WantedLayer> make_layer(const std::string& word, const std::string& function_folder,
                                     const std::string& link) {
  if (is_arn(word)) return WantedLayer{word, "", {}};
  const auto path = fs::absolute(fs::path(function_folder) / word);
  auto zip = read_upload(path);
  if (!zip) return base::Error{"layer \"" + word + "\": " + zip.error().message};
  WantedLayer layer{"", layer_name_of(word), *std::move(zip)};
  if (layer.name.empty())
    return base::Error{"layer \"" + word +
                       "\": a layer's name has letters, digits, - and _ only. Rename the file"};
  std::error_code failed;
  fs::create_symlink(path, link, failed);
  if (failed) return base::errno_error("cannot write " + link, failed.value());
  layer.zip.path = link;
  return layer;
}

std::optional<std::map<std::string, std::string>> last_of_each(const std::optional<Variables>& variables) {
  if (!variables) return std::nullopt;
  std::map<std::string, std::string> environment;
  for (const auto& [name, value] : *variables) environment[name] = value;
  return environment;
}

/// JSON takes no other text, and the service no more of it.
base::Status check_variables(const std::map<std::string, std::string>& environment) {
  std::size_t size = 0;
  for (const auto& [name, value] : environment) {
    if (base::repair_utf8(value) != value)
      return base::Error{"the value of " + name +
                         " is not UTF-8, and Lambda takes no other. Encode it, as base64 say"};
    size += name.size() + value.size();
  }
  if (size <= kMostVariables) return base::Done{};
  return base::Error{"the variables have " + std::to_string(size) + " bytes, and Lambda takes " +
                     std::to_string(kMostVariables) + ": put the largest into a file of the function"};
}

}  // namespace

base::Result<Upload> read_upload(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return base::Error{"there is no such file, or it cannot be read"};
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.size() > kMostUpload)
    return base::Error{"it has " + std::to_string(bytes.size()) + " bytes, and " +
                       std::to_string(kMostUpload) +
                       " are the most that can be sent: put what is large into layers, which "
                       "scripts/publish-layer --bucket publishes, and name their ARNs"};
  return Upload{path, base::base64_encode(base::sha256(bytes)), bytes.size()};
}

std::string layer_name_of(const std::string& zip) {
  const auto stem = fs::path(zip).stem().string();
  std::string name;
  for (std::string_view rest = stem; !rest.empty();) {
    const auto part = rest.substr(0, rest.find('-'));
    if (!is_version_part(part)) name.append(name.empty() ? "" : "-").append(part);
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  return is_function_name(name) ? name : "";
}

base::Result<Wanted> make_wanted(const DeployOptions& options, Upload code, const std::string& link) {
  Wanted wanted{
      options.settings, std::move(code), {}, last_of_each(options.settings.environment), options.is_public};
  if (wanted.environment)
    if (auto checked = check_variables(*wanted.environment); !checked) return checked.error();
  for (const auto& word : options.settings.layers.value_or(std::vector<std::string>{})) {
    const auto number = std::to_string(wanted.layers.size() + 1);
    auto layer = make_layer(word, options.folder, link + number + ".zip");
    if (!layer) return layer.error();
    wanted.layers.push_back(*std::move(layer));
  }
  return wanted;
}

}  // namespace cli
