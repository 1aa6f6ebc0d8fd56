// SPDX-License-Identifier: Apache-2.0
#include "runtime/call/outcome.h"

#include <cerrno>
#include <csignal>

#include <gtest/gtest.h>

using api::FunctionError;
using proc::ExitState;
using runtime::Facts;
using runtime::judge;
using namespace std::chrono_literals;

namespace {

proc::RunResult ended(proc::Ending ending) {
  proc::Usage usage;
  usage.peak_memory_kib = 3174;
  return {std::move(ending), 12'345us, usage, true};
}

Facts facts() {
  Facts facts;
  facts.handler = "hello.sh";
  facts.allotted = 3s;
  facts.answer_limit = 6'291'556;
  return facts;
}

FunctionError error_of(proc::Ending ending, const Facts& known = facts()) {
  const auto outcome = judge(ended(std::move(ending)), known);
  const auto* error = std::get_if<FunctionError>(&outcome);
  return error != nullptr ? *error : FunctionError{api::ErrorType::Known::internal, "it succeeded", {}, {}};
}

struct OutcomeRow {
  std::string label;
  proc::Ending ending;
  std::string type;
  std::string message;
};
class OutcomeTableTest : public testing::TestWithParam<OutcomeRow> {};

}  // namespace

TEST(OutcomeTest, ExitZeroSucceeds) {
  EXPECT_TRUE(
      std::holds_alternative<runtime::Succeeded>(judge(ended(proc::Exited{ExitState::exited(0)}), facts())));
}

TEST(OutcomeTest, StatusesThatAreSaidToSucceedDo) {
  auto known = facts();
  known.success = 0b110;
  const auto judged = [&](ExitState state) {
    return std::holds_alternative<runtime::Succeeded>(judge(ended(proc::Exited{state}), known));
  };
  EXPECT_TRUE(judged(ExitState::exited(1)));
  EXPECT_TRUE(judged(ExitState::exited(2)));
  EXPECT_FALSE(judged(ExitState::exited(0)));
  EXPECT_FALSE(judged(ExitState::signaled(SIGHUP)));
}

TEST(OutcomeTest, AnEventThatCannotBeUsedIsSaidToBeInvalid) {
  const auto error = error_of(proc::NotStarted{"the event has no /x"});
  EXPECT_EQ(error.type.text(), "Function.InvalidEvent");
  EXPECT_EQ(error.message, "the event has no /x");
}

TEST(OutcomeTest, AFileThatIsNoAnswerIsNamedWithWhatItIs) {
  const auto error = error_of(proc::NoAnswer{ExitState::exited(0), "out.pdf is a link"});
  EXPECT_EQ(error.type.text(), "Function.InvalidResponse");
  EXPECT_NE(error.message.find("ended with status 0, but"), std::string::npos) << error.message;
  EXPECT_TRUE(error.message.ends_with(": out.pdf is a link")) << error.message;
}

TEST(OutcomeTest, PeakMemoryThatIsNotKnownIsNotClaimed) {
  auto run = ended(proc::Exited{ExitState::signaled(SIGKILL)});
  run.usage = {};
  const auto outcome = judge(run, facts());
  EXPECT_EQ(std::get<FunctionError>(outcome).message,
            "hello.sh was killed by SIGKILL (signal 9) after 12 ms");
}

TEST_P(OutcomeTableTest, HasItsTypeAndSentence) {
  const auto error = error_of(GetParam().ending);
  EXPECT_EQ(error.type.text(), GetParam().type);
  EXPECT_EQ(error.message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OutcomeTableTest,
    testing::Values(
        OutcomeRow{"lost", proc::Lost{"its shell does not answer"}, "Runtime.InternalError",
                   "how hello.sh ended after 12 ms is not known: its shell does not answer"},
        OutcomeRow{"exit", proc::Exited{ExitState::exited(3)}, "Function.Exit3",
                   "hello.sh exited with status 3 after 12 ms"},
        OutcomeRow{"exit126", proc::Exited{ExitState::exited(126)}, "Function.Exit126",
                   "hello.sh exited with status 126 (126: the command was found but could not be "
                   "executed) after 12 ms"},
        OutcomeRow{"exit127", proc::Exited{ExitState::exited(127)}, "Function.Exit127",
                   "hello.sh exited with status 127 (127: a command was not found) after 12 ms"},
        OutcomeRow{"exit139", proc::Exited{ExitState::exited(139)}, "Function.Exit139",
                   "hello.sh exited with status 139 (139 is 128 + SIGSEGV) after 12 ms"},
        OutcomeRow{"exit255", proc::Exited{ExitState::exited(255)}, "Function.Exit255",
                   "hello.sh exited with status 255 after 12 ms"},
        OutcomeRow{"signal", proc::Exited{ExitState::signaled(SIGSEGV)}, "Function.SignalSEGV",
                   "hello.sh was killed by SIGSEGV (signal 11) after 12 ms, peak memory 3.1 MB"},
        OutcomeRow{"realtime", proc::Exited{ExitState::signaled(SIGRTMIN + 3)}, "Function.SignalRTMIN3",
                   "hello.sh was killed by SIGRTMIN3 (signal 37) after 12 ms, peak memory 3.1 MB"},
        OutcomeRow{"overdue", proc::Overdue{ExitState::signaled(SIGKILL)}, "Function.Timeout",
                   "Task timed out after 3.00 seconds; hello.sh was ended by SIGKILL after 12 ms"},
        OutcomeRow{"overdue_polite", proc::Overdue{ExitState::exited(0)}, "Function.Timeout",
                   "Task timed out after 3.00 seconds; hello.sh was ended by SIGTERM after 12 ms"},
        OutcomeRow{"e2big", proc::LaunchError{"execve", E2BIG}, "Runtime.ExecFailed",
                   "cannot start hello.sh: execve: Argument list too long (one argument or variable "
                   "over 128 KiB, or all of "
                   "them over the limit)"},
        OutcomeRow{"stopped", proc::Stopped{ExitState::signaled(SIGTERM)}, "Runtime.Shutdown",
                   "hello.sh was ended after 12 ms because the environment is shut down"}),
    [](const auto& row) { return row.param.label; });

TEST(OutcomeTest, AnAnswerTooLargeNamesBothSizes) {
  auto known = facts();
  known.answer_size = 6'300'000;
  const auto error = error_of(proc::Refused{1}, known);
  EXPECT_EQ(error.type.text(), "Function.ResponseSizeTooLarge");
  EXPECT_NE(error.message.find("6300000"), std::string::npos);
  EXPECT_NE(error.message.find("6291556"), std::string::npos);
}

TEST(OutcomeTest, TheLastStderrLinesAreTheStackTrace) {
  auto known = facts();
  known.last_lines = {"first", "second"};
  EXPECT_EQ(error_of(proc::Exited{ExitState::exited(1)}, known).stack_trace, known.last_lines);
}

TEST(OutcomeTest, AHandlerThatExitsMayNameItsOwnError) {
  auto known = facts();
  known.answer = R"({"errorType": "Function.NoSuchUser", "errorMessage": "who?"})";
  const auto error = error_of(proc::Exited{ExitState::exited(4)}, known);
  EXPECT_EQ(error.type.text(), "Function.NoSuchUser");
  EXPECT_EQ(error.message, "who?");
}

TEST(OutcomeTest, AKilledHandlerDoesNotSpeakForItself) {
  auto known = facts();
  known.answer = R"({"errorType": "Function.NoSuchUser", "errorMessage": "who?"})";
  EXPECT_EQ(error_of(proc::Exited{ExitState::signaled(SIGKILL)}, known).type.text(), "Function.SignalKILL");
  EXPECT_EQ(error_of(proc::Overdue{ExitState::exited(1)}, known).type.text(), "Function.Timeout");
}

TEST(OutcomeTest, EveryExitStatusHasATypeThatTheServiceKeeps) {
  for (int status = 1; status <= 255; ++status) {
    const auto type = error_of(proc::Exited{ExitState::exited(status)}).type.text();
    EXPECT_EQ(type, "Function.Exit" + std::to_string(status));
    EXPECT_TRUE(api::ErrorType::is_kept(type)) << type;
  }
}

TEST(OutcomeTest, EverySignalHasATypeThatTheServiceKeeps) {
  for (int signal = 1; signal <= SIGRTMAX; ++signal) {
    const auto type = error_of(proc::Exited{ExitState::signaled(signal)}).type.text();
    EXPECT_TRUE(type.starts_with("Function.Signal")) << type;
    EXPECT_TRUE(api::ErrorType::is_kept(type)) << type;
  }
}

TEST(OutcomeTest, TooLateToStartIsATimeout) {
  const auto error = runtime::too_late_to_start("hello.sh");
  EXPECT_EQ(error.type.text(), "Function.Timeout");
  EXPECT_TRUE(error.message.starts_with("Task timed out after 0.00 seconds"));
}
