// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "cli/help/completion_values.h"
#include "cli/line/option_texts.h"
#include "cli/line/verbs.h"
#include "cli_run.h"

#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <gtest/gtest.h>

namespace {

/// Everything that the table has, as (verb, option) pairs.
struct Row {
  std::string verb;
  std::vector<std::string> words;
  std::string value;
  std::string description;
};

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const auto& verb : cli::verbs())
    verb.show_line([&](const CLI::App& line) {
      for (const auto* option : cli::named_options(line))
        all.push_back({std::string(verb.name), cli::words_of(*option), cli::value_of(*option),
                       option->get_description()});
    });
  return all;
}

/// What bash offers behind `words`, the last of which is being typed; one a line.
std::string offers(const Cli& cli, const std::vector<std::string>& words) {
  std::vector<std::string> argv = {
      "bash", "--norc", "-c",
      "source ./c.bash; COMP_WORDS=(shellstrap \"$@\"); COMP_CWORD=$#; _shellstrap; "
      "printf '%s\\n' \"${COMPREPLY[@]}\"",
      "bash"};
  argv.insert(argv.end(), words.begin(), words.end());
  std::vector<std::string> moved = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", cli.folder.path()};
  moved.insert(moved.end(), argv.begin(), argv.end());
  const auto result = support::run_tool(moved, "", cli.environment());
  EXPECT_EQ(result.state, exited(0)) << result.err;
  EXPECT_EQ(result.err, "");
  return "\n" + result.out;
}

TEST(HelpTableTest, EveryOptionIsDescribedAndStandsInTheHelp) {
  const Cli cli;
  for (const auto& row : rows()) {
    EXPECT_FALSE(row.description.empty()) << row.verb << ' ' << row.words.front();
    const auto help = cli.run({row.verb, "--help"}).out;
    for (const auto& word : row.words) EXPECT_TRUE(has(help, word)) << row.verb << ' ' << word;
  }
}

TEST(HelpTableTest, EveryVerbIsListedWithinAHundredColumns) {
  const Cli cli;
  const auto usage = cli.run({"--help"}).out;
  for (const auto& verb : cli::verbs()) EXPECT_TRUE(has(usage, verb.summary)) << verb.name;
  for (const auto line : base::split(usage, '\n')) EXPECT_LE(line.size(), 100U) << line;
}

TEST(HelpTableTest, BashOffersEveryVerbAndOption) {
  const Cli cli;
  cli.folder.write("c.bash", cli.run({"completions", "bash"}).out);
  const auto verbs = offers(cli, {""});
  for (const auto& verb : cli::verbs()) {
    EXPECT_TRUE(has(verbs, "\n" + std::string(verb.name) + "\n")) << verbs;
    const auto options = offers(cli, {std::string(verb.name), "-"});
    for (const auto& row : rows()) {
      if (row.verb != verb.name) continue;
      for (const auto& word : row.words) EXPECT_TRUE(has(options, "\n" + word + "\n")) << word << options;
    }
  }
}

TEST(HelpTableTest, BashOffersWhatAnOptionTakes) {
  const Cli cli;
  cli.folder.write("c.bash", cli.run({"completions", "bash"}).out);
  cli.folder.write("an event.json", "{}");
  EXPECT_EQ(offers(cli, {"check", "--arch", ""}), "\nx86_64\narm64\n");
  EXPECT_EQ(offers(cli, {"check", "--arch", "=", "ar"}), "\narm64\n");
  EXPECT_EQ(offers(cli, {"invoke", "--sample", "sq"}), "\nsqs\n");
  EXPECT_EQ(offers(cli, {"invoke", "-e", "an"}), "\nan event.json\n");
  EXPECT_EQ(offers(cli, {"invoke", "an"}), "\nan event.json\n");
  EXPECT_EQ(offers(cli, {"invoke", "--timeout", ""}), "\n\n");
  EXPECT_EQ(offers(cli, {"new", "scr"}), "\nscript\n");
  EXPECT_EQ(offers(cli, {"help", "inv"}), "\ninvoke\n");
  EXPECT_EQ(offers(cli, {"completions", "z"}), "\nzsh\n");
  EXPECT_EQ(offers(cli, {"invoke", "--", "-"}), "\n\n");
}

