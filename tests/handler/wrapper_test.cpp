// SPDX-License-Identifier: Apache-2.0
#include "handler/program/wrapper.h"

#include "support/temp_dir.h"

#include <gtest/gtest.h>

using handler::ProgramSpec;
using handler::Resolved;
using handler::ShellFunctionSpec;

TEST(StartThroughTest, AProgramsPathAndArgumentsComeBehindTheWrapper) {
  support::TempDir root;
  root.write("wrapper", "#!/bin/sh\n", 0755);
  Resolved resolved{ProgramSpec{"/usr/bin/jq", {"jq", "-r", "."}}, "jq", {}};
  ASSERT_FALSE(handler::start_through("wrapper", root.path(), resolved));
  const auto& spec = std::get<ProgramSpec>(resolved.spec);
  EXPECT_EQ(spec.program, root / "wrapper");
  EXPECT_EQ(spec.arguments, (std::vector<std::string>{root / "wrapper", "/usr/bin/jq", "-r", "."}));
  EXPECT_EQ(resolved.warnings, std::vector<std::string>());
}

TEST(StartThroughTest, AShellFunctionKeepsTheWordsForItsShell) {
  support::TempDir root;
  root.write("wrapper", "exec \"$@\"\n", 0755);
  Resolved resolved{ShellFunctionSpec{"f.sh", "f"}, "f.f", {}};
  ASSERT_FALSE(handler::start_through(root / "wrapper", "/", resolved));
  EXPECT_EQ(std::get<ShellFunctionSpec>(resolved.spec).wrapper,
            (std::vector<std::string>{"/bin/sh", root / "wrapper"}));
  EXPECT_EQ(resolved.warnings.size(), 1U);
}

TEST(StartThroughTest, AnInterpreterIsAWrapperAsAnyOther) {
  Resolved resolved{ProgramSpec{"/task/run", {"/task/run"}}, "run", {}};
  ASSERT_FALSE(handler::start_through("/bin/sh", "/", resolved));
  EXPECT_EQ(std::get<ProgramSpec>(resolved.spec).arguments,
            (std::vector<std::string>{"/bin/sh", "/task/run"}));
}

TEST(StartThroughTest, ADirectoryIsNamed) {
  Resolved resolved{ProgramSpec{"/task/run", {"/task/run"}}, "run", {}};
  const auto problem = handler::start_through("/tmp", "/", resolved);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "AWS_LAMBDA_EXEC_WRAPPER=/tmp is a directory; name a file in it.");
}
