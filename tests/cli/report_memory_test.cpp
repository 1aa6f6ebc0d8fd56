// SPDX-License-Identifier: Apache-2.0
// Max Memory Used of REPORT: also of a process that was there between two looks.
#include "cli_run.h"
#include "serve_run.h"

#include <regex>

#include <gtest/gtest.h>

namespace {

// Of each REPORT in `log`, in MB.
std::vector<int> reported_in(const std::string& log) {
  const std::regex line("Max Memory Used: ([0-9]+) MB");
  std::vector<int> figures;
  for (std::sregex_iterator at(log.begin(), log.end(), line), end; at != end; ++at)
    figures.push_back(std::stoi((*at)[1]));
  return figures;
}

int reported_of(const support::ToolResult& run) {
  const auto figures = reported_in(run.err);
  return figures.empty() ? -1 : figures.back();
}

// More MB than the bootstrap has itself, and few enough to be gone before anybody looks.
int much() {
  return support::bootstrap_is_sanitized() || support::bootstrap_is_emulated() ? 200 : 24;
}

// A program that has so much, and ends at once.
std::string filling(int megabytes) {
  return support::target_program() + " fill-memory " + std::to_string(megabytes);
}

}  // namespace

TEST(ReportMemoryTest, AShortLivedProgramCounts) {
  const Cli cli;
  cli.script("x.sh", filling(much()));
  const auto run = cli.invoke({"x.sh"});
  EXPECT_GE(reported_of(run), much()) << run.err;
}

TEST(ReportMemoryTest, SoItDoesWhereTheCallFails) {
  const Cli cli;
  cli.script("x.sh", filling(much()) + "; exit 3");
  EXPECT_GE(reported_of(cli.invoke({"x.sh"})), much());
}

TEST(ReportMemoryTest, ASmallProgramIsNotMadeLarger) {
  const Cli cli;
  cli.script("x.sh", "echo hi");
  EXPECT_LT(reported_of(cli.invoke({"x.sh"})), much());
}

TEST(ReportMemoryTest, ServedCallsCountAlike) {
  Cli cli;
  cli.script("x.sh", "[ \"$(cat)\" != 2 ] || " + filling(much()));
  const Serve server(cli, {"x.sh"});
  server.call("1");
  server.call("2");
  EXPECT_TRUE(support::wait_for([&] { return reported_in(server.log()).size() == 2; })) << server.log();
  const auto figures = reported_in(server.log());
  EXPECT_LT(figures.front(), much());
  EXPECT_GE(figures.back(), much());
}
