// SPDX-License-Identifier: Apache-2.0
#include "handler/shell/shell_options.h"

#include "base/text/text.h"

#include <algorithm>
#include <array>
#include <sstream>

namespace handler {
namespace {

// Not n (nothing would run), t (one command only), m and p, which are about the shell's place in the system.
constexpr std::string_view kLetters = "abefhkuvxBCEHPTo";
constexpr std::array<std::string_view, 18> kNames = {
    "allexport",  "braceexpand", "errexit",  "errtrace",  "functrace", "hashall",
    "histexpand", "ignoreeof",   "keyword",  "noclobber", "noglob",    "notify",
    "nounset",    "physical",    "pipefail", "posix",     "verbose",   "xtrace"};

std::vector<std::string> split(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  return words;
}

}  // namespace

base::Result<std::vector<std::string>> parse_shell_options(std::string_view text) {
  auto words = split(text);
  if (words.empty()) return words;
  auto& flags = words.front();
  if (!flags.starts_with('-')) flags.insert(0, 1, '-');
  if (const auto odd = flags.find_first_not_of(kLetters, 1); odd != std::string::npos)
    return base::Error{std::string("no option: ") + flags[odd]};
  for (std::size_t i = 1; i < words.size(); ++i)
    if (std::find(kNames.begin(), kNames.end(), words[i]) == kNames.end())
      return base::Error{"no option: " + words[i]};
  const auto names = static_cast<std::size_t>(std::count(flags.begin(), flags.end(), 'o'));
  if (names != words.size() - 1) return base::Error{"each o needs one name behind the letters"};
  return words;
}

}  // namespace handler
