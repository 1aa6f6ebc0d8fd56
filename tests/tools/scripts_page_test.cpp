// SPDX-License-Identifier: Apache-2.0
// docs/scripts.md: ffmpeg wants files for MP4, at both ends.
#include "base/text/base64.h"
#include "support/bootstrap_process.h"
#include "support/doc_block.h"
#include "support/process_tools.h"
#include "support/temp_dir.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

class VideoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::access("/usr/bin/ffmpeg", X_OK) != 0)
      GTEST_SKIP() << "ffmpeg is not installed; scripts/setup tools installs it";
    const auto made = shell(
        "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=size=640x480:rate=25:duration=2 "
        "-c:v mpeg4 -qscale:v 1 in.mp4");
    ASSERT_TRUE(made.state.success()) << made.err;
  }

  [[nodiscard]] support::ToolResult shell(const std::string& script) const {
    return support::run_tool({"/bin/sh", "-c", "cd \"$0\" && " + script, folder_.path()}, "",
                             std::vector<std::string>{"PATH=/usr/bin:/bin"});
  }
  [[nodiscard]] std::string video() const {
    std::ifstream file(folder_ / "in.mp4", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  support::TempDir folder_;
};

TEST_F(VideoTest, TheScriptOfThePageReadsAndWritesMp4) {
  support::BootstrapProcess bootstrap;
  bootstrap.task_root.write("mp4.sh",
                            support::doc_block("scripts.md", "## ffmpeg, and others that want a file"), 0755);
  bootstrap.start({.handler = "mp4.sh",
                   .arguments = {},
                   .environment = {{"SHELLSTRAP_RESPONSE_FORMAT", "base64"}, {"PATH", "/usr/bin:/bin"}}});
  const auto post = bootstrap.invoke(json{{"body", base::base64_encode(video())}}.dump());
  const auto answer = json::parse(post.body, nullptr, false);
  ASSERT_TRUE(answer.is_object() && answer.value("isBase64Encoded", false)) << post.body << bootstrap.log();
  const auto bytes = base::base64_decode(answer["body"].get<std::string>());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->substr(4, 4), "ftyp");
}

TEST_F(VideoTest, FromAPipeOrIntoOneFfmpegRefusesMp4) {
  const auto read = shell("cat in.mp4 | ffmpeg -loglevel error -i - -f null -");
  EXPECT_NE(read.err.find("partial file"), std::string::npos) << read.err;
  const auto written = shell("ffmpeg -nostdin -loglevel error -i in.mp4 -f mp4 - | cat");
  EXPECT_NE(written.err.find("muxer does not support non seekable output"), std::string::npos) << written.err;
  const auto fragments =
      shell("ffmpeg -nostdin -loglevel error -i in.mp4 -movflags frag_keyframe+empty_moov -f mp4 - | wc -c");
  EXPECT_GT(std::stoi(fragments.out), 1000) << fragments.err;
}

}  // namespace
