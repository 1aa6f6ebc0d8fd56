// SPDX-License-Identifier: Apache-2.0
#include "cli/help/help.h"

#include "base/io/memory_file.h"
#include "cli/line/terminal.h"
#include "cli/line/verb_line.h"

#include <unistd.h>

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

constexpr auto kDescription = "Tells all about a verb, or which verbs there are.\n";

void describe(CLI::App& app, std::string& verb) {
  app.add_option("VERB", verb, "a verb");
  app.set_help_flag("-h,--help", "this text");
}

int print_usage() {
  [[maybe_unused]] const auto given_up = base::write_all(STDOUT_FILENO, usage_text());
  return kSuccess;
}

}  // namespace

std::string usage_text() {
  std::size_t width = 0;
  for (const auto name : verb_names()) width = std::max(width, name.size());
  std::string text =
      "shellstrap: any executable as an AWS Lambda function, run on this machine through the real "
      "bootstrap\n\n"
      "Usage: shellstrap VERB [options]\n\nVerbs:\n";
  for (const auto& verb : verbs())
    text.append("  ")
        .append(in_colour(Colour::bold, verb.name, STDOUT_FILENO))
        .append(width + 2 - verb.name.size(), ' ')
        .append(verb.summary)
        .append("\n");
  return text +
         "\nOptions:\n"
         "  -h, --help     this text; shellstrap help VERB tells all about a verb\n"
         "  --version      the version\n\n"
         "Examples:\n"
         "  shellstrap invoke ./handler.sh -e event.json\n"
         "  shellstrap invoke -d '{\"name\":\"x\"}' -- jq .name\n"
         "  shellstrap serve ./handler.sh\n";
}

int help(const Arguments& arguments, const Context& context) {
  std::string name;
  CLI::App app(kDescription, "shellstrap help");
  describe(app, name);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (name.empty()) return print_usage();
  const Verb* verb = find_verb(name);
  return verb == nullptr ? refuse(unknown_verb(name), "shellstrap") : verb->run({"--help"}, context);
}

void show_help_line(const LineReader& read) {
  std::string verb;
  CLI::App app(kDescription, "shellstrap help");
  describe(app, verb);
  read(app);
}

}  // namespace cli
