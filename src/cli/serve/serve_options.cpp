// SPDX-License-Identifier: Apache-2.0
#include "cli/serve/serve_options.h"

#include "cli/line/verb_line.h"
#include "emulator/http/admission.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Serves a function to AWS SDKs and the AWS CLI on this machine, until it is stopped: the Invoke API\n"
    "on 127.0.0.1, and behind it the real bootstrap as Lambda would run it. The URL goes to standard\n"
    "output once calls are taken; logs, START, END and REPORT go to standard error.\n";

constexpr auto kEpilogue =
    "Instead of HANDLER, after all options: -- COMMAND ARGUMENTS...\n\n"
    "Invocation types: RequestResponse, Event and DryRun. GET /ping answers \"pong\".\n"
    "Credentials are not checked. A changed handler or shellstrap.json takes effect at the next call.\n\n"
    "Names that --env and --env-file refuse, as Lambda does:\n"
    "  _HANDLER, _X_AMZN_TRACE_ID, AWS_REGION, AWS_DEFAULT_REGION, AWS_EXECUTION_ENV, AWS_ACCESS_KEY,\n"
    "  AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, LAMBDA_TASK_ROOT, LAMBDA_RUNTIME_DIR,\n"
    "  AWS_LAMBDA_ with FUNCTION_NAME, FUNCTION_MEMORY_SIZE, FUNCTION_VERSION, INITIALIZATION_TYPE,\n"
    "  LOG_GROUP_NAME, LOG_STREAM_NAME, RUNTIME_API, MAX_CONCURRENCY, METADATA_API, METADATA_TOKEN\n\n"
    "Exit status: 2 wrong usage, a handler that is not there or cannot run, or the port is in use; 130\n"
    "after Ctrl-C (128 + signal), when everything that was started has been ended.\n\n"
    "Examples:\n"
    "  shellstrap serve ./handler.sh\n"
    "  aws lambda invoke --endpoint-url http://127.0.0.1:9000 --function-name any out.json\n"
    "  shellstrap serve --port 0 --environments 4 --timeout 10 functions.handler\n"
    "  shellstrap serve --concurrency 16 ./handler.sh\n"
    "  shellstrap serve --url --env SHELLSTRAP_RESPONSE_FORMAT=cgi ./page.cgi\n"
    "  shellstrap serve --record tests ./handler.sh\n"
    "  shellstrap serve --only-apis & AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001 ./my-runtime";
// clang-format on

constexpr int kHighestPort = 65535;
// Each is a process with its handler; Lambda's own default limit for an account is 1,000.
constexpr int kMostEnvironments = 1000;
constexpr int kLongestQueue = 10'000;

// The names stand in describe(), too.
const std::map<std::string, event::HttpSource> kUrlFormats = {{"2.0", event::HttpSource::http_2_0},
                                                              {"1.0", event::HttpSource::rest_1_0},
                                                              {"alb", event::HttpSource::alb_single}};

struct UrlWords {
  std::string port;
  std::string format = "2.0";
};

