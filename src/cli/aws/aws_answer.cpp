// SPDX-License-Identifier: Apache-2.0
#include "cli/aws/aws_answer.h"

#include "base/text/text.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

constexpr std::string_view kMark = "(hidden)";
// "...exceeded the 4KB limit. String measured: {"TOKEN":"...": the service's own words.
constexpr std::string_view kMeasured = "String measured:";

std::string json_inside(const std::string& value) {
  const auto text = nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return text.substr(1, text.size() - 2);
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : base::trim(text)) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_blank)
      line += c;
    else if (!line.ends_with(' '))
      line += ' ';
  }
  return base::repair_utf8(line);
}

/// Where the sentence begins behind "…) when calling the X operation (reached max retries: 2): ".
std::size_t sentence_at(std::string_view said, std::size_t code_end) {
  constexpr std::string_view kOperation = " operation";
  auto at = said.find(kOperation, code_end);
  if (at == said.npos) return at;
  at += kOperation.size();
  if (said.substr(at).starts_with(" (")) at = said.find(')', at);
  const auto colon = at == said.npos ? at : said.find(": ", at);
  return colon == said.npos ? colon : colon + 2;
}

}  // namespace

std::string AwsRefusal::text() const {
  return code.empty() ? sentence : sentence + " (" + code + ")";
}

Hidden::Hidden(const std::vector<std::string>& values) {
  for (const auto& value : values) {
    if (value.size() < kShortest) continue;
    values_.push_back(value);
    if (auto inside = json_inside(value); inside != value) values_.push_back(std::move(inside));
  }
  std::ranges::sort(values_, [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Hidden::from(std::string_view text) const {
  std::string shown(text.substr(0, text.find(kMeasured)));
  for (const auto& value : values_) replace_all(shown, value, kMark);
  return shown;
}

AwsRefusal parse_refusal(std::string_view said, const Hidden& hidden) {
  constexpr std::string_view kStart = "An error occurred (";
  const auto start = said.find(kStart);
  const auto end = start == said.npos ? said.npos : said.find(')', start);
  const auto sentence = end == said.npos ? said.npos : sentence_at(said, end);
  if (sentence == said.npos) {
    auto line = one_line(hidden.from(said));
    return {"", line.empty() ? "the AWS CLI failed without a word" : std::move(line)};
  }
  const auto code_at = start + kStart.size();
  return {std::string(said.substr(code_at, end - code_at)), one_line(hidden.from(said.substr(sentence)))};
}

std::pair<int, int> parse_aws_version(std::string_view printed) {
  constexpr std::string_view kName = "aws-cli/";
  const auto at = printed.find(kName);
  if (at == printed.npos) return {};
  const auto text = printed.substr(at + kName.size());
  std::pair<int, int> version{};
  const auto* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc{} || major.ptr == end || *major.ptr != '.') return {};
  if (std::from_chars(major.ptr + 1, end, version.second).ec != std::errc{}) return {};
  return version;
}

}  // namespace cli
