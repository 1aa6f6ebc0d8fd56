// SPDX-License-Identifier: Apache-2.0
// The samples that clone and mirror, through `shellstrap invoke` and the real bootstrap. With the git of this
// machine: tests/layers runs them with the git layer's.
#include "support/http_file_server.h"
#include "support/paths.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <optional>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

/// A repository with one commit, served as files.
class GitSamplesTest : public testing::Test {
 protected:
  GitSamplesTest() {
    git({"init", "-q", "-b", "main", "repo"});
    commit("first");
    git({"clone", "-q", "--bare", "repo", "served/r.git"});
    publish();
    server_.emplace(folder_ / "served");
  }

  void git(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"git", "-C", folder_.path(), "-c", "user.name=t", "-c", "user.email=t@example.invalid"});
    const auto result = support::run_tool(words);
    ASSERT_TRUE(result.state.success()) << result.err;
  }
  void commit(const std::string& subject) {
    git({"-C", "repo", "commit", "-q", "--allow-empty", "-m", subject});
  }
  void publish() {
    git({"-C", "repo", "push", "-q", "--mirror", "../served/r.git"});
    git({"-C", "served/r.git", "update-server-info"});
  }
  /// As a clone leaves it that is ended before its last step.
  void leave_half_a_mirror() {
    namespace fs = std::filesystem;
    for (const auto& entry : fs::directory_iterator(folder_ / "mirrors"))
      if (entry.is_directory()) return fs::rename(entry.path(), entry.path().string() + ".part");
    FAIL() << "there is no mirror";
  }

  void unpublish() { std::filesystem::rename(folder_ / "served/r.git", folder_ / "gone.git"); }

  std::string event(const std::string& ref = "main") const {
    const auto url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/r.git";
    return json({{"url", url}, {"ref", ref}}).dump();
  }

  support::ToolResult invoke(const std::string& sample, const std::string& event,
                             const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words = {support::cli_program(),
                                      "invoke",
                                      "--timeout",
                                      "60",
                                      "--env",
                                      "MIRROR_FOLDER=" + folder_ / "mirrors",
                                      "-d",
                                      event};
    words.insert(words.end(), options.begin(), options.end());
    words.push_back(support::source_dir() + "/handlers/" + sample);
    return support::run_tool(words);
  }
  json answer(const std::string& sample, const std::string& event,
              const std::vector<std::string>& options = {}) const {
    const auto result = invoke(sample, event, options);
    EXPECT_TRUE(result.state.success()) << result.err;
    return json::parse(result.out, nullptr, false);
  }

 private:
  const support::TempDir folder_;
  std::optional<support::HttpFileServer> server_;
};

}  // namespace

TEST_F(GitSamplesTest, ACommandRunsInTheCloneAndIsReported) {
  const std::vector<std::string> options = {
      "--env", "CLONE_DEPTH=all", "--env",
      R"(REPORT_COMMAND=git log -1 --format=%s; printf '"\\\t'; pwd >&2; exit 3)"};
  const auto report = answer("git-run.sh", event(), options);
  EXPECT_EQ(report["status"], 3);
  EXPECT_EQ(report["output"], "first\n\"\\\t");
  EXPECT_EQ(report["commit"].get<std::string>().size(), 40U);
}

TEST_F(GitSamplesTest, ARefThatIsAnOptionIsRefused) {
  const auto refused = invoke("git-run.sh", event("--upload-pack=touch /tmp/pwned"));
  EXPECT_EQ(json::parse(refused.out, nullptr, false)["errorType"], "Function.InvalidEvent");
  const auto unknown = invoke("git-mirror.sh", event("--all"));
  EXPECT_EQ(json::parse(unknown.out, nullptr, false)["errorType"], "Function.UnknownRef");
}

TEST_F(GitSamplesTest, AMirrorIsKeptAndLearnsOfNewCommits) {
  EXPECT_EQ(answer("git-mirror.sh", event())["mirror"], "new");
  commit("second \"quoted\"");
  publish();
  const auto fetched = answer("git-mirror.sh", event());
  EXPECT_EQ(fetched["mirror"], "fetched");
  EXPECT_EQ(fetched["subject"], "second \"quoted\"");
}

TEST_F(GitSamplesTest, AMirrorThatIsYoungEnoughAnswersWithoutTheServer) {
  EXPECT_EQ(answer("git-mirror.sh", event())["mirror"], "new");
  commit("second");
  publish();
  const auto kept = answer("git-mirror.sh", event(), {"--env", "MIRROR_MAX_AGE=3600"});
  EXPECT_EQ(kept["mirror"], "kept");
  EXPECT_EQ(kept["subject"], "first");
}

TEST_F(GitSamplesTest, ARemoteThatFailsIsAnErrorAlsoWhereThereIsAMirror) {
  EXPECT_EQ(answer("git-mirror.sh", event())["mirror"], "new");
  unpublish();
  const auto failed = invoke("git-mirror.sh", event());
  EXPECT_EQ(failed.state, proc::ExitState::exited(1)) << failed.out;
}

TEST_F(GitSamplesTest, WhatACallThatWasEndedLeftOfAMirrorIsInNobodysWay) {
  EXPECT_EQ(answer("git-mirror.sh", event())["mirror"], "new");
  leave_half_a_mirror();
  EXPECT_EQ(answer("git-mirror.sh", event())["mirror"], "new");
}

TEST_F(GitSamplesTest, CallsAtOnceShareOneCloneAndAllAnswer) {
  std::vector<std::future<json>> calls(6);
  for (auto& call : calls)
    call = std::async(std::launch::async, [&] { return answer("git-mirror.sh", event()); });
  std::vector<json> answers;
  std::ranges::transform(calls, std::back_inserter(answers), [](auto& call) { return call.get(); });
  EXPECT_EQ(std::ranges::count(answers, json("new"), [](const json& one) { return one["mirror"]; }), 1);
  for (const auto& one : answers) EXPECT_EQ(one["subject"], "first") << one;
}