TEST(HelpTableTest, ZshAndFishNameEveryOption) {
  const Cli cli;
  const auto zsh = cli.run({"completions", "zsh"}).out;
  const auto fish = cli.run({"completions", "fish"}).out;
  EXPECT_TRUE(zsh.starts_with("#compdef shellstrap\n"));
  for (const auto& row : rows())
    for (const auto& word : row.words) {
      EXPECT_TRUE(has(zsh, word)) << word;
      const auto name = word.starts_with("--") ? " -l " + word.substr(2) : " -s " + word.substr(1);
      EXPECT_TRUE(has(fish, name)) << word;
    }
}

/// Each with the shell's own look at it.
TEST(HelpTableTest, ShellsTakeTheirCompletions) {
  const Cli cli;
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    cli.folder.write("completions", cli.run({"completions", shell}).out);
    const auto check =
        support::run_tool({shell, "-n", cli.folder.path() + "/completions"}, "", cli.environment());
    EXPECT_EQ(check.state, exited(0)) << shell;
    EXPECT_EQ(check.err, "") << shell;
  }
}

TEST(HelpTableTest, ManPagesHaveEveryOptionAndFormatWithoutAWarning) {
  const Cli cli;
  const auto page = cli.run({"man"}).out;
  for (const auto& row : rows())
    for (const auto& word : row.words) {
      std::string escaped;
      for (const char c : word) escaped += c == '-' ? std::string("\\-") : std::string(1, c);
      EXPECT_TRUE(has(page, "\\fB" + escaped + "\\fR")) << word;
    }
  for (const std::string name : {"shellstrap", "settings"}) {
    const auto text = cli.run({"man", name}).out;
    const auto check = support::run_tool({"groff", "-ww", "-man", "-Tutf8", "-"}, text, cli.environment());
    EXPECT_EQ(check.state, exited(0)) << name;
    EXPECT_EQ(check.err, "") << name;
  }
}

TEST(DoctorTest, SaysWhatIsMissingAndHowToGetIt) {
  const Cli cli;
  const auto here = cli.run({"doctor", "test"});
  EXPECT_EQ(here.state, exited(0)) << here.out;
  EXPECT_TRUE(has(here.out, "bootstrap        ok      /")) << here.out;
  EXPECT_FALSE(has(here.out, "invoke")) << here.out;
  const std::vector<std::string> nothing = {"PATH=/nowhere"};
  const auto bare = support::run_tool(Cli::command({"doctor", "test"}), "", nothing);
  EXPECT_EQ(bare.state, exited(1));
  EXPECT_TRUE(has(bare.out, "bash             missing apt-get install bash, for shell functions"))
      << bare.out;
  EXPECT_EQ(support::run_tool(Cli::command({"doctor"}), "", nothing).state, exited(0))
      << "no verb was named, and each does most of what it does";
  EXPECT_TRUE(has(cli.run({"doctor", "tset"}).err, "Did you mean test?"));
}

constexpr auto kValidate = R"py(
import glob, json, sys
from jsonschema import Draft7Validator
schema = json.load(sys.stdin)
Draft7Validator.check_schema(schema)
validator = Draft7Validator(schema)
files = glob.glob(sys.argv[1] + "/handlers/**/shellstrap.json", recursive=True)
assert len(files) > 8, files
for path in files:
    validator.validate(json.load(open(path)))
good = [{}, {"stdin": ""}, {"xray": True}, {"xray": "On"}, {"xray": 1}, {"success": [0, "2-4"]}, {"success": 3},
        {"success": "0, 1-2"}, {"command": ["jq", "."]}, {"timeout_ms": 5}, {"timeout_ms": "5"}, {"batch": "sqs"}]
bad = [{"$schema": "x"}, {"XRAY": True}, {"xray": 2}, {"xray": "yes"}, {"batch": "sns"}, {"batch_parallel": 65},
       {"timeout_ms": 0}, {"response": "fd:2"}, {"response": "file:../x"}, {"command": {"a": 1}}, {"success": 256}]
for value in good:
    assert validator.is_valid(value), value
for value in bad:
    assert not validator.is_valid(value), value
)py";

TEST(HelpTableTest, SchemaIsOneAndTellsGoodSettingsFromBad) {
  const Cli cli;
  const auto result = support::run_tool({"/usr/bin/python3", "-c", kValidate, support::source_dir()},
                                        cli.run({"schema"}).out, cli.environment());
  EXPECT_EQ(result.state, exited(0)) << result.err;
}

}  // namespace
