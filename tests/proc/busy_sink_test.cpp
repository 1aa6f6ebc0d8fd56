// SPDX-License-Identifier: Apache-2.0
// Sinks that cannot pass on what they have yet: who writes waits, and nothing else does.
#include "proc/run/run.h"
#include "support/process_target.h"
#include "support/process_tools.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using support::run_target;

constexpr std::size_t kPipe = 64 * 1024;

// Busy from the first chunk on; until proceed() where `fd` is readable, else for ever.
class BusySink : public proc::ByteSink {
 public:
  explicit BusySink(int fd = -1, bool goes_on = true) : fd_(fd), goes_on_(goes_on) {}

  bool take(std::string_view bytes) override {
    taken += bytes.size();
    taken_while_busy += busy_ ? bytes.size() : 0;
    busy_ = true;
    return true;
  }
  [[nodiscard]] bool busy() const override { return busy_; }
  [[nodiscard]] Wait waits_for() const override { return {fd_, POLLIN}; }
  bool proceed() override {
    ++proceeded;
    busy_ = false;
    return goes_on_;
  }

  std::size_t taken = 0;
  std::size_t taken_while_busy = 0;
  int proceeded = 0;

 private:
  int fd_;
  bool goes_on_;
  bool busy_ = false;
};

base::UniqueFd always_readable() {
  return base::UniqueFd(::eventfd(1, EFD_CLOEXEC));
}

TEST(BusySinkTest, GetsNothingUntilItHasProceeded) {
  const auto readable = always_readable();
  BusySink sink(readable.get());
  const auto seen = run_target({"flood", "stdout", "1000000"}, {.outputs = {{1, &sink}}});
  EXPECT_EQ(seen.exited(), proc::ExitState::exited(0));
  EXPECT_EQ(sink.taken, 1'000'000u);
  EXPECT_LE(sink.taken_while_busy, kPipe);  // what was in the pipe when the child ended
  EXPECT_GT(sink.proceeded, 10);
}

TEST(BusySinkTest, GetsWhatIsInThePipeWhenTheChildEnds) {
  BusySink sink;
  const auto seen = run_target({"byte-per", "1", "5"}, {.outputs = {{1, &sink}}});
  EXPECT_EQ(seen.exited(), proc::ExitState::exited(0));
  EXPECT_EQ(sink.taken, 5u);
  EXPECT_TRUE(seen.result.drained);
}

TEST(BusySinkTest, ChildThatWaitsForItIsEndedAtTheDeadline) {
  BusySink sink;
  const auto seen = run_target({"flood", "stdout", "10000000"},
                               {.outputs = {{1, &sink}}, .kill_at = base::Deadline::after(200ms)});
  EXPECT_TRUE(std::holds_alternative<proc::Overdue>(seen.result.ending));
  EXPECT_LE(sink.taken, kPipe);
}

TEST(BusySinkTest, OtherOutputsAreReadMeanwhile) {
  BusySink sink;
  support::StringSink log;
  const auto seen = run_target({"flood", "stderr", "6000000"}, {.outputs = {{2, &log}, {1, &sink}}});
  EXPECT_EQ(seen.exited(), proc::ExitState::exited(0));
  EXPECT_EQ(log.text.size(), 6'000'000u);
}

TEST(BusySinkTest, DescendantThatNeverStopsWritingIsNeitherWaitedForNorStored) {
  BusySink sink;
  const auto seen = run_target({"spawn-flood"}, {.outputs = {{1, &sink}}});
  EXPECT_EQ(seen.exited(), proc::ExitState::exited(0));
  EXPECT_GT(sink.taken, 0u);
  EXPECT_LE(sink.taken, 2 * kPipe);
}

TEST(BusySinkTest, RefusalWhileTheChildIsSilentEndsIt) {
  const auto readable = always_readable();
  BusySink sink(readable.get(), false);
  const auto seen = run_target({"sleep", "60000"}, {.outputs = {{1, &sink}}});
  ASSERT_TRUE(std::holds_alternative<proc::Refused>(seen.result.ending));
  EXPECT_EQ(std::get<proc::Refused>(seen.result.ending).child_fd, 1);
  EXPECT_EQ(sink.proceeded, 1);
}

}  // namespace