void describe(CLI::App& app, ServeOptions& options, UrlWords& url) {
  app.add_option("--port", options.port, "of the Invoke API; 0 takes a free one (default 9000)")
      ->option_text("N");
  app.add_option("--name", options.name, "the function's name; others are not found (default: any will do)")
      ->option_text("NAME");
  app.add_option("--environments", options.environments, "how many run side by side (default 1)")
      ->option_text("N");
  app.add_option("--concurrency", options.concurrency,
                 "as managed instances: so many calls at a time in each environment")
      ->option_text("N");
  app.add_option("--queue", options.queue,
                 "how many calls may wait, else 429 (default 1000; managed instances 0)")
      ->option_text("N");
  app.add_option("--record", options.record, "write each call as a case of shellstrap test to a folder")
      ->option_text("DIR");
  app.add_flag("--freeze", options.freeze, "stop idle environments between calls, as Lambda does");
  app.add_flag("--only-apis", options.only_apis, "start no runtime: you do, at the Runtime API's port");
  app.add_option("--runtime-api-port", options.runtime_api_port,
                 "with --only-apis; 0 takes a free one (9001)")
      ->option_text("N");
  app.add_flag("--url{8080}", url.port, "serve HTTP as a Function URL does; --url=N for another port")
      ->type_name("");
  app.add_option("--url-format", url.format, "of the events (default 2.0)")->option_text("2.0|1.0|alb");
  app.add_flag("--break-on-disconnect", options.break_on_disconnect,
               "with --url: end the call when its client leaves while it streams");
  app.add_option("--allow-host", options.allowed_hosts,
                 "with --url: a further name in requests' Host, or '*'; may be repeated")
      ->allow_extra_args(false)
      ->option_text("NAME");
  add_function_options(app, options.function);
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

/// A flag that may have a value: the words behind it are the handler's.
std::optional<int> port_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() ? port : -1;
}

bool is_port(int number) {
  return number >= 0 && number <= kHighestPort;
}

bool is_name(const std::string& text) {
  return text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_';
         });
}

bool is_allowed_host(const std::string& text) {
  return text == "*" || (text.find(':') == std::string::npos && emulator::host_name(text)) ||
         (text.starts_with('[') && text.ends_with(']') && emulator::host_name(text));
}

std::string check(const ServeOptions& options) {
  if (!is_port(options.port)) return "--port takes a number from 0 to 65535";
  if (!is_port(options.runtime_api_port)) return "--runtime-api-port takes a number from 0 to 65535";
  if (options.url_port && !is_port(*options.url_port)) return "--url takes a port from 0 to 65535";
  if (!is_name(options.name)) return "--name takes up to 64 letters, digits, - and _";
  if (options.environments < 1 || options.environments > kMostEnvironments)
    return "--environments takes a number from 1 to 1000";
  if (options.concurrency && *options.concurrency < 1) return "--concurrency takes a number from 1 on";
  if (options.calls_each() > kMostEnvironments / options.environments)
    return "--environments and --concurrency are at most 1000 calls at a time together";
  if (options.concurrency && options.freeze)
    return "--freeze: environments with --concurrency are never frozen";
  const int queue = options.longest_queue();
  if (queue < 0 || queue > kLongestQueue) return "--queue takes a number from 0 to 10000";
  if (!options.allowed_hosts.empty() && !options.url_port) return "--allow-host goes with --url";
  if (!std::ranges::all_of(options.allowed_hosts, is_allowed_host))
    return "--allow-host takes a host name without port, or '*'";
  if (!options.only_apis) return "";
  if (!options.function.handler.empty() || !options.function.command.empty())
    return "--only-apis starts nothing: leave the handler to your runtime";
  if (options.environments != 1 || options.concurrency || options.freeze)
    return "--only-apis goes with neither --environments, --concurrency nor --freeze";
  return "";
}

}  // namespace

std::variant<ServeOptions, int> parse_serve_options(const Arguments& arguments) {
  ServeOptions options;
  CLI::App app(kDescription, "shellstrap serve");
  UrlWords url;
  describe(app, options, url);
  if (const auto status = parse_verb_line(app, arguments, options.function.command)) return *status;
  options.url_port = port_of(url.port);
  options.url_format = kUrlFormats.at(url.format);
  if (const auto wrong = check(options); !wrong.empty()) return refuse(app, wrong);
  for (auto& host : options.allowed_hosts)
    if (host != "*") host = *emulator::host_name(host);
  options.function.starts_nothing = options.only_apis;
  return options;
}

void show_serve_line(const LineReader& read) {
  ServeOptions options;
  UrlWords url;
  CLI::App app(kDescription, "shellstrap serve");
  describe(app, options, url);
  read(app);
}

}  // namespace cli
