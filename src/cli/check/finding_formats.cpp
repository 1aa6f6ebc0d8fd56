// SPDX-License-Identifier: Apache-2.0
#include "cli/check/finding_formats.h"

#include "base/version.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using Json = nlohmann::ordered_json;

std::string hexadecimal(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
}

/// With every character of `special` as %XX.
std::string encoded(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text)
    out += special.find(c) == std::string_view::npos ? std::string(1, c) : hexadecimal(c);
  return out;
}

/// As the reference of a URI; what RFC 3986 does not allow in a path is encoded.
std::string uri(std::string_view path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
  std::string out;
  for (const char c : path)
    out += kPlain.find(c) == std::string_view::npos ? hexadecimal(c) : std::string(1, c);
  return out;
}

std::string below(std::string folder, const std::string& path) {
  while (folder.starts_with("./")) folder.erase(0, 2);
  while (folder.ends_with('/') && folder.size() > 1) folder.pop_back();
  if (folder.empty() || folder == ".") return path.empty() ? "." : path;
  return path.empty() ? folder : folder + "/" + path;
}

bool is_in_layer(const Finding& finding, const CheckedPlaces& places) {
  return std::ranges::any_of(places.layers, [&](const std::string& layer) {
    return finding.path == layer || finding.path.starts_with(layer + "/");
  });
}

/// What is wrong with an option or with the package as a whole is no file's fault.
bool is_of_file(const Finding& finding, const CheckedPlaces& places) {
  return !finding.path.starts_with("--") && finding.path != places.folder;
}

std::string place_of(const Finding& finding, const CheckedPlaces& places) {
  if (is_in_layer(finding, places)) return below("", finding.path);
  return below(places.folder, is_of_file(finding, places) ? finding.path : "");
}

std::string sentence_of(const Finding& finding) {
  return finding.path.starts_with("--") ? finding.path + ": " + finding.sentence : finding.sentence;
}

const char* level(const Finding& finding) {
  return finding.is_error ? "error" : "warning";
}

Json sarif_result(const Finding& finding, const CheckedPlaces& places) {
  const Json place = {{"artifactLocation", {{"uri", uri(place_of(finding, places))}}},
                      {"region", {{"startLine", finding.line}}}};
  return {{"ruleId", "package"},
          {"level", level(finding)},
          {"message", {{"text", sentence_of(finding)}}},
          {"locations", Json::array({{{"physicalLocation", place}}})}};
}

}  // namespace

std::string github_lines(const Findings& findings, const CheckedPlaces& places) {
  std::string lines;
  for (const auto& finding : findings.all())
    lines += std::string("::") + level(finding) + " file=" + encoded(place_of(finding, places), "%\r\n:,") +
             ",line=" + std::to_string(finding.line) + "::" + encoded(sentence_of(finding), "%\r\n") + "\n";
  return lines;
}

std::string sarif_log(const Findings& findings, const CheckedPlaces& places) {
  Json results = Json::array();
  for (const auto& finding : findings.all()) results.push_back(sarif_result(finding, places));
  const Json rule = {{"id", "package"},
                     {"shortDescription", {{"text", "What would keep a package from running on Lambda"}}}};
  const Json driver = {
      {"name", "shellstrap"}, {"version", std::string(base::version())}, {"rules", Json::array({rule})}};
  const Json run = {{"tool", {{"driver", driver}}}, {"results", std::move(results)}};
  const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({run})}};
  return log.dump(2) + "\n";
}

std::string json_text(const Findings& findings, const CheckedPlaces& places) {
  Json list = Json::array();
  for (const auto& finding : findings.all())
    list.push_back({{"path", place_of(finding, places)},
                    {"line", finding.line},
                    {"level", level(finding)},
                    {"message", sentence_of(finding)}});
  const Json all = {
      {"findings", std::move(list)}, {"errors", findings.errors()}, {"warnings", findings.warnings()}};
  return all.dump(2) + "\n";
}

}  // namespace cli
