// SPDX-License-Identifier: Apache-2.0
#include "cli/test/test.h"

#include "base/io/memory_file.h"
#include "base/text/text.h"
#include "cli/cases/test_difference.h"
#include "cli/line/handler_fault.h"
#include "cli/line/streams.h"
#include "cli/line/verb_line.h"
#include "cli/package/entry_facts.h"
#include "cli/test/test_options.h"
#include "cli/test/test_run.h"
#include "emulator/environment/interrupt.h"
#include "emulator/environment/service_environment.h"
#include "proc/child/family.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace cli {
namespace {

constexpr auto kTests = "/tests";

/// One run of the verb.
class TestVerb {
 public:
  TestVerb(const TestOptions& options, const emulator::Function& function, const base::Environment& own,
           const Context& context)
      : options_(options),
        function_(function),
        own_(own),
        context_(context),
        secrets_(emulator::service_environment(function, "", own)) {}

  /// The report's file is opened before anything runs: who asks for one shall not wait for a refusal.
  int run() {
    const auto cases = load_cases(function_.task_root + kTests, options_.filter);
    if (!cases) return refuse(context_, cases.error());
    base::UniqueFd report;
    if (!options_.junit.empty()) {
      report = base::UniqueFd(::open(options_.junit.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
      if (!report.valid())
        return refuse(context_, base::errno_error("--junit \"" + options_.junit + "\"", errno));
    }
    auto log = base::make_pipe();
    if (!log) return refuse(context_, log.error());
    proc::Family family;
    TestCalls calls(function_, own_, *std::move(log),
                    options_.function.trace_api ? &context_.logger : nullptr, family);
    return emulator::run_until_signal(
        context_.signals, [&](int stop_fd) { return run(*cases, calls, report, stop_fd); },
        [&] { calls.cancel(); });
  }

 private:
  int run(const std::vector<TestCase>& cases, TestCalls& calls, const base::UniqueFd& report, int stop_fd) {
    const TestComparison comparison(options_.as_json, secrets_);
    const auto print = [&](const std::string& text) { return write_out(STDOUT_FILENO, text, stop_fd); };
    TestRun tests({options_.once, options_.update}, calls, comparison, print);
    const auto end = tests.all(cases);
    int status = conclude(end, tests, cases.size(), stop_fd);
    if (!report.valid()) return status;
    const auto written =
        base::write_all(report.get(), junit(file_name(function_.task_root), tests.results()));
    return written ? status : refuse(context_, {"--junit: " + written.error().message});
  }

  int conclude(TestEnd end, const TestRun& tests, std::size_t count, int stop_fd) {
    if (end == TestEnd::init_failed) return tell_of_init(tests.init_answer(), stop_fd);
    if (end == TestEnd::nobody_reads) return refuse(context_, {"the results cannot be written"});
    if (end == TestEnd::cancelled) {
      context_.logger.warn("interrupted: " + std::to_string(tests.results().size()) + " of " +
                           std::to_string(count) + " cases were run");
      return kFunctionError;
    }
    [[maybe_unused]] const auto given_up = write_out(STDOUT_FILENO, tap_summary(tests.results()), stop_fd);
    const bool passed = std::ranges::all_of(tests.results(), &TestResult::passed);
    return passed ? kSuccess : kFunctionError;
  }

  int tell_of_init(const TestAnswer& answer, int stop_fd) {
    const auto why = shown(secrets_.redacted(base::trim(answer.payload)), 0, 1000);
    [[maybe_unused]] const auto given_up =
        write_out(STDOUT_FILENO, "Bail out! the function cannot be initialised\n", stop_fd);
    return refuse(context_, {"the function cannot be initialised: " + why});
  }

  const TestOptions& options_;
  const emulator::Function& function_;
  const base::Environment& own_;
  const Context& context_;
  const Secrets secrets_;
};

}  // namespace

int test(const Arguments& arguments, const Context& context) {
  const auto parsed = parse_test_options(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<TestOptions>(parsed);
  const auto function = make_function(options.function, context.environment);
  if (!function) return refuse(context, function.error());
  if (const auto far = far_handler(*function); !far.empty()) context.logger.warn(far);
  const auto own = without_overridden(context.environment, options.function);
  // Of another runtime nobody here knows what its handlers are.
  if (options.function.bootstrap.empty())
    if (const auto fault = fault_of_handler(*function, own); !fault.empty()) return refuse(context, {fault});
  return TestVerb(options, *function, own, context).run();
}

}  // namespace cli
