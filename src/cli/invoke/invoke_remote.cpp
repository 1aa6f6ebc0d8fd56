// SPDX-License-Identifier: Apache-2.0
#include "cli/invoke/invoke_remote.h"

#include "base/text/base64.h"
#include "base/text/text.h"
#include "cli/aws/aws.h"
#include "cli/aws/private_folder.h"
#include "cli/cases/test_json.h"
#include "cli/deploy/function_target.h"
#include "cli/line/streams.h"
#include "cli/line/verb_line.h"
#include "emulator/environment/interrupt.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

using nlohmann::json;

/// What is told of a call beside its answer.
struct CallFacts {
  bool is_error = false;
  std::string log;  ///< its end, 4 KB at most
};

CallFacts parse_facts(const std::string& printed) {
  const auto document = is_too_deep(printed) ? json(nullptr) : json::parse(printed, nullptr, false);
  if (!document.is_object()) return {};
  CallFacts facts{document.contains("FunctionError"), ""};
  const auto log = document.find("LogResult");
  if (log != document.end() && log->is_string())
    facts.log = base::base64_decode(log->get_ref<const std::string&>()).value_or("");
  return facts;
}

/// The service tells of a failed init in a line of the log, and nowhere else.
bool has_failed_init(const CallFacts& facts) {
  return facts.is_error && std::ranges::any_of(base::split(facts.log, '\n'), [](std::string_view line) {
           return line.starts_with("INIT_REPORT ") && line.find("Status: ") != line.npos;
         });
}

/// One run of the verb, on the worker's thread.
class RemoteCalls {
 public:
  RemoteCalls(const InvokeOptions& options, const FunctionTarget& target, const Context& context, int stop_fd)
      : options_(options), target_(target), context_(context), stop_fd_(stop_fd) {}

  int run() {
    const auto events = load_events(options_.events, stop_fd_);
    if (!events) return refuse(context_, events.error());
    for (const auto& event : *events)
      if (!event.json_fault.empty())
        return refuse(context_, {event.name + " is not JSON: " + event.json_fault + ". Lambda refuses it"});
    auto aws = Aws::find(context_.environment, target_.region, stop_fd_);
    if (!aws) return refuse(context_, aws.error());
    if (const auto checked = aws->check_version(); !checked) return refuse(context_, checked.error());
    for (int round = 0; round < options_.repeat; ++round)
      for (const auto& event : *events)
        if (const auto called = call(*aws, event.payload); !called)
          return aws->is_stopped() ? kUsageError : refuse(context_, called.error());
    return status_;
  }

 private:
  base::Status call(Aws& aws, const std::string& payload) {
    const auto folder = PrivateFolder::create(context_.environment);
    if (!folder) return folder.error();
    const auto event = folder->write("event", payload);
    if (!event) return event.error();
    const auto place = folder->write("answer", "");  // private before the AWS CLI writes into it
    if (!place) return place.error();
    const auto answer = aws.call_once(words(*event, *place));
    if (const auto* refusal = std::get_if<AwsRefusal>(&answer)) return base::Error{refusal->text()};
    std::ifstream file(*place, std::ios::binary);
    const std::string body{std::istreambuf_iterator<char>(file), {}};
    return note(parse_facts(std::get<std::string>(answer)), body);
  }

  /// A call may take a quarter of an hour: without 0 the AWS CLI gives up after a minute.
  [[nodiscard]] std::vector<std::string> words(const std::string& event, const std::string& place) const {
    std::vector<std::string> all = {"lambda", "invoke", "--function-name", target_.name};
    if (!target_.qualifier.empty()) all.insert(all.end(), {"--qualifier", target_.qualifier});
    if (!options_.client_context.empty())
      all.insert(all.end(), {"--client-context", base::base64_encode(options_.client_context)});
    all.insert(all.end(),
               {"--log-type", "Tail", "--cli-read-timeout", "0", "--payload", "fileb://" + event, place});
    return all;
  }

  base::Status note(const CallFacts& facts, const std::string& body) {
    if (facts.is_error) status_ = std::max(status_, has_failed_init(facts) ? kUsageError : kFunctionError);
    if (auto said = write_out(STDERR_FILENO, facts.log, stop_fd_); !said) return said;
    const std::string separator = needs_newline_ ? "\n" : "";
    needs_newline_ = !body.ends_with('\n');
    const bool ends_line = needs_newline_ && ::isatty(STDOUT_FILENO) == 1;
    if (ends_line) needs_newline_ = false;
    return write_out(STDOUT_FILENO, separator + body + (ends_line ? "\n" : ""), stop_fd_);
  }

  const InvokeOptions& options_;
  const FunctionTarget& target_;
  const Context& context_;
  const int stop_fd_;
  int status_ = kSuccess;
  bool needs_newline_ = false;
};

}  // namespace

int invoke_remote(const InvokeOptions& options, const Context& context) {
  const auto target = find_function(options.function.handler);
  if (!target) return refuse(context, target.error());
  return emulator::run_until_signal(
      context.signals, [&](int stop_fd) { return RemoteCalls(options, *target, context, stop_fd).run(); },
      [] {});
}

}  // namespace cli
