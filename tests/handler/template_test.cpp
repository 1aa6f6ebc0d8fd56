// SPDX-License-Identifier: Apache-2.0
#include "handler/spec/template.h"

#include "handler/template/template_command.h"

#include <gtest/gtest.h>

namespace {

using handler::CommandTemplate;
using handler::InitProblem;
using handler::Placeholder;
using handler::Template;
using handler::TemplateFault;
using Words = std::vector<std::string>;

Template parsed(std::string_view text) {
  auto result = handler::parse_template(text);
  if (const auto* fault = std::get_if<TemplateFault>(&result)) {
    ADD_FAILURE() << handler::explain(*fault, text);
    return {};
  }
  return std::get<Template>(result);
}

Placeholder place(std::string_view text) {
  const auto whole = parsed(text);
  if (whole.parts.size() == 1 && !whole.is_literal()) return std::get<Placeholder>(whole.parts[0]);
  ADD_FAILURE() << text << " is not one place";
  return {};
}

// What init says of a command; empty: nothing.
std::string problem(const Words& words) {
  const auto result = handler::parse_command_template(words);
  const auto* refused = std::get_if<InitProblem>(&result);
  if (refused == nullptr) return "";
  EXPECT_EQ(refused->type.text(), "Runtime.InvalidHandler");
  return refused->message;
}

struct BadTemplate {
  std::string text;
  std::size_t column;
};
class BadTemplateTest : public testing::TestWithParam<BadTemplate> {};
class CodeTest : public testing::TestWithParam<Words> {};
class DataTest : public testing::TestWithParam<Words> {};

}  // namespace

TEST(TemplateTest, OnlyTwoPairsOfCharactersOpenOne) {
  for (const auto* text :
       {"{}", "{name}", "{ /a}", "${x}", "{.a}", "{print $1}", "a{", "{", "{{x}}", "%41", "{+}"}) {
    EXPECT_TRUE(parsed(text).is_literal()) << text;
    EXPECT_EQ(parsed(text).text(), text);
  }
}

TEST(TemplateTest, ADoubledBraceStandsForOne) {
  EXPECT_EQ(parsed("{{/a}").text(), "{/a}");
  EXPECT_EQ(parsed("x{{@}y{{/").text(), "x{@}y{/");
  EXPECT_TRUE(parsed("{{/a}").is_literal());
}

TEST(TemplateTest, TextAndPlacesAlternate) {
  const auto size = parsed("{/width}x{/height}!");
  ASSERT_EQ(size.parts.size(), 4U);
  EXPECT_EQ(std::get<Placeholder>(size.parts[0]).pointer.text(), "/width");
  EXPECT_EQ(std::get<std::string>(size.parts[1]), "x");
  EXPECT_EQ(std::get<Placeholder>(size.parts[2]).pointer.text(), "/height");
  EXPECT_EQ(std::get<std::string>(size.parts[3]), "!");
}

TEST(TemplateTest, APlaceSaysWhatItTakes) {
  EXPECT_EQ(place("{/a/0/b}").kind, Placeholder::Kind::value);
  EXPECT_EQ(place("{/a...}").kind, Placeholder::Kind::list);
  EXPECT_EQ(place("{@}").kind, Placeholder::Kind::file);
  EXPECT_EQ(place("{@}").pointer.tokens().size(), 0U);
  EXPECT_EQ(place("{@/a}").pointer.text(), "/a");
  EXPECT_FALSE(place("{/a}").may_be_option);
  EXPECT_TRUE(place("{/a!}").may_be_option);
  EXPECT_TRUE(place("{/a...!}").may_be_option);
  EXPECT_EQ(place("{/a}").fallback, std::nullopt);
  EXPECT_EQ(place("{/a:-}").fallback, "");
  EXPECT_EQ(place("{/a!:--x:-!...}").fallback, "-x:-!...");
  EXPECT_EQ(place("{@/a:-b}").fallback, "b");
  EXPECT_EQ(place("{/}").pointer.tokens()[0].text, "");
}

