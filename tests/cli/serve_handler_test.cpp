// SPDX-License-Identifier: Apache-2.0
// shellstrap serve refuses at once what its bootstrap would refuse at the first call.
#include "serve_run.h"

#include <gtest/gtest.h>

namespace {

struct Refused {
  std::string label;
  std::vector<std::string> arguments;
  std::string words;
};

class ServeRefusesTest : public testing::TestWithParam<Refused> {};

// `arguments` behind serve; it has to end by itself.
support::ToolResult served(const Cli& cli, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"serve", "--port", "0"});
  return cli.run(arguments);
}

}  // namespace

TEST_P(ServeRefusesTest, WithTheSentenceOfTheBootstrap) {
  const Cli cli;
  cli.folder.write("windows.sh", "#!/bin/sh\r\necho\r\n", 0755);
  cli.folder.write("settings/shellstrap.json", R"({"command": ["nope-nope", "x"]})");
  const auto result = served(cli, GetParam().arguments);
  EXPECT_EQ(result.state, exited(2));
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(has(result.err, "shellstrap: error: " + GetParam().words)) << result.err;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ServeRefusesTest,
    testing::Values(Refused{"handler", {"nope"}, "the handler nope was not found; tried "},
                    Refused{"function", {"nope.handler"}, "the handler nope.handler was not found; tried "},
                    Refused{"command", {"--", "nope-nope", "x"}, "the command nope-nope was not found "},
                    Refused{"variable",
                            {"--env", "SHELLSTRAP_COMMAND=nope-nope x"},
                            "the command nope-nope was not found "},
                    Refused{"quotes", {"--env", "SHELLSTRAP_COMMAND='open"}, "the command 'open: "},
                    Refused{"file", {"--task-root", "settings"}, "the command nope-nope was not found "},
                    Refused{"line_ends", {"windows.sh"}, "line 1 of windows.sh ends in CR LF"},
                    Refused{"interpreter", {"sh"}, "sh alone would run every event as code"}),
    [](const auto& row) { return row.param.label; });

TEST(ServeHandlerTest, OfAnotherRuntimeIsItsOwnAffair) {
  const Cli cli;
  cli.folder.write("runtime", "#!/bin/sh\nexit 1\n", 0755);
  const Serve server(cli, {"index.handler", "--bootstrap", "./runtime"});
  EXPECT_GT(server.port(), 0) << server.log();
}

TEST(ServeHandlerTest, MayBeACommandOfTheSettingsFile) {
  const Cli cli;
  cli.folder.write("shellstrap.json", R"({"command": ["printf", "from the file"]})");
  const Serve server(cli, {"ignored"});
  EXPECT_EQ(server.call().body, "from the file");
}
