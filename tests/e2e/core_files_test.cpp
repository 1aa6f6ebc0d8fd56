// SPDX-License-Identifier: Apache-2.0
// What crashes leaves no core file: nobody can fetch it, and /tmp would be full of them.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

// The bootstrap as a service would start it that allows core files.
const std::vector<std::string> kCoresAllowed = {"sh", "-c",
                                                "ulimit -S -c \"$(ulimit -H -c)\"; exec \"$0\" \"$@\""};

class CoreFilesTest : public testing::TestWithParam<const char*> {
 protected:
  void start(const std::string& body, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("program", "#!/bin/sh\n" + body, 0755);
    bootstrap_.task_root.write("functions.sh", "handler() {\n" + body + "}\n");
    bootstrap_.start({.handler = GetParam(),
                      .arguments = {},
                      .environment = std::move(environment),
                      .through = kCoresAllowed});
  }

  support::BootstrapProcess bootstrap_;
};

TEST_P(CoreFilesTest, AreNotAllowedUntilSomebodyRaisesTheLimitAgain) {
  start("ulimit -S -c\nhard=$(ulimit -H -c)\nulimit -S -c \"$hard\"\n[ \"$(ulimit -S -c)\" = \"$hard\" ]\n");
  EXPECT_EQ(bootstrap_.invoke().body, "0\n") << bootstrap_.log();
}

TEST_P(CoreFilesTest, AreNotLeftByACrash) {
  start("cd \"$LAMBDA_TASK_ROOT\"\nsh -c 'kill -SEGV $$'\nls | grep -c '^core' || :\n");
  EXPECT_EQ(bootstrap_.invoke().body, "0\n");
}

// The setting that keeps them, for both kinds of handlers.
TEST_P(CoreFilesTest, AreKeptByAWrapper) {
  bootstrap_.task_root.write("cores", "#!/bin/sh\nulimit -S -c \"$(ulimit -H -c)\"\nexec \"$@\"\n", 0755);
  start("[ \"$(ulimit -S -c)\" = \"$(ulimit -H -c)\" ]\nulimit -S -c\n",
        {{"AWS_LAMBDA_EXEC_WRAPPER", "cores"}});
  const auto post = bootstrap_.invoke();
  EXPECT_TRUE(post.path.ends_with("/response")) << post.body;
  EXPECT_EQ(post.body == "0\n", support::run_tool({"sh", "-c", "ulimit -H -c"}).out == "0\n") << post.body;
}

INSTANTIATE_TEST_SUITE_P(All, CoreFilesTest, testing::Values("program", "functions.handler"),
                         [](const auto& tested) {
                           return std::string(tested.param) == "program" ? "program" : "function";
                         });

}  // namespace
