// SPDX-License-Identifier: Apache-2.0
#include "cli/aws/aws.h"

#include "base/text/text.h"
#include "cli/aws/shell_line.h"
#include "proc/run/run.h"

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace cli {
namespace {

constexpr auto kMissing = "there is no \"aws\" on PATH: this needs the AWS CLI, version ";
constexpr std::pair kOldestOfVersion1{1, 29};
constexpr std::pair kOldestOfVersion2{2, 13};
// An answer of the service has 6 MiB at most, and a list of a log's events is read in pages of one.
constexpr std::size_t kMostOutput = 256U << 20U;

class Kept : public proc::ByteSink {
 public:
  bool take(std::string_view bytes) override {
    text.append(bytes);
    return text.size() <= kMostOutput;
  }
  std::string text;
};

std::string find_on_path(const base::Environment& own) {
  const auto path = own.get_or("PATH", "/usr/local/bin:/usr/bin:/bin");
  for (const auto folder : base::split(path, ':')) {
    auto program = (folder.empty() ? "." : std::string(folder)) + "/aws";
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return "";
}

std::string failed_start(const proc::Ending& ending) {
  if (const auto* failed = std::get_if<proc::LaunchError>(&ending))
    return base::errno_error("the AWS CLI does not start", failed->code).message;
  return std::holds_alternative<proc::Stopped>(ending) ? "interrupted" : "the AWS CLI was ended";
}

}  // namespace

Aws::Aws(std::string program, base::Environment environment, std::string region, int stop_fd)
    : program_(std::move(program)),
      environment_(std::move(environment)),
      region_(std::move(region)),
      stop_fd_(stop_fd) {}

base::Result<Aws> Aws::find(const base::Environment& own, std::string region, int stop_fd) {
  auto program = find_on_path(own);
  if (program.empty()) return base::Error{kMissing + std::string(kOldestAws) + " or newer"};
  auto environment = own;
  environment.set("AWS_PAGER", "");  // version 2 would wait in less
  environment.set("AWS_CLI_AUTO_PROMPT", "off");
  return Aws(std::move(program), std::move(environment), std::move(region), stop_fd);
}

base::Status Aws::check_version() {
  const auto printed = run({"--version"}, environment_);
  if (printed.status != 0)
    return base::Error{"\"aws --version\" failed: " + parse_refusal(printed.err, hidden_).text()};
  const auto version = parse_aws_version(printed.out + printed.err);  // old ones print it on standard error
  const auto oldest = version.first < 2 ? kOldestOfVersion1 : kOldestOfVersion2;
  if (version >= oldest) return base::Done{};
  return base::Error{"the AWS CLI at " + program_ + " is too old, or none: this needs version " + kOldestAws +
                     " or newer"};
}

AwsAnswer Aws::call(const std::vector<std::string>& words) {
  return answer(run(complete(words), environment_));
}

AwsAnswer Aws::call_once(const std::vector<std::string>& words) {
  auto environment = environment_;
  environment.set("AWS_MAX_ATTEMPTS", "1");
  return answer(run(complete(words), environment));
}

std::string Aws::shown(const std::vector<std::string>& words) const {
  auto all = complete(words);
  all.resize(all.size() - 2);  // --output json is for us
  all.insert(all.begin(), "aws");
  return shell_line(all);
}

bool Aws::pause(std::chrono::milliseconds time) const {
  pollfd stop{stop_fd_, POLLIN, 0};
  return ::poll(&stop, 1, static_cast<int>(time.count())) <= 0;
}

std::vector<std::string> Aws::complete(const std::vector<std::string>& words) const {
  auto all = words;
  if (!region_.empty()) all.insert(all.end(), {"--region", region_});
  all.insert(all.end(), {"--output", "json"});
  return all;
}

Aws::Printed Aws::run(const std::vector<std::string>& words, const base::Environment& environment) {
  if (is_stopped()) return {std::nullopt, "", "interrupted"};  // behind a signal nothing begins
  auto arguments = words;
  arguments.insert(arguments.begin(), "aws");
  Kept out, err;
  proc::RunOptions options;
  options.outputs = {{STDOUT_FILENO, &out}, {STDERR_FILENO, &err}};
  options.stop_fd = stop_fd_;
  const auto result = proc::run({program_, std::move(arguments), environment.strings(), ""}, options);
  if (const auto* exited = std::get_if<proc::Exited>(&result.ending); exited && exited->state.status())
    return {*exited->state.status(), std::move(out.text), std::move(err.text)};
  return {std::nullopt, "", failed_start(result.ending)};
}

AwsAnswer Aws::answer(const Printed& printed) const {
  if (printed.status == 0) return printed.out;
  return parse_refusal(printed.err, hidden_);
}

}  // namespace cli