TEST(TemplateTest, APlaceMayNameAFile) {
  EXPECT_EQ(place("{@}").file_name, "");
  EXPECT_EQ(place("{@in.html}").kind, Placeholder::Kind::file);
  EXPECT_EQ(place("{@in.html}").file_name, "in.html");
  EXPECT_EQ(place("{@in.html}").pointer.tokens().size(), 0U);
  EXPECT_EQ(place("{@a_1-b+c.tar.gz/x/y:-z}").file_name, "a_1-b+c.tar.gz");
  EXPECT_EQ(place("{@a.tar.gz/x/y:-z}").pointer.text(), "/x/y");
  EXPECT_EQ(place("{@a.tar.gz/x/y:-z}").fallback, "z");
  EXPECT_EQ(place("{@>out.mp4}").kind, Placeholder::Kind::answer);
  EXPECT_EQ(place("{@>out}").file_name, "out");
  EXPECT_EQ(place("{@*}").kind, Placeholder::Kind::event);
  EXPECT_FALSE(place("{@*}").may_be_option);
  EXPECT_TRUE(place("{@*!}").may_be_option);
}

TEST(TemplateTest, TheNameOfAFileHasALimit) {
  const std::string longest(100, 'a');
  EXPECT_EQ(place("{@>" + longest + "}").file_name, longest);
  EXPECT_NE(problem({"touch", "{@>" + longest + "a}"}).find("at most 100 characters"), std::string::npos);
}

TEST(TemplateTest, CharactersThatClashAreWrittenInHex) {
  EXPECT_EQ(place("{/a%7Db%21%3A-%2e..%25}").pointer.text(), "/a}b!:-...%");
  EXPECT_EQ(place("{/a:-%7D%25}").fallback, "}%");
  EXPECT_EQ(place("{/a:b-.c..d}").pointer.text(), "/a:b-.c..d");
  EXPECT_EQ(place("{/%7E01}").pointer.tokens()[0].text, "~1");
}

TEST_P(BadTemplateTest, GetsACaretUnderThePlace) {
  const auto& [text, column] = GetParam();
  const auto result = handler::parse_template(text);
  const auto* fault = std::get_if<TemplateFault>(&result);
  ASSERT_NE(fault, nullptr) << text;
  EXPECT_EQ(fault->offset, column) << text << ": " << fault->what;
  const auto message = problem({"true", text});
  const auto caret = "\n  " + text + "\n  " + std::string(column, ' ') + "^";
  EXPECT_TRUE(message.ends_with(caret)) << message;
  EXPECT_TRUE(message.starts_with("argument 1 of the command: ")) << message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTemplateTest,
    testing::Values(BadTemplate{"{/a", 0}, BadTemplate{"x{/a", 1}, BadTemplate{"{@", 0},
                    BadTemplate{"{@a}", 2}, BadTemplate{"{/a~}", 3}, BadTemplate{"{/a~2}", 3},
                    BadTemplate{"{/%7e2}", 2}, BadTemplate{"{/a%4}", 3}, BadTemplate{"{/a%zz}", 3},
                    BadTemplate{"{/a%00}", 3}, BadTemplate{"{/a!b}", 4}, BadTemplate{"{/a...b}", 6},
                    BadTemplate{"x{/a...}", 4}, BadTemplate{"{/a...}x", 7}, BadTemplate{"{/a...}{/b}", 7},
                    BadTemplate{"{@...}", 2}, BadTemplate{"{@!}", 2}, BadTemplate{"{@/a!}", 4},
                    BadTemplate{"{@/a...}", 4}, BadTemplate{"{@:-x}", 2}, BadTemplate{"{/a:-%}", 5},
                    BadTemplate{"{/a!...}", 4}, BadTemplate{"{@body}", 2}, BadTemplate{"{@.html}", 2},
                    BadTemplate{"{@-a.html}", 2}, BadTemplate{"{@../a.html}", 2}, BadTemplate{"{@a..b}", 2},
                    BadTemplate{"{@a.}", 2}, BadTemplate{"{@a b.html}", 2}, BadTemplate{"{@a.b c}", 5},
                    BadTemplate{"{@value-1.txt}", 2}, BadTemplate{"{@in.html!}", 9},
                    BadTemplate{"{@in.html:-x}", 9}, BadTemplate{"{@in.html/a!}", 11}, BadTemplate{"{@>}", 3},
                    BadTemplate{"{@>.pdf}", 3}, BadTemplate{"{@>a/b.pdf}", 4}, BadTemplate{"{@>a.pdf:-x}", 8},
                    BadTemplate{"{@>a.pdf!}", 8}, BadTemplate{"{@*x}", 3}, BadTemplate{"{@*/a}", 3},
                    BadTemplate{"{@*...}", 3}, BadTemplate{"{@*:-x}", 3}, BadTemplate{"{@*", 0}));

