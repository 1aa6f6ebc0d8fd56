// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/invoke_options.h"

#include "cli/line/raw_texts.h"
#include "cli/line/verb_line.h"
#include "emulator/clients/invoke_request.h"
#include "event/json/json_check.h"

#include <algorithm>
#include <array>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Runs a function on one or more events as Lambda would: the real bootstrap in an environment of\n"
    "its own, fed by an embedded Runtime API with true deadlines. The response goes to standard output,\n"
    "byte for byte, and nothing else does; logs, START, END and REPORT go to standard error.\n";

constexpr auto kEpilogue =
    "Events: without -e, -d and --sample it is {}. All may be repeated and mixed; the events are\n"
    "served in that order by one environment, and --repeat repeats the whole row. Between two answers a\n"
    "newline is added where the first one lacks it. With --parallel answers stay whole and in the order\n"
    "of the events; a streamed one appears when it is complete (6 MiB at most).\n\n"
    "Instead of HANDLER, after all options: -- COMMAND ARGUMENTS...\n\n"
    "The function sees PATH of this shell, its SHELLSTRAP_* settings, AWS_LAMBDA_LOG_FORMAT,\n"
    "AWS_LAMBDA_LOG_LEVEL and AWS credentials, what --env gives, and what Lambda defines; nothing else.\n\n"
    "With --remote the function answers that shellstrap deploy has deployed: the alias of deploy.json, or\n"
    "NAME:ALIAS. The end of its log goes to standard error. Of the options those count that make events.\n\n"
    "Exit status: 0 success; 1 a function error, a timeout or a crash; 2 wrong usage, or init failed;\n"
    "130 after Ctrl-C (128 + signal), when everything that was started has been ended.\n\n"
    "Examples:\n"
    "  shellstrap invoke ./handler.sh -e event.json\n"
    "  shellstrap invoke functions.handler -d '{\"name\":\"x\"}' --timeout 0.5\n"
    "  jq -n '{a:1}' | shellstrap invoke ./handler.py -e - | jq .\n"
    "  shellstrap invoke -d '{\"name\":\"x\"}' -- jq .name\n"
    "  SHELLSTRAP_RESPONSE=fd:3 shellstrap invoke ./noisy.sh --repeat 10\n"
    "  shellstrap invoke ./handler.sh -e event.json --repeat 1000 --parallel 16 >/dev/null\n"
    "  shellstrap invoke --remote hello/ -e event.json";
// clang-format on

// As many as serve takes.
constexpr int kMostParallel = 1000;

struct Parsed {
  InvokeOptions options;
  std::vector<std::string> files;
  std::vector<std::string> data;
  std::vector<std::string> samples;
};

void describe(CLI::App& app, Parsed& parsed) {
  auto& options = parsed.options;
  add_texts(app, "-e,--event", parsed.files, "a file that holds an event; - for standard input")
      ->option_text("FILE|-");
  add_texts(app, "-d,--data", parsed.data, "an event, as it stands")->option_text("DATA");
  add_texts(app, "--sample", parsed.samples, "a sample event; shellstrap events lists them")
      ->option_text("SAMPLE");
  app.add_option("--repeat", options.repeat, "how often the events are served (default 1)")->option_text("N");
  app.add_option("--parallel", options.parallel,
                 "as on a managed instance: so many events at a time (default 1)")
      ->option_text("N");
  app.add_option("--client-context", options.client_context, "client context, as mobile SDKs send it")
      ->option_text("JSON");
  app.add_option("--tenant", options.tenant, "tenant id, for functions with tenant isolation")
      ->option_text("ID");
  app.add_flag("--strict", options.strict, "refuse an event that is not JSON (else: a warning)");
  app.add_flag("--like-lambda", options.like_lambda,
               "Lambda's user, folders and limits, as far as they can be had");
  app.add_flag("--remote", options.is_remote,
               "call a deployed function by your AWS CLI; HANDLER: its name or folder");
  add_function_options(app, options.function);
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

/// -e, -d and --sample in the order in which they stood on the command line.
std::vector<EventSource> in_order(const CLI::App& app, const Parsed& parsed) {
  std::vector<EventSource> events;
  auto file = parsed.files.begin();
  auto text = parsed.data.begin();
  auto sample = parsed.samples.begin();
  for (const CLI::Option* option : app.parse_order()) {
    if (option->check_lname("event")) events.push_back({EventSource::Kind::file, *file++});
    if (option->check_lname("sample")) events.push_back({EventSource::Kind::sample, *sample++});
    if (option->check_lname("data")) events.push_back({EventSource::Kind::data, *text++});
  }
  if (events.empty()) events.push_back({EventSource::Kind::data, "{}"});
  return events;
}

/// It becomes the value of a header: one line of ASCII, written anew only where it is none.
std::string header_text(const nlohmann::json& json, const std::string& as_given) {
  const bool printable = std::ranges::all_of(as_given, [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? as_given : json.dump(-1, ' ', true);
}

std::string check(InvokeOptions& options) {
  if (options.repeat < 1) return "--repeat takes a number from 1 on";
  if (options.parallel && (*options.parallel < 1 || *options.parallel > kMostParallel))
    return "--parallel takes a number from 1 to 1000";
  if (!emulator::is_tenant_id(options.tenant))
    return "--tenant takes up to 256 letters, digits, blanks and ._:/=+-@";
  if (options.client_context.empty()) return "";
  if (const auto fault = event::json_fault(options.client_context))
    return "--client-context is not JSON: " + *fault;
  const auto json = nlohmann::json::parse(options.client_context, nullptr, false);
  if (!json.is_object()) return "--client-context takes a JSON object";
  options.client_context = header_text(json, options.client_context);
  return "";
}

// About the environment on this machine.
constexpr std::array kLocalOptions = {"--parallel",  "--tenant",   "--like-lambda", "--task-root",
                                      "--timeout",   "--memory",   "--env",         "--env-file",
                                      "--bootstrap", "--trace-api"};

std::string check_remote(const CLI::App& app, const InvokeOptions& options) {
  if (!options.is_remote) return "";
  if (!options.function.command.empty()) return "give either --remote or \"-- COMMAND\", not both";
  for (const auto* name : kLocalOptions)
    if (app.count(name) > 0)
      return std::string(name) + " is for functions on this machine, and not for --remote";
  return "";
}

}  // namespace

std::variant<InvokeOptions, int> parse_invoke_options(const Arguments& arguments) {
  Parsed parsed;
  CLI::App app(kDescription, "shellstrap invoke");
  describe(app, parsed);
  if (const auto status = parse_verb_line(app, arguments, parsed.options.function.command)) return *status;
  parsed.options.events = in_order(app, parsed);
  if (const auto wrong = check_remote(app, parsed.options); !wrong.empty()) return refuse(app, wrong);
  parsed.options.has_no_event = parsed.files.empty() && parsed.data.empty() && parsed.samples.empty();
  if (const auto wrong = check(parsed.options); !wrong.empty()) return refuse(app, wrong);
  return std::move(parsed.options);
}

void show_invoke_line(const LineReader& read) {
  Parsed parsed;
  CLI::App app(kDescription, "shellstrap invoke");
  describe(app, parsed);
  read(app);
}

}  // namespace cli
