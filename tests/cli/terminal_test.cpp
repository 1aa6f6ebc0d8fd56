// SPDX-License-Identifier: Apache-2.0
// What somebody sees who calls a function from a terminal.
#include "cli_run.h"
#include "proc/child/child.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <variant>

#include <gtest/gtest.h>

namespace {

using Lines = std::vector<std::string>;

// shellstrap with a terminal as standard output and standard error: all lines that it shows.
class TerminalTest : public testing::Test {
 protected:
  Lines shown_of(const std::vector<std::string>& arguments) {
    const base::UniqueFd screen(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    EXPECT_EQ(::grantpt(screen.get()) | ::unlockpt(screen.get()), 0);
    std::array<char, 64> name{};
    EXPECT_EQ(::ptsname_r(screen.get(), name.data(), name.size()), 0);
    base::UniqueFd terminal(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    const base::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    auto started = proc::Child::start(
        {support::cli_program(), Cli::command(arguments), cli_.environment(), cli_.folder.path()},
        {{0, nothing.get()}, {1, terminal.get()}, {2, terminal.get()}});
    terminal.reset();
    auto& child = std::get<proc::Child>(started);
    auto lines = lines_until_the_end(screen.get());
    EXPECT_EQ(child.reap().state, exited(0));
    return lines;
  }

  Cli cli_;

 private:
  // A terminal that nobody has open any more cannot be read (EIO).
  static Lines lines_until_the_end(int screen) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(screen, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    std::erase(text, '\r');
    Lines lines;
    for (std::size_t start = 0, end = 0; start < text.size(); start = end + 1) {
      end = std::min(text.find('\n', start), text.size());
      lines.push_back(text.substr(start, end - start));
    }
    if (!text.ends_with('\n')) lines.emplace_back("(no end of line)");
    return lines;
  }
};

long count(const Lines& lines, std::string_view start) {
  return std::ranges::count_if(lines, [&](const auto& line) { return line.starts_with(start); });
}

}  // namespace

TEST_F(TerminalTest, EveryAnswerAndEveryLineOfTheLogHasALineOfItsOwn) {
  cli_.script("x.sh", "printf answer");
  const auto lines = shown_of({"invoke", "x.sh", "-d", "1", "-d", "2", "--repeat", "2"});
  EXPECT_EQ(std::ranges::count(lines, "answer"), 4);
  EXPECT_EQ(count(lines, "START "), 4);
  EXPECT_EQ(lines.size(), 4U * 4) << testing::PrintToString(lines);
}

TEST_F(TerminalTest, StreamedAnswersEndTheirLinesToo) {
  cli_.script("x.sh", "printf answer");
  const auto lines =
      shown_of({"invoke", "x.sh", "--env", "SHELLSTRAP_INVOKE_MODE=stream", "-d", "1", "-d", "2"});
  EXPECT_EQ(std::ranges::count_if(lines, [](const auto& line) { return line.ends_with("answer"); }), 2);
  EXPECT_EQ(count(lines, "START "), 2) << testing::PrintToString(lines);
}

TEST_F(TerminalTest, AnAnswerThatEndsItsLineGetsNoBlankOne) {
  cli_.script("x.sh", "echo answer");
  const auto lines = shown_of({"invoke", "x.sh", "-d", "1", "-d", "2"});
  EXPECT_EQ(std::ranges::count(lines, "answer"), 2);
  EXPECT_EQ(std::ranges::count(lines, ""), 0) << testing::PrintToString(lines);
}

TEST_F(TerminalTest, HelpHasColoursUnlessNobodyWantsThem) {
  const auto has_colour = [&] {
    const auto lines = shown_of({"help"});
    return std::ranges::any_of(lines, [](const auto& line) { return has(line, "\033[1minvoke\033[0m"); });
  };
  EXPECT_FALSE(has_colour()) << "no TERM";
  cli_.set("TERM", "xterm");
  EXPECT_TRUE(has_colour());
  cli_.set("NO_COLOR", "1");
  EXPECT_FALSE(has_colour());
}

TEST_F(TerminalTest, APipeGetsTheBytesAsTheyAre) {
  cli_.script("x.sh", "printf answer");
  EXPECT_EQ(cli_.invoke({"x.sh"}).out, "answer");
  EXPECT_EQ(cli_.invoke({"x.sh", "-d", "1", "-d", "2"}).out, "answer\nanswer");
}