TEST(TemplateTest, TheCaretStandsUnderThePlaceInLongAndForeignText) {
  const std::string before(200, 'x');
  const auto message = problem({"true", before + "{/a~}" + before});
  const auto lines_begin = message.find("\n  ") + 3;
  const auto shown = message.substr(lines_begin, message.rfind('\n') - lines_begin);
  EXPECT_LE(shown.size(), 80U);
  const auto caret = message.substr(message.rfind('\n') + 3);
  EXPECT_EQ(shown[caret.size() - 1], '~');
  EXPECT_NE(problem({"true", "ä{/a~}"}).find("\n  ä{/a~}\n      ^"), std::string::npos);
}

TEST(TemplateTest, ACommandWithoutPlacesIsOnlyWords) {
  const auto result = handler::parse_command_template({"awk", "{{/x/ {print}", "{}"});
  const auto& command = std::get<CommandTemplate>(result);
  EXPECT_EQ(command.words, (Words{"awk", "{/x/ {print}", "{}"}));
  EXPECT_TRUE(command.arguments.empty());
}

TEST(TemplateTest, CodeInAnOperandIsAWarning) {
  const auto warnings = [](const Words& words) {
    return std::get<CommandTemplate>(handler::parse_command_template(words)).warnings.size();
  };
  EXPECT_EQ(warnings({"awk", "{/re/ { print }"}), 1U);
  EXPECT_EQ(warnings({"sed", "-n", "s/a/{/b}/"}), 1U);
  EXPECT_EQ(warnings({"jq", "-r", ".{/field}"}), 1U);
  EXPECT_EQ(warnings({"jq", "--arg", "name", "{/name}", ".[$name]"}), 0U);
  EXPECT_EQ(warnings({"awk", "-v", "n={/n}", "{ print n }", "{@}"}), 0U);
  EXPECT_EQ(warnings({"sed", "-e", "s/a/b/", "{@/text}"}), 0U);
}

