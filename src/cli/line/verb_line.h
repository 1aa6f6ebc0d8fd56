// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "cli/line/context.h"

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

/// Reads the command line of a verb into what `app`, which has the verb's name, describes. An exit status
/// where there is nothing more to do: help was printed, or what is wrong was said on standard error. An
/// option whose text is a choice of words in lower case ("x86_64|arm64") is checked to have one of them.
std::optional<int> parse_verb_line(CLI::App& app, const Arguments& arguments);

/// The same with a command behind the word "--".
std::optional<int> parse_verb_line(CLI::App& app, const Arguments& arguments,
                                   std::vector<std::string>& command);

/// Says on standard error what is wrong with a command line, in the one form that all such sentences have,
/// and that "`command` --help" tells more; the exit status of wrong usage.
int refuse(const std::string& what, const std::string& command);
/// The same for a verb's line.
int refuse(const CLI::App& app, const std::string& what);

/// Says there what keeps a verb from its work; the same exit status.
int refuse(const Context& context, const base::Error& error);

}  // namespace cli
