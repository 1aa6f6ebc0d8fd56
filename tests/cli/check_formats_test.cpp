// SPDX-License-Identifier: Apache-2.0
#include "cli_run.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

/// A package whose handler lacks its run bit, in a folder and a file with names that formats must quote.
class CheckFormatsTest : public testing::Test {
 protected:
  CheckFormatsTest() { cli_.folder.write("a fn/x,%:y.sh", "#!/bin/sh\ncat\n", 0644); }

  [[nodiscard]] support::ToolResult check(const std::string& format) const {
    return cli_.run({"check", "a fn/", "--handler", "x,%:y.sh", "--strict", "--format", format});
  }

  Cli cli_;
};

TEST_F(CheckFormatsTest, GithubAnnotatesFilesOfTheRepository) {
  const auto result = check("github");
  EXPECT_EQ(result.state, exited(1));
  EXPECT_TRUE(has(result.out, "::warning file=a fn/x%2C%25%3Ay.sh,line=1::")) << result.out;
  const auto without = cli_.run({"check", "a fn", "--handler", "nowhere.sh", "--format", "github"});
  EXPECT_EQ(without.state, exited(1));
  EXPECT_TRUE(has(without.out, "::error file=a fn,line=1::--handler: nowhere.sh is neither")) << without.out;
}

TEST_F(CheckFormatsTest, PathsOfLayersBeginWithTheLayer) {
  cli_.folder.write("layer/bin/t.sh", "#!/bin/sh\ncat\n", 0644);
  const auto result = cli_.run({"check", "a fn", "--layer", "layer", "--format", "github"});
  EXPECT_TRUE(has(result.out, "::warning file=layer/bin/t.sh,line=1::has a #! line")) << result.out;
  EXPECT_FALSE(has(result.out, "a fn/layer")) << result.out;
}

TEST_F(CheckFormatsTest, SarifHasLevelSentenceAndPlace) {
  const auto result = check("sarif");
  EXPECT_EQ(result.state, exited(1));
  const auto log = nlohmann::json::parse(result.out);
  EXPECT_EQ(log["version"], "2.1.0");
  const auto& run = log["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"][0]["id"], run["results"][0]["ruleId"]);
  bool is_there = false;
  for (const auto& found : run["results"]) {
    const auto& place = found["locations"][0]["physicalLocation"];
    is_there |= found["level"] == "warning" && place["artifactLocation"]["uri"] == "a%20fn/x,%25%3Ay.sh" &&
                place["region"]["startLine"] == 1 && !found["message"]["text"].empty();
  }
  EXPECT_TRUE(is_there) << result.out;
}

TEST_F(CheckFormatsTest, JsonHasWhatTheTextSays) {
  const auto text = check("text").out;
  const auto all = nlohmann::json::parse(check("json").out);
  EXPECT_EQ(all["findings"].size(), all["errors"].get<std::size_t>() + all["warnings"].get<std::size_t>());
  ASSERT_FALSE(all["findings"].empty());
  for (const auto& finding : all["findings"])
    EXPECT_TRUE(has(text, finding["message"].get<std::string>())) << finding;
}

TEST_F(CheckFormatsTest, NothingFoundIsAnEmptyList) {
  cli_.folder.write("a fn/x,%:y.sh", "#!/bin/sh\ncat\n", 0755);
  EXPECT_EQ(nlohmann::json::parse(check("sarif").out)["runs"][0]["results"].size(), 0U) << check("text").out;
}

}  // namespace
