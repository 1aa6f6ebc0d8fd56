// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"
#include "cli_run.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

TEST(HelpTest, EveryWayToTheHelpOfAVerbGivesTheSameText) {
  const Cli cli;
  const auto help = cli.run({"help", "invoke"});
  EXPECT_EQ(help.state, exited(0));
  EXPECT_EQ(help.err, "");
  EXPECT_EQ(cli.run({"invoke", "--help"}).out, help.out);
  EXPECT_EQ(cli.run({"invoke", "-h"}).out, help.out);
  for (const char* part : {"--event", "--data", "--timeout", "--repeat", "--env", "--env-file", "--task-root",
                           "--client-context", "--tenant", "--trace-api", "--memory", "--strict",
                           "--bootstrap", "Examples:", "Exit status:", "-- COMMAND"})
    EXPECT_TRUE(has(help.out, part)) << part;
}

TEST(HelpTest, ServeNamesItsOptionsAndTheReservedNames) {
  const Cli cli;
  const auto help = cli.run({"serve", "--help"}).out;
  for (const char* part : {"--port", "--name", "--environments", "--queue", "--freeze", "--only-apis",
                           "--runtime-api-port", "--record", "--timeout", "--env-file", "_HANDLER",
                           "LAMBDA_RUNTIME_DIR", "--endpoint-url", "Exit status:"})
    EXPECT_TRUE(has(help, part)) << part;
}

TEST(HelpTest, TestNamesItsOptionsAndTheFilesOfACase) {
  const Cli cli;
  const auto help = cli.run({"test", "--help"}).out;
  for (const char* part :
       {"--handler", "--filter", "--once", "--json", "--update", "--junit", "--timeout", "--env-file",
        "event.json", "expected", "status", "stderr", "mask", "Exit status:", "-- COMMAND"})
    EXPECT_TRUE(has(help, part)) << part;
}

TEST(HelpTest, NoLineIsWiderThanAHundredColumns) {
  const Cli cli;
  for (const auto& words : {std::vector<std::string>{"--help"},
                            {"help", "invoke"},
                            {"help", "serve"},
                            {"help", "test"},
                            {"help", "events"},
                            {"help", "check"}}) {
    const auto text = cli.run(words).out;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = text.find('\n', begin);
      EXPECT_LE(end - begin, 100U) << text.substr(begin, end - begin);
      begin = end + 1;
    }
  }
}

TEST(HelpTest, VersionAndVerbs) {
  const Cli cli;
  EXPECT_EQ(cli.run({"--version"}).out, "shellstrap " + std::string(base::version()) + "\n");
  EXPECT_TRUE(has(cli.run({"--help"}).out, "invoke"));
  EXPECT_EQ(cli.run({"help"}).out, cli.run({"-h"}).out);
}

TEST(HelpTest, UnreadStandardInputIsTold) {
  const Cli cli;
  cli.script("x.sh", "cat");
  const auto result = cli.invoke({"x.sh"}, "{\"a\":1}");
  EXPECT_EQ(result.state, exited(0));
  EXPECT_EQ(result.out, "{}");
  EXPECT_TRUE(has(result.err, "nobody has read standard input: the event was {}. -e - takes it"))
      << result.err;
  EXPECT_FALSE(has(cli.invoke({"x.sh"}).err, "standard input"));
  EXPECT_FALSE(has(cli.invoke({"x.sh", "-e", "-"}, "{}").err, "standard input"));
  EXPECT_FALSE(has(cli.invoke({"x.sh", "-d", "1"}, "{}").err, "standard input"));
}

TEST(HelpTest, AHandlerOutsideTheTaskRootIsTold) {
  const Cli cli;
  cli.script("x.sh", "cat");
  cli.script("function/y.sh", "cat");
  const auto outside = cli.invoke({"--task-root", "function", cli.folder.path() + "/x.sh"});
  EXPECT_EQ(outside.out, "{}");
  EXPECT_TRUE(has(outside.err, "x.sh\" is outside the task root")) << outside.err;
  EXPECT_FALSE(has(cli.invoke({"--task-root", "function", "y.sh"}).err, "outside"));
  EXPECT_FALSE(has(cli.invoke({"--", "cat"}).err, "outside"));
  EXPECT_FALSE(has(cli.invoke({"--", "/bin/cat"}).err, "outside"));
}

TEST(HelpTest, ABootstrapThatIsNoneIsTold) {
  const Cli cli;
  cli.script("x.sh", "cat");
  cli.script("notone", "exit 0");
  const auto result = cli.invoke({"--bootstrap", "./notone", "x.sh"});
  EXPECT_EQ(result.state, exited(2));
  EXPECT_TRUE(has(result.err, "\"./notone\", which --bootstrap names, ended before it asked")) << result.err;
}

TEST(HelpTest, NoColourWithoutATerminal) {
  Cli cli;
  cli.set("TERM", "xterm");
  EXPECT_FALSE(has(cli.run({"--help"}).out, "\033"));
  EXPECT_FALSE(has(cli.run({"inovke"}).err, "\033"));
}

struct WrongUse {
  std::string name;
  std::vector<std::string> arguments;
  std::string said;
};
class UsageTest : public testing::TestWithParam<WrongUse> {};

