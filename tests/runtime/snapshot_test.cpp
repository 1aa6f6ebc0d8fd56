// SPDX-License-Identifier: Apache-2.0
// Time limits and several workers; the rest is in tests/e2e/snapshot_test.cpp.
#include "runtime/life/snapshot.h"

#include "base/deadline.h"
#include "base/io/memory_file.h"
#include "support/fake_runtime_api.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using handler::InitProblem;
using handler::WarmHook;
using runtime::Hook;
using Known = api::ErrorType::Known;
using namespace std::chrono_literals;

/// Notes the hooks that it is given.
class FakeRunner : public handler::Runner {
 public:
  proc::RunResult run(const handler::Call&) override { return {.ending = proc::Lost{"none"}}; }
  handler::Settled settle() override { return {}; }
  std::optional<InitProblem> run_hook(const WarmHook& hook) override {
    hooks.push_back(hook);
    return problem;
  }

  std::vector<WarmHook> hooks;
  std::optional<InitProblem> problem;
};

Hook shell(const std::string& script, Known failure) {
  return {"the hook", handler::ProgramSpec{"/bin/sh", {"sh", "-c", script}}, failure};
}

Hook function(const std::string& name, Known failure) {
  return {"the hook", handler::ShellFunctionSpec{"file.sh", name}, failure};
}

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    prepared_.settings.snapshot = true;
    endpoint_ = *api::Endpoint::parse(fake_.address());
  }

  // By as many workers as are set, each on a thread; whether all may serve.
  bool pass_all(std::chrono::milliseconds after_restore = 30s) {
    snapshot_.emplace(endpoint_, prepared_, family_, logger_, -1, after_restore);
    runners_ = std::vector<FakeRunner>(static_cast<std::size_t>(prepared_.settings.concurrency));
    std::atomic<int> passed = 0;
    std::vector<std::thread> workers;
    for (auto& runner : runners_)
      workers.emplace_back([&] { passed += snapshot_->pass(runner, &runner == runners_.data()) ? 1 : 0; });
    for (auto& worker : workers) worker.join();
    return passed == prepared_.settings.concurrency;
  }

  support::FakeRuntimeApi fake_;
  api::Endpoint endpoint_;
  runtime::Prepared prepared_{{}, "/", "/", {}, "handler", {}};
  proc::Family family_;
  base::MemoryFile log_ = *base::MemoryFile::create("log");
  base::Logger logger_{log_.fd()};
  std::vector<FakeRunner> runners_;
  std::optional<runtime::Snapshot> snapshot_;
};

}  // namespace

TEST_F(SnapshotTest, ABeforeHookThatTakesTooLongIsEndedAndNoSnapshotIsTaken) {
  prepared_.hooks.before_snapshot = shell("trap '' TERM; sleep 64; sleep 64", Known::before_snapshot);
  prepared_.init_limit = base::Deadline::after(300ms);
  EXPECT_FALSE(pass_all());
  ASSERT_TRUE(snapshot_->problem());
  EXPECT_EQ(snapshot_->problem()->type, Known::before_snapshot);
  EXPECT_NE(snapshot_->problem()->message.find("took too long and was ended"), std::string::npos);
  EXPECT_TRUE(fake_.requests().empty());
}

TEST_F(SnapshotTest, AnAfterHookHasItsTimeFromTheRestoreOn) {
  prepared_.hooks.after_restore = shell("exec sleep 64", Known::after_restore);
  fake_.restore();
  const auto started = base::SteadyClock::now();
  EXPECT_FALSE(pass_all(300ms));
  EXPECT_LT(base::SteadyClock::now() - started, 30s);
  ASSERT_TRUE(snapshot_->problem());
  EXPECT_EQ(snapshot_->problem()->type, Known::after_restore);
  EXPECT_NE(snapshot_->problem()->message.find("took too long and was ended"), std::string::npos);
}

TEST_F(SnapshotTest, TheTimeInTheSnapshotIsNotTheHooks) {
  prepared_.hooks.after_restore = shell(":", Known::after_restore);
  fake_.push_restore(support::Reply::with(200, {}, "").in_packets_of(20).slowly(200ms));
  EXPECT_TRUE(pass_all(300ms)) << snapshot_->problem()->message;
}

TEST_F(SnapshotTest, EveryRunnerGetsBothFunctionsAndOneWorkerAsksForTheRestore) {
  prepared_.settings.concurrency = 3;
  prepared_.hooks.before_snapshot = function("before", Known::before_snapshot);
  prepared_.hooks.after_restore = function("after", Known::after_restore);
  fake_.restore();
  EXPECT_TRUE(pass_all());
  for (const auto& runner : runners_) {
    ASSERT_EQ(runner.hooks.size(), 2U);
    EXPECT_EQ(runner.hooks[0].function, "before");
    EXPECT_FALSE(runner.hooks[0].restored);
    EXPECT_EQ(runner.hooks[1].function, "after");
    EXPECT_TRUE(runner.hooks[1].restored);
  }
  EXPECT_EQ(fake_.requests().size(), 1U);
}

TEST_F(SnapshotTest, WithoutHooksRunnersStillHearOfTheRestore) {
  fake_.restore();
  EXPECT_TRUE(pass_all());
  ASSERT_EQ(runners_[0].hooks.size(), 1U);
  EXPECT_TRUE(runners_[0].hooks[0].restored);
  EXPECT_EQ(runners_[0].hooks[0].function, "");
}

TEST_F(SnapshotTest, ARunnerMadeLaterCatchesUp) {
  prepared_.hooks.before_snapshot = function("before", Known::before_snapshot);
  fake_.restore();
  EXPECT_TRUE(pass_all());
  FakeRunner late;
  EXPECT_FALSE(snapshot_->catch_up(late));
  ASSERT_EQ(late.hooks.size(), 2U);
  EXPECT_EQ(late.hooks[0].function, "before");
  EXPECT_TRUE(late.hooks[1].restored);
  EXPECT_EQ(fake_.requests().size(), 1U) << "nothing is restored twice";
}

TEST_F(SnapshotTest, WhereNoSnapshotIsTakenNothingIsDone) {
  prepared_.settings.snapshot = false;
  prepared_.hooks.before_snapshot = shell("exit 1", Known::before_snapshot);
  EXPECT_TRUE(pass_all());
  EXPECT_TRUE(runners_[0].hooks.empty());
  EXPECT_TRUE(fake_.requests().empty());
}

TEST(LimitOfInitTest, IsTheLongerOf130SecondsAndTheTimeoutWhereASnapshotIsTaken) {
  runtime::Settings settings;
  EXPECT_TRUE(runtime::limit_of_init(settings).is_never());
  settings.snapshot = true;
  EXPECT_LT(runtime::limit_of_init(settings).remaining(), 130s);
  EXPECT_GT(runtime::limit_of_init(settings).remaining(), 120s);
  settings.timeout = 20s;
  EXPECT_GT(runtime::limit_of_init(settings).remaining(), 120s);
  settings.timeout = 600s;
  EXPECT_GT(runtime::limit_of_init(settings).remaining(), 590s);
}
