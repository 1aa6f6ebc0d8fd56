// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/invoke.h"

#include "cli/invoke/invoke_options.h"
#include "cli/invoke/invoke_remote.h"
#include "cli/invoke/like_lambda.h"
#include "cli/invoke/lineup.h"
#include "cli/invoke/printed_answer.h"
#include "cli/line/streams.h"
#include "emulator/call/identifiers.h"
#include "emulator/environment/interrupt.h"
#include "emulator/environment/sandbox.h"
#include "emulator/http/crew.h"
#include "proc/child/family.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace cli {
namespace {

// With --parallel: answers that wait for an earlier one.
constexpr std::size_t kFinishedAhead = 1000;

/// One run of the verb, on the worker's thread. Every event is loaded before anything is started.
class Run {
 public:
  Run(const InvokeOptions& options, const emulator::Function& function, emulator::Sandbox& sandbox,
      base::Logger& logger, int stop_fd)
      : options_(options), function_(function), sandbox_(sandbox), logger_(logger), stop_fd_(stop_fd) {}

  int all() {
    const auto events = load_events(options_.events, stop_fd_);
    if (!events) return refuse(events.error().message);
    for (const auto& event : *events)
      if (!accept(event)) return kUsageError;
    options_.parallel ? side_by_side(*events, *options_.parallel) : one_by_one(*events);
    return status_;
  }

 private:
  int refuse(const std::string& why) {
    logger_.error(why);
    return kUsageError;
  }

  bool accept(const LoadedEvent& event) {
    if (event.json_fault.empty()) return true;
    const auto sentence = event.name + " is not JSON: " + event.json_fault;
    if (options_.strict) {
      refuse(sentence + ". It is refused because of --strict");
      return false;
    }
    logger_.warn(sentence + ". Lambda would refuse it; here it is passed on as it is");
    return true;
  }

  void one_by_one(const std::vector<LoadedEvent>& events) {
    for (int round = 0; round < options_.repeat; ++round)
      for (const auto& event : events)
        if (!one(event)) return;
  }

  void side_by_side(const std::vector<LoadedEvent>& events, int parallel) {
    const auto count = events.size() * static_cast<std::size_t>(options_.repeat);
    Lineup lineup(count, static_cast<std::size_t>(parallel) + kFinishedAhead,
                  [this](Finished finished) { return print(std::move(finished)); });
    const auto serve = [&] {
      while (const auto number = lineup.take()) {
        const auto event = make_event(events[*number % events.size()]);
        lineup.bring(*number, {sandbox_.invoke(event), event.request_id});
      }
    };
    emulator::Crew crew(static_cast<std::size_t>(parallel));
    for (int i = 0; i < parallel; ++i) crew.run(serve);
  }

  /// False: there is no point in going on.
  bool print(Finished finished) {
    const auto& [outcome, request_id] = finished;
    if (std::holds_alternative<emulator::Cancelled>(outcome.reply)) return false;
    const auto answer = emulator::service_answer(outcome.reply, request_id);
    note(answer, outcome);
    return print(answer.payload) && !outcome.init_failed;
  }

  void note(const emulator::ServiceAnswer& answer, const emulator::Sandbox::Outcome& outcome) {
    if (answer.is_error()) status_ = std::max(status_, outcome.init_failed ? kUsageError : kFunctionError);
    const bool never_asked =
        outcome.init_failed && std::holds_alternative<emulator::RuntimeExited>(outcome.reply);
    if (never_asked && !options_.function.bootstrap.empty())
      logger_.error("\"" + options_.function.bootstrap +
                    "\", which --bootstrap names, ended before it asked for a call: is it a Lambda runtime?");
  }

  /// As print().
  bool one(const LoadedEvent& loaded) {
    auto event = make_event(loaded);
    const auto printed = std::make_shared<PrintedAnswer>(STDOUT_FILENO, needs_newline_ ? "\n" : "", stop_fd_);
    event.listener = printed;
    auto outcome = sandbox_.invoke(event);
    if (!std::holds_alternative<emulator::Streamed>(outcome.reply))
      return print({std::move(outcome), event.request_id});
    const auto answer = emulator::service_answer(outcome.reply, event.request_id);
    note(answer, outcome);
    return streamed(*printed, answer);
  }

  /// Everything but an error behind it was printed already.
  bool streamed(const PrintedAnswer& printed, const emulator::ServiceAnswer& answer) {
    needs_newline_ = printed.needs_newline();
    if (answer.is_error())
      logger_.error("the streamed answer ended with " + answer.error_type + ": " + answer.payload);
    if (printed.failed()) status_ = refuse("the response cannot be written");
    return !printed.failed();
  }

  emulator::Event make_event(const LoadedEvent& loaded) const {
    emulator::Event event;
    event.request_id = emulator::new_request_id();
    event.payload = loaded.payload;
    event.function_arn = function_.arn();
    event.trace_id = emulator::new_trace_id();
    event.client_context = options_.client_context;
    event.tenant_id = options_.tenant;
    event.timeout = function_.timeout;
    return event;
  }

  /// The first answer goes out as it is; a further one starts on a new line.
  bool print(const std::string& payload) {
    const std::string separator = needs_newline_ ? "\n" : "";
    needs_newline_ = !payload.ends_with('\n');
    const auto written = write_out(STDOUT_FILENO, separator + payload, stop_fd_);
    if (!written) status_ = refuse("the response: " + written.error().message);
    end_line_of_terminal();
    return written.ok();
  }

  /// Neither log lines nor the prompt shall stick to an answer; everywhere else it stays as it is.
  void end_line_of_terminal() {
    if (!needs_newline_ || !is_terminal_) return;
    [[maybe_unused]] const auto given_up = write_out(STDOUT_FILENO, "\n", stop_fd_);
    needs_newline_ = false;
  }

  const InvokeOptions& options_;
  const emulator::Function& function_;
  emulator::Sandbox& sandbox_;
  base::Logger& logger_;
  const int stop_fd_;
  const bool is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
  int status_ = kSuccess;
  bool needs_newline_ = false;
};

int run_function(const InvokeOptions& options, const emulator::Function& function,
                 const base::Environment& own, const Context& context) {
  proc::Family family;
  emulator::Sandbox sandbox(
      {function, own, STDERR_FILENO, options.function.trace_api ? &context.logger : nullptr}, family,
      context.logger);
  return emulator::run_until_signal(
      context.signals,
      [&](int stop_fd) { return Run(options, function, sandbox, context.logger, stop_fd).all(); },
      [&] { sandbox.cancel(); });
}

}  // namespace

int invoke(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_invoke_options(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<InvokeOptions>(parsed);
  if (options.is_remote) return invoke_remote(options, context);
  auto function = make_function(options.function, context.environment);
  if (!function) {
    context.logger.error(function.error().message);
    return kUsageError;
  }
  if (const auto far = far_handler(*function); !far.empty()) context.logger.warn(far);
  function->concurrency = options.parallel.value_or(0);
  auto own = without_overridden(context.environment, options.function);
  if (options.like_lambda) make_like_lambda(*function, own);
  const int status = run_function(options, *function, own, context);
  if (options.has_no_event && has_unread_bytes(STDIN_FILENO))
    context.logger.warn("nobody has read standard input: the event was {}. -e - takes it from there");
  return status;
}

}  // namespace cli