TEST_P(CodeTest, CannotComeFromAnEvent) {
  const auto message = problem(GetParam());
  EXPECT_NE(message.find("cannot come from an event"), std::string::npos)
      << testing::PrintToString(GetParam());
  EXPECT_NE(message.find('^'), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, CodeTest,
    testing::Values(
        Words{"{/program}"}, Words{"bin/{/program}", "x"}, Words{"{@}"}, Words{"sh", "-c", "{/code}"},
        Words{"sh", "-c", "echo {/x}"}, Words{"/bin/bash", "-lc", "{/x}"}, Words{"bash", "-ec", "-x", "{/x}"},
        Words{"bash", "-o", "pipefail", "-c", "{/x}"}, Words{"bash", "-co", "pipefail", "{/x}"},
        Words{"bash", "-oc", "pipefail", "{/x}"}, Words{"bash", "--norc", "-c", "{/x}"},
        Words{"bash", "{/script}"}, Words{"sh", "{@}"}, Words{"sh", "--", "{/script}"},
        Words{"sh", "{/list...}"}, Words{"python3", "-c", "{/x}"}, Words{"python3.11", "-Bc", "{/x}"},
        Words{"python3", "-c{/x}"}, Words{"python3", "-m", "{/module}"}, Words{"python3", "{@/script}"},
        Words{"python3", "-W", "ignore", "{/script}"}, Words{"perl", "-e", "{/x}"},
        Words{"perl", "-ne", "{/x}"}, Words{"perl", "-E{/x}"}, Words{"perl", "-e1", "-e", "{/x}"},
        Words{"perl", "-lane", "print", "-e", "{/x}"}, Words{"perl", "-i.bak", "-pe", "{/x}"},
        Words{"perl", "-e", "1", "{/list...}", "-e", "{/x}"}, Words{"perl", "-M{/x}", "-e", "1"},
        Words{"node", "-e", "{/x}"}, Words{"node", "-p", "{/x}"}, Words{"node", "-pe", "{/x}"},
        Words{"node", "--eval={/x}"}, Words{"node", "--eval", "{/x}"}, Words{"nodejs", "-r", "{/x}", "a.js"},
        Words{"ruby", "-e", "{/x}"}, Words{"php", "-r", "{/x}"}, Words{"php", "-f", "{/x}"},
        Words{"lua5.4", "-e", "{/x}"}, Words{"Rscript", "-e", "{/x}"}, Words{"deno", "eval", "{/x}"},
        Words{"env", "sh", "-c", "{/x}"}, Words{"env", "-i", "A=1", "bash", "-c", "{/x}"},
        Words{"env", "{/program}"}, Words{"env", "-S", "{/x}"},
        Words{"/usr/bin/env", "--", "python3", "-c", "{/x}"},
        Words{"timeout", "-k", "1", "5", "sh", "-c", "{/x}"}, Words{"nice", "-n", "5", "perl", "-e", "{/x}"},
        Words{"timeout", "5", "{/program}"}, Words{"busybox", "sh", "-c", "{/x}"},
        Words{"nohup", "env", "python3", "-c", "{/x}"}, Words{"xargs", "-n", "1", "sh", "-c", "{/x}"},
        Words{"su", "nobody", "-c", "{/x}"}, Words{"find", "/tmp", "-exec", "{/x}"},
        Words{"find", "/tmp", "-exec", "true", ";", "-execdir", "sh", "-c", "{/x}", ";"},
        Words{"sed", "-n", "-e", "{/x}"}, Words{"sed", "-e{/x}"}, Words{"sed", "--expression={/x}"},
        Words{"sed", "-f", "{@}"}, Words{"gawk", "-e", "{/x}"}, Words{"gawk", "-F{/x}", "-e", "{/y}"},
        Words{"awk", "-f", "{@/program}"}, Words{"jq", "-f", "{@/program}"}));

TEST_P(DataTest, MayComeFromAnEvent) {
  EXPECT_EQ(problem(GetParam()), "") << testing::PrintToString(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Table, DataTest,
    testing::Values(
        Words{"sh", "-c", "echo \"$1\"", "sh", "{/x}"}, Words{"sh", "script.sh", "-c", "{/x}"},
        Words{"bash", "-c", "true", "{/list...}"}, Words{"python3", "-c", "pass", "{/x}", "-c", "{/y}"},
        Words{"python3", "-m", "json.tool", "-c", "{@/x}"}, Words{"python3", "a.py", "-c", "{/x}"},
        Words{"perl", "-ne", "print", "{@}"}, Words{"perl", "-e", "print @ARGV", "--", "{/x!}"},
        Words{"node", "a.js", "-e", "{/x}"}, Words{"env", "LANG={/lang}", "date"},
        Words{"timeout", "{/seconds}", "cat"}, Words{"nice", "-n", "{/n}", "cat"},
        Words{"grep", "-e", "{/pattern}"}, Words{"grep", "-c", "{/pattern}"}, Words{"tar", "-c", "{/x}"},
        Words{"sed", "s/a/b/", "{@}"}, Words{"awk", "-v", "x={/x}", "-f", "program.awk"},
        Words{"jq", "--arg", "x", "{/x}", ".a"}, Words{"convert", "-", "-resize", "{/w}x{/h}", "png:-"},
        Words{"find", "/tmp", "-name", "{/x}", "-exec", "grep", "{/y}", "{}", "+"},
        Words{"echo", "sh", "-c", "{/x}"}));

TEST(TemplateTest, AMarkedPlaceWhereAnInterpreterStillReadsOptionsIsRefused) {
  EXPECT_NE(problem({"perl", "-e", "print", "{/x!}"}).find("put -- before it"), std::string::npos);
  EXPECT_EQ(problem({"python3", "-c", "print", "{/x!}"}), "");
}
