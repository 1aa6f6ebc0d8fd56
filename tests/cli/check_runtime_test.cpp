// SPDX-License-Identifier: Apache-2.0
#include "check_run.h"
#include "static_program.h"
#include "zip_file.h"

namespace {

/// Whether there is a runtime, which one it is, and whether it has something certain to run.
class CheckRuntimeTest : public CheckTest {
 protected:
  [[nodiscard]] support::ToolResult check_zip(const std::vector<Zip>& entries,
                                              std::vector<std::string> options) const {
    cli.folder.write("f.zip", zip_of(entries));
    options.insert(options.begin(), {"check", "f.zip"});
    return cli.run(options);
  }

  static constexpr auto kLoop =
      "#!/bin/sh\nwhile :; do curl -s \"http://${AWS_LAMBDA_RUNTIME_API}/next\" | sh \"$_HANDLER\"; done\n";
};

TEST_F(CheckRuntimeTest, AZipWithoutABootstrapIsToldUnlessALayerHasIt) {
  cli.folder.write("git/bin/git", "#!/bin/sh\n", 0755);
  const std::vector<std::string> lone = {"--handler", "main.sh", "--layer", "git"};
  expect_one(check_zip({Zip()}, lone), "f.zip:1: warning: ", "has no bootstrap, and no --layer does");
  expect_nothing(check_zip({Zip()}, {"--handler", "main.sh", "--layer", "git", "--layer", "runtime"}));
  Zip bootstrap;
  bootstrap.name = "bootstrap";
  expect_nothing(check_zip({Zip(), bootstrap}, lone));
  expect_nothing(check({"--handler", "main.sh"}));  // of a folder that is not packed yet
}

TEST_F(CheckRuntimeTest, ARuntimeOfThePackagesOwnTakesThePlaceOfTheLayers) {
  write("bootstrap", kLoop, 0755);
  const auto found = check({"--handler", "main.sh", "--layer", "runtime"});
  EXPECT_TRUE(has(found.out,
                  "bootstrap:1: error: is a runtime of its own, and Lambda starts it in place of shellstrap"))
      << found.out;
  write("bootstrap", static_program(kOwnMachine) + "AWS_LAMBDA_RUNTIME_API", 0755);
  EXPECT_TRUE(has(check().out, "bootstrap:1: error: is a runtime of its own"));
}

TEST_F(CheckRuntimeTest, WhatStartsShellstrapIsNoRuntimeOfItsOwn) {
  write("bootstrap", "#!/bin/sh\nexport LC_ALL=C.UTF-8\nexec /opt/bootstrap\n", 0755);
  EXPECT_FALSE(has(check().out, "bootstrap:1: error")) << check().out;
  write("bootstrap", static_program(kOwnMachine) + "AWS_LAMBDA_RUNTIME_API SHELLSTRAP_COMMAND", 0755);
  expect_nothing(check());
}

TEST_F(CheckRuntimeTest, WithoutAHandlerTheSummarySaysThatNoneWasChecked) {
  EXPECT_TRUE(has(check().out, " in 1 entry; no handler was checked: name it with --handler\n"));
  EXPECT_TRUE(check({"--handler", "main.sh"}).out.ends_with(" in 1 entry\n"));
  EXPECT_TRUE(check({"--env", "SHELLSTRAP_COMMAND=cat"}).out.ends_with(" in 1 entry\n"));
  write("shellstrap.json", R"({"command": ["cat"]})");
  EXPECT_TRUE(check().out.ends_with(" in 2 entries\n"));
}

TEST_F(CheckRuntimeTest, AMissingCommandIsExplainedOnceAndNamedWhereverItIsUsed) {
  script("jq .\ngit log");
  write("second.sh", "#!/bin/sh\n\njq .\n", 0755);
  const auto out = check().out;
  EXPECT_TRUE(has(out, "main.sh:2: warning: jq may be missing: provided.al2023 lacks it")) << out;
  EXPECT_TRUE(has(out, "(./scripts/build-layer tool jq, then --layer), or declare it: # needs: jq\n")) << out;
  EXPECT_TRUE(has(out, "tool git, then --layer), or declare it: # needs: git\n")) << out;
  EXPECT_TRUE(has(out, "second.sh:3: warning: jq may be missing, as above\n")) << out;
}

TEST_F(CheckRuntimeTest, WhatIsStartedAndCertainlyMissingIsAnError) {
  expect_one(check({"--env", "SHELLSTRAP_COMMAND=jq ."}), "SHELLSTRAP_COMMAND:1: error: ", "jq is missing");
  cli.folder.write("layer/bin/jq", "#!/bin/sh\n", 0755);
  expect_nothing(check({"--env", "SHELLSTRAP_COMMAND=jq .", "--layer", "layer"}));
  write("main.sh", "#!/usr/bin/env python3\n", 0755);
  expect_one(check({"--handler", "main.sh"}), "main.sh:1: error: ", "python3 is missing");
  expect_one(check({"--handler", "cat"}), "main.sh:1: warning: ", "python3 may be missing");
  write("main.sh", "#!/usr/bin/env python3\n# needs: python3\n", 0755);
  expect_nothing(check({"--handler", "main.sh"}));
}

TEST_F(CheckRuntimeTest, NoSentenceEndsInAComma) {
  write("data", "x", 0600);
  EXPECT_TRUE(check().out.starts_with(
      "data:1: error: cannot be read by the function's user, who is neither owner nor group. Before packing: "
      "chmod 644, or 755 for a program\n"))
      << check().out;
}

}  // namespace