TEST_P(UsageTest, IsRefusedWithASentenceOnStandardError) {
  const Cli cli;
  cli.script("x.sh", "cat");
  cli.folder.write("bad.env", "AB=1\nno equals\n");
  const auto result = cli.run(GetParam().arguments);
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(has(result.err, GetParam().said)) << result.err;
}

INSTANTIATE_TEST_SUITE_P(
    Table, UsageTest,
    testing::Values(
        WrongUse{"NoVerb", {}, "Usage: shellstrap VERB"}, WrongUse{"UnknownVerb", {"frob"}, "\"frob\""},
        WrongUse{"HelpOnUnknownVerb", {"help", "frob"}, "\"frob\""},
        WrongUse{"NoHandler", {"invoke"}, "HANDLER is missing"},
        WrongUse{"UnknownOption", {"invoke", "x.sh", "--frob"}, "there is no option --frob."},
        WrongUse{"WordsTooMany", {"invoke", "x.sh", "one", "two"}, "unexpected arguments: one two\n"},
        WrongUse{"OptionsTooMany", {"serve", "--frob", "x.sh", "one"}, "there is no option --frob."},
        WrongUse{"TwoHandlers", {"invoke", "x.sh", "y.sh"}, "y.sh"},
        WrongUse{"HandlerAndCommand", {"invoke", "x.sh", "--", "ls"}, "not both"},
        WrongUse{"NoCommand", {"invoke", "--"}, "command is missing"},
        WrongUse{"OptionWithoutValue", {"invoke", "x.sh", "-e"}, "--event"},
        WrongUse{"TimeoutZero", {"invoke", "x.sh", "--timeout", "0"}, "--timeout"},
        WrongUse{
            "TimeoutWord", {"invoke", "x.sh", "--timeout", "soon"}, "--timeout takes a number, not \"soon\""},
        WrongUse{"TimeoutNan", {"invoke", "x.sh", "--timeout", "nan"}, "--timeout"},
        WrongUse{"MemoryTooSmall", {"invoke", "x.sh", "--memory", "64"}, "--memory"},
        WrongUse{"RepeatZero", {"invoke", "x.sh", "--repeat", "0"}, "--repeat"},
        WrongUse{"ClientContext", {"invoke", "x.sh", "--client-context", "[1]"}, "--client-context"},
        WrongUse{"Tenant", {"invoke", "x.sh", "--tenant", "a\nb"}, "--tenant"},
        WrongUse{"EnvWithoutEquals", {"invoke", "x.sh", "--env", "ABC"}, "\"ABC\""},
        WrongUse{"EnvReserved", {"invoke", "x.sh", "--env", "_HANDLER=y"}, "reserved"},
        WrongUse{"EnvFileMissing", {"invoke", "x.sh", "--env-file", "nowhere"}, "nowhere"},
        WrongUse{"EnvFileLine", {"invoke", "x.sh", "--env-file", "bad.env"}, "line 2"},
        WrongUse{"TaskRoot", {"invoke", "x.sh", "--task-root", "nowhere"}, "nowhere"},
        WrongUse{"ServeWithoutHandler", {"serve"}, "HANDLER is missing"},
        WrongUse{"ServePort", {"serve", "x.sh", "--port", "65536"}, "--port"},
        WrongUse{"ServeName", {"serve", "x.sh", "--name", "a b"}, "--name"},
        WrongUse{"ServeNoEnvironment", {"serve", "x.sh", "--environments", "0"}, "--environments"},
        WrongUse{"ServeHostWithoutUrl", {"serve", "x.sh", "--allow-host", "a.example"}, "goes with --url"},
        WrongUse{"ServeHostWithPort", {"serve", "--url", "--allow-host", "a:1", "x.sh"}, "without port"},
        WrongUse{"ServeHostPattern", {"serve", "--url", "--allow-host", "*.a", "x.sh"}, "without port"},
        WrongUse{"ServeQueue", {"serve", "x.sh", "--queue", "-1"}, "--queue"},
        WrongUse{"ServePortTooLarge", {"serve", "x.sh", "--port", "9999999999"}, "not so large a one"},
        WrongUse{"CheckWithoutPackage", {"check"}, "PACKAGE is missing"},
        WrongUse{"VerbMistyped", {"inovke"}, "Did you mean invoke?"},
        WrongUse{"OptionMistyped", {"invoke", "--evnt", "e"}, "no option --evnt. Did you mean --event?"},
        WrongUse{"ChoiceMistyped", {"check", "--arch=arm46", "."}, "x86_64 or arm64, not \"arm46\". Did you"},
        WrongUse{"SampleMistyped", {"events", "sqss"}, "Did you mean sqs?"},
        WrongUse{"KindMistyped", {"new", "scirpt"}, "Did you mean script?"},
        WrongUse{"ServeEnvReserved", {"serve", "x.sh", "--env", "AWS_REGION=y"}, "reserved"},
        WrongUse{"ServeNothingAndAHandler", {"serve", "--only-apis", "x.sh"}, "--only-apis"},
        WrongUse{"ServeNothingFrozen", {"serve", "--only-apis", "--freeze"}, "--only-apis"},
        WrongUse{"ServeNoCommand", {"serve", "--"}, "command is missing"},
        WrongUse{"TaskRootIsAFile", {"invoke", "x.sh", "--task-root", "x.sh"}, "not a directory"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
