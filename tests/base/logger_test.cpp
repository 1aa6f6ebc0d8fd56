// SPDX-License-Identifier: Apache-2.0
#include "base/log/logger.h"

#include "base/io/unique_fd.h"

#include <unistd.h>

#include <array>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

// A logger whose lines can be read back.
class LoggerTest : public testing::Test {
 protected:
  std::string written() {
    std::array<char, 4096> buffer{};
    const auto count = ::read(pipe_.read_end.get(), buffer.data(), buffer.size());
    return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }

  base::Pipe pipe_ = *base::make_pipe();
  base::Logger logger_{pipe_.write_end.get()};
};

}  // namespace

TEST_F(LoggerTest, TextLinesSayWhoAndHowBad) {
  logger_.warn("the handler has no run bit");
  EXPECT_EQ(written(), "shellstrap: warn: the handler has no run bit\n");
}

TEST_F(LoggerTest, JsonLinesAreValidWhateverTheText) {
  logger_.configure({.format = base::LogFormat::json});
  logger_.error("quote \" newline \n broken \xFF", "id-1");
  const auto line = written();
  const auto parsed = nlohmann::json::parse(line);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_EQ(parsed["level"], "ERROR");
  EXPECT_EQ(parsed["requestId"], "id-1");
  EXPECT_EQ(parsed["message"], "quote \" newline \n broken \xEF\xBF\xBD");
  EXPECT_TRUE(std::string(parsed["timestamp"]).ends_with("Z"));
}

TEST_F(LoggerTest, TheLevelFiltersOurLinesButNeverAChilds) {
  logger_.configure({.lowest = base::LogLevel::error});
  logger_.info("not seen");
  logger_.pass_on("a child's line\n");
  EXPECT_EQ(written(), "a child's line\n");
}

TEST(LogWordsTest, LevelsAndFormatsIgnoreCaseAndRefuseOtherWords) {
  EXPECT_EQ(base::parse_log_level("WARN"), base::LogLevel::warn);
  EXPECT_EQ(base::parse_log_level("warning"), base::LogLevel::warn);
  EXPECT_EQ(base::parse_log_level("Fatal"), base::LogLevel::fatal);
  EXPECT_EQ(base::parse_log_level("loud"), std::nullopt);
  EXPECT_EQ(base::parse_log_format("JSON"), base::LogFormat::json);
  EXPECT_EQ(base::parse_log_format("Text"), base::LogFormat::text);
  EXPECT_EQ(base::parse_log_format("xml"), std::nullopt);
}
