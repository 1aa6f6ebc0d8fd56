// SPDX-License-Identifier: Apache-2.0
// A temporary folder for each invocation, through the real bootstrap.
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class TmpdirTest : public testing::Test {
 protected:
  void start(const std::string& script, std::map<std::string, std::string> environment = {}) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + script, 0755);
    start_handler("handler.sh", std::move(environment));
  }

  void start_handler(const std::string& name, std::map<std::string, std::string> environment = {}) {
    environment.emplace("SHELLSTRAP_TMPDIR", "per-invocation");
    environment.emplace("TMPDIR", parent_.path());
    bootstrap_.start({.handler = name, .arguments = {}, .environment = std::move(environment)});
  }

  // As the handler printed it, without the line's end.
  std::string invoke(const std::string& body = "{}") {
    auto text = bootstrap_.invoke(body).body;
    if (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
  }

  // The removal comes after the answer and before the next poll.
  void settle() { bootstrap_.wait_until_idle(); }

  support::TempDir parent_;
  support::BootstrapProcess bootstrap_;
};

}  // namespace

TEST_F(TmpdirTest, EachInvocationHasAFreshPrivateFolderThatIsRemovedAfterTheAnswer) {
  start("ls -A \"$TMPDIR\"; stat -c %a \"$TMPDIR\"; echo x > \"$TMPDIR/file\"; echo \"$TMPDIR\"");
  std::set<std::string> answers;
  for (int i = 0; i < 3; ++i) {
    const auto answer = invoke();
    EXPECT_TRUE(answer.starts_with("700\n" + parent_.path() + "/")) << answer;
    answers.insert(answer);
  }
  EXPECT_EQ(answers.size(), 3U);
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
}

TEST_F(TmpdirTest, WithoutTheSettingNothingIsMade) {
  start("echo \"$TMPDIR\"; ls -A \"$TMPDIR\"", {{"SHELLSTRAP_TMPDIR", "shared"}});
  EXPECT_EQ(invoke(), parent_.path());
}

TEST_F(TmpdirTest, ARelativeTmpdirIsNotUsedAsThePlace) {
  start("echo \"$TMPDIR\"", {{"TMPDIR", "relative"}});
  const auto folder = invoke();
  EXPECT_TRUE(folder.starts_with("/tmp/shellstrap-")) << folder;
  settle();
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(TmpdirTest, FoldersThatNobodyMayReadNestedDeepWithOddNamesAreRemoved) {
  start(
      "cd \"$TMPDIR\" && mkdir closed && echo x > closed/file && mkdir 'two\nlines' && echo x > "
      "'two\nlines/f'\n"
      "mkdir -p closed/inner && chmod 0 closed/inner closed\n"
      "name=$(printf %080d 0); i=0; while [ $i -lt 60 ]; do mkdir $name && cd $name; i=$((i + 1)); done; "
      "echo x > file\n"
      "chmod 0 \"$TMPDIR\"; echo done");
  EXPECT_EQ(invoke(), "done");
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path())) << bootstrap_.log();
}

TEST_F(TmpdirTest, LinksAreNotFollowed) {
  bootstrap_.task_root.write("precious/file", "text");
  start(
      "ln -s \"$PWD/precious\" \"$TMPDIR/link\"; mkdir \"$TMPDIR/deep\"; ln -s / \"$TMPDIR/deep/root\"; echo "
      "done");
  EXPECT_EQ(invoke(), "done");
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
  EXPECT_TRUE(fs::exists(bootstrap_.task_root / "precious/file"));
}

TEST_F(TmpdirTest, AFolderThatWasReplacedByALinkIsAWarningWithItsPathAndNothingIsFollowed) {
  bootstrap_.task_root.write("precious/file", "text");
  start("mv \"$TMPDIR\" \"$TMPDIR-moved\"; ln -s \"$PWD/precious\" \"$TMPDIR\"; echo \"$TMPDIR\"");
  const auto folder = invoke();
  settle();
  EXPECT_TRUE(fs::exists(bootstrap_.task_root / "precious/file"));
  EXPECT_TRUE(bootstrap_.logs(folder + " cannot be removed: Not a directory"));
}

TEST_F(TmpdirTest, WhatALeftoverGoesOnWritingIsRemovedBecauseItIsEndedFirst) {
  start(
      "(while :; do mkdir -p \"$TMPDIR/a/b\"; echo x > \"$TMPDIR/a/b/file\"; done) >/dev/null 2>&1 & echo "
      "done");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(invoke(), "done");
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path())) << bootstrap_.log();
}

TEST_F(TmpdirTest, ItIsRemovedFromUnderLeftoversThatAreKept) {
  start("sleep 300 >/dev/null 2>&1 & echo $!", {{"SHELLSTRAP_LEFTOVERS", "keep"}});
  const auto pid = std::stoi(invoke());
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
  EXPECT_TRUE(support::is_alive(pid));
  ::kill(pid, SIGKILL);
}

TEST_F(TmpdirTest, FailedCallsAndTimeoutsAreClearedUpAfter) {
  start("echo x > \"$TMPDIR/file\"; [ \"$(cat)\" = slow ] && sleep 300; exit 3",
        {{"SHELLSTRAP_TIMEOUT_MS", "3000"}});
  EXPECT_NE(invoke("fast").find("Function.Exit3"), std::string::npos);
  EXPECT_NE(invoke("slow").find("Function.Timeout"), std::string::npos);
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
}

TEST_F(TmpdirTest, ShellFunctionsHaveOneForEachCall) {
  bootstrap_.task_root.write("function.sh",
                             "handler() { ls -A \"$TMPDIR\"; echo x > \"$TMPDIR/file\"; mktemp; }");
  start_handler("function.handler");
  const auto first = invoke();
  const auto second = invoke();
  EXPECT_TRUE(first.starts_with(parent_.path() + "/shellstrap-")) << first;
  EXPECT_NE(first, second);
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
}

TEST_F(TmpdirTest, InvocationsSideBySideHaveDifferentOnes) {
  start("cat > \"$TMPDIR/file\"; while [ ! -e go ]; do sleep 0.01; done; cat \"$TMPDIR/file\"",
        {{"AWS_LAMBDA_MAX_CONCURRENCY", "4"}});
  for (int i = 0; i < 4; ++i)
    bootstrap_.api.push_event({.id = std::to_string(i), .body = "event-" + std::to_string(i)});
  const auto folders = [&] { return std::distance(fs::directory_iterator(parent_.path()), {}); };
  EXPECT_TRUE(support::wait_for([&] { return folders() == 4; }));
  bootstrap_.task_root.write("go", "");
  std::set<std::string> bodies;
  for (int i = 0; i < 4; ++i) bodies.insert(bootstrap_.wait_for_post().body);
  EXPECT_EQ(bodies, (std::set<std::string>{"event-0", "event-1", "event-2", "event-3"}));
  settle();
  EXPECT_TRUE(fs::is_empty(parent_.path()));
}

TEST_F(TmpdirTest, AFolderThatCannotBeMadeFailsThatCallWithTheReason) {
  start("echo \"$TMPDIR\"");
  fs::remove(parent_.path());
  const auto post = bootstrap_.invoke();
  EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type"), "Runtime.ExecFailed");
  EXPECT_NE(post.body.find("mkdtemp"), std::string::npos) << post.body;
  fs::create_directory(parent_.path());
  EXPECT_TRUE(invoke().starts_with(parent_.path()));
}
