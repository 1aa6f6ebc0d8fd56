// SPDX-License-Identifier: Apache-2.0
#include "comparison.h"

#include "shells.h"

#include <algorithm>
#include <fstream>
#include <optional>

namespace oracle {
namespace {

// The second sees what the first has left.
constexpr int kCalls = 2;

std::string write(const Case& body, const std::string& folder) {
  const auto at = folder + "/function.sh";
  std::ofstream(at, std::ios::trunc) << body.file;
  return at;
}

// A file that ends its shell leaves no function to call on either side; what is said about it is not bash's
// affair.
bool never_called(const Neutral& neutral, const std::string& at, const Outcome& plain, const Outcome& warm) {
  return warm.trouble.starts_with(kInit) && plain.log == warm.log && !plain_bash_calls(neutral.body, at);
}

// How far each has come by then is chance.
bool neither_ends(const Outcome& plain, const Outcome& warm) {
  return plain.trouble == kEndless && (warm.trouble == kEndless || warm.trouble == kSourcing);
}

// Who calls itself without end has as many calls as there is room for on its stack, where a call's own stand
// below.
bool both_overflow(const Outcome& plain, const Outcome& warm) {
  constexpr int kSegmentationFault = 128 + 11;
  const auto begins_alike = [](const std::string& one, const std::string& other) {
    const auto shared = std::min(one.size(), other.size());
    return one.compare(0, shared, other, 0, shared) == 0;
  };
  return plain.status == kSegmentationFault && warm.status == kSegmentationFault && warm.trouble.empty() &&
         begins_alike(plain.out, warm.out);
}

Comparison compare_neutral(const Neutral& neutral, const std::string& folder) {
  const auto at = write(neutral.body, folder);
  Comparison comparison;
  comparison.plain =
      in_plain_bash(neutral.body, at, {neutral.before_call, neutral.until, neutral.in_a_subshell});
  if (neutral.without_jobs) drop_job_messages(comparison.plain);
  for (auto& warm : in_warm_shell(neutral.body, at, kCalls)) {
    if (neutral.without_jobs) drop_job_messages(warm);
    comparison.warm = std::move(warm);
    comparison.same = comparison.plain == comparison.warm ||
                      neither_ends(comparison.plain, comparison.warm) ||
                      both_overflow(comparison.plain, comparison.warm) ||
                      never_called(neutral, at, comparison.plain, comparison.warm);
    if (!comparison.same) break;
  }
  return comparison;
}

// Only who may leave something is worth the processes that it takes to follow.
Neutral as_it_is(const Case& body) {
  const bool leaves = body.file.find("&\n") != std::string::npos;
  return {body, {}, leaves ? Until::eof : Until::end};
}

// One excuse, or else the fewest first ones that suffice together.
void excuse(Comparison& comparison, const Neutral& original, const std::string& folder) {
  Neutral all = original;
  std::vector<const Excuse*> taken;
  for (const auto& excuse : excuses()) {
    Neutral alone = original;
    if (!excuse.neutralise(alone)) continue;
    excuse.neutralise(all);
    taken.push_back(&excuse);
    if (compare_neutral(alone, folder).same)
      comparison.excused_by = {&excuse};
    else if (taken.size() > 1 && compare_neutral(all, folder).same)
      comparison.excused_by = taken;
    if (!comparison.excused_by.empty()) break;
  }
  comparison.same = !comparison.excused_by.empty();
}

}  // namespace

Comparison compare(const Case& body, const std::string& folder) {
  const auto original = as_it_is(body);
  auto comparison = compare_neutral(original, folder);
  const auto& trouble = comparison.warm.trouble;
  if (!comparison.same && (trouble.empty() || trouble.starts_with(kInit)))
    excuse(comparison, original, folder);
  return comparison;
}

std::string in_words(const Case& body, const Comparison& comparison) {
  return body.name + "\n--- file\n" + body.file + "--- event\n" + body.event + "\n--- plain bash\n" +
         in_words(comparison.plain) + "--- a call\n" + in_words(comparison.warm);
}

}  // namespace oracle
