// SPDX-License-Identifier: Apache-2.0
// Every sample of handlers/, through `shellstrap invoke` and the real bootstrap.
#include "support/http_file_server.h"
#include "support/paths.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

const std::string kHandlers = support::source_dir() + "/handlers";

support::ToolResult invoke(const std::string& handler, const std::string& event) {
  return support::run_tool({support::cli_program(), "invoke", "--timeout", "60", handler, "-d", event});
}

json answer(const support::ToolResult& result) {
  EXPECT_TRUE(result.state.success()) << result.err;
  return json::parse(result.out, nullptr, false);
}

}  // namespace

TEST(SamplesTest, HelloGreets) {
  EXPECT_EQ(invoke(kHandlers + "/hello.sh", R"({"name": "x"})").out, "{\"message\": \"Hello, x!\"}\n");
  EXPECT_EQ(answer(invoke(kHandlers + "/hello.sh", R"({"name": "a \"b\" é"})"))["message"],
            "Hello, a \"b\" é!");
}

TEST(SamplesTest, FunctionsOfAShellFileGreetAndCount) {
  EXPECT_EQ(invoke(kHandlers + "/function.greet", R"({"name": "x"})").out, "{\"message\": \"Hello, x!\"}\n");
  EXPECT_EQ(answer(invoke(kHandlers + "/function.count", "a\nb\n"))["lines"], 2);
}

TEST(SamplesTest, PythonAddsAndNamesItsOwnError) {
  EXPECT_EQ(answer(invoke(kHandlers + "/sum.py", R"({"numbers": [1, 2.5]})"))["sum"], 3.5);
  const auto failed = invoke(kHandlers + "/sum.py", R"({"numbers": ["a"]})");
  EXPECT_EQ(failed.state, proc::ExitState::exited(1));
  EXPECT_EQ(json::parse(failed.out, nullptr, false)["errorType"], "Function.InvalidEvent");
}

TEST(SamplesTest, ACompiledProgramCounts) {
  const auto counted = answer(invoke(support::word_count_program(), "\"two words\""));
  EXPECT_EQ(counted, json::parse(R"({"lines": 0, "words": 2, "bytes": 11})"));
}

TEST(SamplesTest, ABareCommandOfThePathIsAHandler) {
  EXPECT_EQ(invoke("sha256sum", "abc").out,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n");
}

TEST(SamplesTest, GitListsTheRefsOfARepositoryServedOverHttp) {
  const support::TempDir folder;
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"git", "-C", folder.path(), "-c", "user.name=t", "-c", "user.email=t@example.invalid"});
    const auto result = support::run_tool(words);
    ASSERT_TRUE(result.state.success()) << result.err;
  };
  git({"init", "-q", "-b", "main", "repo"});
  git({"-C", "repo", "commit", "-q", "--allow-empty", "-m", "first"});
  git({"-C", "repo", "tag", "v1"});
  git({"clone", "-q", "--bare", "repo", "served.git"});
  git({"-C", "served.git", "update-server-info"});
  const support::HttpFileServer server(folder.path());

  const auto url = "http://127.0.0.1:" + std::to_string(server.port()) + "/served.git";
  const auto refs =
      answer(invoke(kHandlers + "/git-refs.sh", json({{"url", url}, {"ref", "refs/tags/*"}}).dump()));
  ASSERT_EQ(refs.size(), 1U) << refs;
  EXPECT_EQ(refs[0]["ref"], "refs/tags/v1");
  EXPECT_EQ(refs[0]["commit"].get<std::string>().size(), 40U);

  const auto none = invoke(kHandlers + "/git-refs.sh", json({{"url", url + "-missing"}}).dump());
  EXPECT_EQ(none.state, proc::ExitState::exited(1));
  EXPECT_EQ(json::parse(none.out, nullptr, false)["errorType"], "Function.Exit128");
}

TEST(SamplesTest, GitRefusesAnEventThatIsAnOption) {
  const auto refused = invoke(kHandlers + "/git-refs.sh", R"({"url": "--upload-pack=touch /tmp/pwned"})");
  EXPECT_EQ(json::parse(refused.out, nullptr, false)["errorType"], "Function.Exit128");
}
