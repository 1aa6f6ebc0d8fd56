// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/context.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

/// Is handed a verb's command line, which lives as long as the call.
using LineReader = std::function<void(const CLI::App& line)>;

/// A row of the one table of verbs. Whatever tells of verbs and options is made from it: the list of verbs,
/// help, suggestions, completions, man pages.
struct Verb {
  std::string_view name;
  std::string_view summary;  ///< for the list of verbs: fits behind the name in a line of 100 columns
  int (*run)(const Arguments& arguments, const Context& context);
  /// Shows the very description that `run` parses with: options, what they take, what they mean. What an
  /// option takes is written in its text, and completions go by it: FILE, DIR, ZIP and PATH are looked for on
  /// the disk, SAMPLE, KIND and VERB are known names, words in lower case are meant as they stand
  /// ("x86_64|arm64": such a choice is checked by choose(), see verb_line.h), everything else is free.
  void (*show_line)(const LineReader& read);
};

/// All of them, in the order of the list.
std::span<const Verb> verbs();
/// nullptr: there is none of that name.
const Verb* find_verb(std::string_view name);
std::vector<std::string_view> verb_names();

/// "there is no verb "pak". Did you mean pack?"
std::string unknown_verb(std::string_view name);

}  // namespace cli
