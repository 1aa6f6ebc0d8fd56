// SPDX-License-Identifier: Apache-2.0
#include "cli/remote/logs.h"

#include "cli/aws/aws.h"
#include "cli/deploy/function_target.h"
#include "cli/deploy/names.h"
#include "cli/line/streams.h"
#include "cli/line/verb_line.h"
#include "cli/remote/log_events.h"
#include "emulator/environment/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <variant>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Prints the log of a deployed function, as CloudWatch has it, through your own AWS CLI.\n";

constexpr auto kEpilogue =
    "A line is in CloudWatch some seconds after it was written. With --request-id all lines of that call\n"
    "are printed, also those of a log in text that do not name it.\n\n"
    "Exit status: 0, or 2: wrong usage, no log, or one that may not be read; 130 after Ctrl-C\n"
    "(128 + signal).\n\n"
    "Examples:\n"
    "  shellstrap logs hello/ --follow\n"
    "  shellstrap logs hello --since 2h --request-id 8476a536-e9f4-11e8-9739-2dfe598c3fcd";
// clang-format on

constexpr std::chrono::seconds kBetweenLooks{2};

struct LogOptions {
  std::string function;
  std::string since = "10m";
  std::string request_id;
  std::string region;
  std::chrono::seconds age{};
  bool follow = false;
};

void describe(CLI::App& app, LogOptions& options) {
  app.add_option("FUNCTION", options.function, "its name, or its folder (default: the current one)");
  app.add_option("--since", options.since, "how far back: 90s, 10m (default), 2h, 1d")->option_text("AGE");
  app.add_flag("--follow", options.follow, "go on with what comes, until Ctrl-C");
  app.add_option("--request-id", options.request_id, "the lines of one call only")->option_text("ID");
  app.add_option("--region", options.region, "default: as in deploy.json; the AWS CLI's")
      ->option_text("REGION");
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

bool is_request_id(const std::string& text) {
  return text.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

std::variant<LogOptions, int> parse(const Arguments& arguments) {
  LogOptions options;
  CLI::App app(kDescription, "shellstrap logs");
  describe(app, options);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  const auto age = parse_age(options.since);
  if (!age) return refuse(app, "--since takes a number with s, m, h or d: 90s, 10m, 2h, 1d");
  if (!is_request_id(options.request_id)) return refuse(app, "--request-id takes the id of a call");
  if (!options.region.empty() && !is_region(options.region))
    return refuse(app, "--region takes a region, as eu-central-1");
  options.age = *age;
  return options;
}

std::int64_t since(std::chrono::seconds age) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(now - age).count());
}

/// One run of the verb, on the worker's thread.
class LogReader {
 public:
  LogReader(const LogOptions& options, const FunctionTarget& target, const Context& context, int stop_fd)
      : options_(options),
        group_("/aws/lambda/" + target.name),
        region_(target.region),
        context_(context),
        stop_fd_(stop_fd),
        selection_(options.request_id),
        seen_(since(options.age)) {}

  int run() {
    auto aws = Aws::find(context_.environment, region_, stop_fd_);
    if (!aws) return refuse(context_, aws.error());
    if (const auto checked = aws->check_version(); !checked) return refuse(context_, checked.error());
    do {
      const auto looked = look(*aws);
      if (aws->is_stopped()) return kSuccess;  // whoever followed has seen enough
      if (!looked) return refuse(context_, looked.error());
    } while (options_.follow && aws->pause(kBetweenLooks));
    return kSuccess;
  }

 private:
  base::Status look(Aws& aws) {
    const auto answer = aws.call({"logs", "filter-log-events", "--log-group-name", group_, "--start-time",
                                  std::to_string(seen_.start())});
    if (const auto* refusal = std::get_if<AwsRefusal>(&answer)) return missing(*refusal);
    const auto events = parse_log_events(std::get<std::string>(answer));
    if (!events) return events.error();
    for (const auto& event : *events)
      if (seen_.take(event) && selection_.wants(event))
        if (auto printed = print(event.message); !printed) return printed;
    seen_.move_on();
    return base::Done{};
  }

  /// Who follows waits for the first call, too.
  [[nodiscard]] base::Status missing(const AwsRefusal& refusal) const {
    if (refusal.code != "ResourceNotFoundException") return base::Error{refusal.text()};
    if (options_.follow) return base::Done{};
    return base::Error{"there is no log " + group_ + ": was the function called, and may it write one?"};
  }

  [[nodiscard]] base::Status print(const std::string& message) const {
    return write_out(STDOUT_FILENO, message.ends_with('\n') ? message : message + "\n", stop_fd_);
  }

  const LogOptions& options_;
  const std::string group_;
  const std::string region_;
  const Context& context_;
  const int stop_fd_;
  CallSelection selection_;
  SeenEvents seen_;
};

}  // namespace

int logs(const Arguments& arguments, const Context& context) {
  const auto parsed = parse(arguments);
  if (const int* status = std::get_if<int>(&parsed)) return *status;
  const auto& options = std::get<LogOptions>(parsed);
  auto target = find_function(options.function);
  if (!target) return refuse(context, target.error());
  if (!options.region.empty()) target->region = options.region;
  return emulator::run_until_signal(
      context.signals, [&](int stop_fd) { return LogReader(options, *target, context, stop_fd).run(); },
      [] {});
}

void show_logs_line(const LineReader& read) {
  LogOptions options;
  CLI::App app(kDescription, "shellstrap logs");
  describe(app, options);
  read(app);
}

}  // namespace cli
