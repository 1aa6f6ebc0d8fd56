// SPDX-License-Identifier: Apache-2.0
#include "support/bootstrap_process.h"

#include "support/paths.h"
#include "support/process_tools.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

namespace support {
namespace {

// Sanitizers on a busy machine are slow; a promise broken is broken after half a minute, too.
// Far more than anything takes; what a tenth of a processor allows is a matter of minutes.
constexpr std::chrono::seconds kPatience(180);

const std::string kWorkers = "AWS_LAMBDA_MAX_CONCURRENCY";

std::vector<std::string> environment_strings(const std::map<std::string, std::string>& variables) {
  std::vector<std::string> strings;
  for (const auto& [name, value] : variables) strings.push_back(name + "=" + value);
  return strings;
}

// TESTED_WORKERS runs whole suites with as many workers.
std::map<std::string, std::string> lambda_environment(const std::string& api, const std::string& task_root) {
  std::map<std::string, std::string> variables{{"AWS_LAMBDA_RUNTIME_API", api},
                                               {"LAMBDA_TASK_ROOT", task_root},
                                               {"PATH", "/usr/local/bin:/usr/bin:/bin"},
                                               {"LANG", "C.UTF-8"}};
  if (const char* workers = std::getenv("TESTED_WORKERS")) variables[kWorkers] = workers;
  return variables;
}

std::size_t workers_in(const std::map<std::string, std::string>& variables) {
  const auto found = variables.find(kWorkers);
  return found == variables.end() ? 1 : std::strtoul(found->second.c_str(), nullptr, 10);
}

}  // namespace

BootstrapProcess::BootstrapProcess() : log_(*base::MemoryFile::create("bootstrap log")) {}

void BootstrapProcess::start(const BootstrapOptions& options) {
  auto variables = lambda_environment(api.address(), task_root.path());
  if (!options.handler.empty()) variables["_HANDLER"] = options.handler;
  for (const auto& [name, value] : options.environment) variables[name] = value;
  if (variables[kWorkers].empty()) variables.erase(kWorkers);
  workers_ = workers_in(variables);
  std::vector<std::string> arguments = options.through;
  if (!arguments.empty()) arguments.insert(arguments.begin(), "/usr/bin/env");
  arguments.push_back(bootstrap_program());
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());

  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const int log_fd = options.log_fd >= 0 ? options.log_fd : log_.fd();
  auto started =
      proc::Child::start({arguments.front(), arguments, environment_strings(variables), task_root.path()},
                         {{0, null.get()}, {1, log_fd}, {2, log_fd}});
  auto* child = std::get_if<proc::Child>(&started);
  ASSERT_NE(child, nullptr) << std::get<proc::LaunchError>(started).call;
  child_.emplace(std::move(*child));
}

RecordedRequest BootstrapProcess::invoke(const Event& event) {
  api.push_event(event);
  return wait_for_post();
}

RecordedRequest BootstrapProcess::wait_for_post() {
  const auto posts = api.wait_for_posts(++posts_seen_, kPatience);
  if (posts.size() >= posts_seen_) return posts[posts_seen_ - 1];
  ADD_FAILURE() << "no answer came; the log:\n" << log();
  return {};
}

void BootstrapProcess::wait_until_idle() {
  if (!api.wait_until_parked(workers_, kPatience)) ADD_FAILURE() << "still at work; the log:\n" << log();
}

proc::ExitState BootstrapProcess::wait_for_end() {
  if (!child_->wait_until(base::Deadline::after(kPatience))) {
    ADD_FAILURE() << "the bootstrap did not end; its log:\n" << log();
    child_->signal_group(SIGKILL);
  }
  return child_->reap().state;
}

testing::AssertionResult BootstrapProcess::logs(const std::string& text) const {
  if (wait_for([&] { return log().find(text) != std::string::npos; })) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "not in the log: " << text << "\nthe log:\n" << log();
}

std::string BootstrapProcess::log() const {
  struct stat status {};
  ::fstat(log_.fd(), &status);  // a seek would move the position that the process writes at
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const auto got = ::pread(log_.fd(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

void BootstrapProcess::signal(int number) const {
  ::kill(pid(), number);
}

}  // namespace support
