// SPDX-License-Identifier: Apache-2.0
// Hooks under the embedded emulator, as a user tries them.
#include "cli_run.h"

#include <string>

#include <gtest/gtest.h>

TEST(HooksTest, InitAndShutdownRunUnderTheEmulatorAndTheExtensionIsRegistered) {
  Cli cli;
  cli.script("x.sh", "echo served");
  cli.set("SHELLSTRAP_INIT", "sh -c 'echo hello init'");
  cli.set("SHELLSTRAP_SHUTDOWN", "sh -c 'sleep 0.1; echo good bye'");
  cli.set("SHELLSTRAP_EXTENSION", "on");
  const auto result = cli.invoke({"x.sh"});
  EXPECT_EQ(result.state, exited(0));
  EXPECT_EQ(result.out, "served\n");
  EXPECT_TRUE(has(result.err, "hello init\n")) << result.err;
  EXPECT_TRUE(has(result.err, "good bye\n")) << result.err;
  EXPECT_FALSE(has(result.err, "SHELLSTRAP_EXTENSION")) << result.err;
}

TEST(HooksTest, TheHooksOfASnapshotRunUnderTheEmulatorWhereItIsAskedFor) {
  for (const bool is_asked_for : {true, false}) {
    Cli cli;
    cli.folder.write("function.sh",
                     "state=sourced\nbefore() { state+=-before; }\nafter() { state+=-after; }\n"
                     "handler() { echo $state; }");
    cli.set("SHELLSTRAP_BEFORE_SNAPSHOT", "function.before");
    cli.set("SHELLSTRAP_AFTER_RESTORE", "function.after");
    if (is_asked_for) cli.set("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    const auto result = cli.invoke({"function.handler"});
    EXPECT_EQ(result.out, is_asked_for ? "sourced-before-after\n" : "sourced\n") << result.err;
  }
}

TEST(HooksTest, ARestoreErrorIsTheAnswerOfTheCall) {
  Cli cli;
  cli.script("x.sh", "echo served");
  cli.set("SHELLSTRAP_AFTER_RESTORE", "sh -c 'exit 9'");
  cli.set("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
  const auto result = cli.invoke({"x.sh"});
  EXPECT_FALSE(result.state.success());
  EXPECT_TRUE(has(result.out + result.err, "Runtime.AfterRestoreError")) << result.out << result.err;
}
