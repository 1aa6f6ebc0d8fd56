// SPDX-License-Identifier: Apache-2.0
#include "cli/test/test_calls.h"

#include "emulator/call/identifiers.h"

#include <fcntl.h>

#include <cstddef>
#include <utility>
#include <variant>

namespace cli {
namespace {

// Of a call's log; what is before is not looked through.
constexpr std::size_t kKeptLog = std::size_t{1024} * 1024;

emulator::Event make_event(const emulator::Function& function, const std::string& payload) {
  emulator::Event event;
  event.request_id = emulator::new_request_id();
  event.payload = payload;
  event.function_arn = function.arn();
  event.trace_id = emulator::new_trace_id();
  event.timeout = function.timeout;
  return event;
}

}  // namespace

TestCalls::TestCalls(emulator::Function function, base::Environment own, base::Pipe log,
                     base::Logger* api_trace, proc::Family& family)
    : function_(std::move(function)),
      nowhere_(::open("/dev/null", O_WRONLY | O_CLOEXEC)),
      quiet_(nowhere_.get()),
      log_(std::move(log), quiet_, kKeptLog),
      sandbox_({function_, std::move(own), log_.fd(), api_trace}, family, quiet_) {}

/// In errors that the service words there is a request id, which is another one in each call.
TestCalls::Call TestCalls::call(const std::string& payload) {
  log_.begin();
  const auto outcome = sandbox_.invoke(make_event(function_, payload));
  auto answer = emulator::service_answer(outcome.reply, "*");
  const bool is_error = answer.is_error();
  return {{std::move(answer.payload), is_error, log_.tail()},
          outcome.init_failed,
          cancelled_ || std::holds_alternative<emulator::Cancelled>(outcome.reply)};
}

}  // namespace cli
