// SPDX-License-Identifier: Apache-2.0
#include "base/text/nearest.h"

#include "base/text/text.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace base {
namespace {

// Nobody types so long a name; the time grows with the product of the lengths.
constexpr std::size_t kLongestWord = 100;
constexpr std::size_t kShortWord = 5;

using Row = std::vector<std::size_t>;

/// The row of `a` at `i`: the two before it are those of the letters before.
Row next_row(std::string_view a, std::string_view b, std::size_t i, const Row& last, const Row& before) {
  Row row(b.size() + 1);
  row[0] = i + 1;
  for (std::size_t j = 0; j < b.size(); ++j) {
    const auto changed = last[j] + (a[i] == b[j] ? 0U : 1U);
    row[j + 1] = std::min({changed, last[j + 1] + 1, row[j] + 1});
    const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
    if (swapped) row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
  }
  return row;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  Row before;
  Row last(b.size() + 1);
  std::iota(last.begin(), last.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto row = next_row(a, b, i, last, before);
    before = std::exchange(last, std::move(row));
  }
  return last.back();
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
  if (word.size() > kLongestWord) return {};
  const auto typed = ascii_lower(word);
  std::string_view best;
  std::size_t least = (typed.size() <= kShortWord ? 1 : 2) + 1;
  for (const auto name : names) {
    const auto changes = edit_distance(typed, ascii_lower(name));
    if (changes < least && changes < name.size()) best = name;
    least = std::min(least, changes);
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const auto name = nearest(word, names);
  return name.empty() ? "" : " Did you mean " + std::string(name) + "?";
}

}  // namespace base
