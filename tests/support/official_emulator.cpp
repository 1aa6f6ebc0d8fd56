// SPDX-License-Identifier: Apache-2.0
#include "support/official_emulator.h"

#include "base/environment.h"
#include "base/text/text.h"
#include "support/paths.h"
#include "support/process_tools.h"
#include "support/raw_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include <gtest/gtest.h>

namespace support {
namespace {

using namespace std::chrono_literals;

const std::string kFolder = source_dir() + "/.deps/official-emulator/";
constexpr std::string_view kInvokePath = "/2015-03-31/functions/function/invocations";
constexpr int kStarts = 3;

// /var/task for nobody but the emulator: $0 is the bootstrap, $1 the task root, the rest is run.
constexpr auto kPrivateTask =
    "set -e; mount -t tmpfs none /var; mkdir -p /var/task /var/tmp; chmod 1777 /var/tmp; "
    "cp \"$0\" /var/task/bootstrap; cp -R \"$1\"/. /var/task; chmod -R a+rX /var/task; shift; exec \"$@\"";

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string on_loopback(int port) {
  return "127.0.0.1:" + std::to_string(port);
}

std::optional<base::UniqueFd> connection_to(int port) {
  base::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<in_port_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{60, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) return {};
  return fd;
}

// Both held at once, so that they differ.
std::pair<int, int> two_free_ports() {
  const auto first = listen_on_loopback();
  const auto second = listen_on_loopback();
  return {first.port, second.port};
}

// HTTP/1.0, so that the body comes in one piece and ends with the connection.
std::string post_request(std::string_view body) {
  return "POST " + std::string(kInvokePath) +
         " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

base::Environment environment_for(const std::string& task_root, const std::string& handler,
                                  const std::string& timeout) {
  auto environment = base::Environment::from(::environ);
  environment.unset_prefix("SHELLSTRAP_");
  environment.set("SHELLSTRAP_DEADLINE_MARGIN_MS", "2000");  // a starved machine takes its time to answer
  environment.set("AWS_LAMBDA_FUNCTION_HANDLER", handler);
  environment.set("AWS_LAMBDA_FUNCTION_TIMEOUT", timeout);
  environment.set("LAMBDA_TASK_ROOT", task_root);
  return environment;
}

std::string program() {
  const auto environment = base::Environment::from(::environ);
  const std::string path = environment.get_or("OFFICIAL_EMULATOR", kFolder + "aws-lambda-rie");
  return ::access(path.c_str(), X_OK) == 0 ? path : "";
}

// What the installer has left in place of the program.
std::string noted(const std::string& name) {
  return std::string(base::trim(text_of(kFolder + name)));
}

// The macros return from where they stand.
void skip(const std::string& why) {
  GTEST_SKIP() << why;
}
void fail(const std::string& why) {
  FAIL() << why;
}

}  // namespace

bool OfficialEmulator::is_there() {
  if (!program().empty()) return true;
  if (const auto failed = noted("failed"); !failed.empty())
    fail(failed);
  else if (const auto unreachable = noted("unreachable"); !unreachable.empty())
    skip(unreachable);
  else
    skip("the official emulator is not installed; ./scripts/setup official-emulator does it");
  return false;
}

OfficialEmulator::OfficialEmulator(const std::string& task_root, const std::string& handler,
                                   const std::string& timeout)
    : task_root_(task_root) {
  start_somewhere(environment_for(task_root, handler, timeout));
}

OfficialEmulator::OfficialEmulator(const std::string& task_root, const std::string& handler,
                                   const std::string& timeout, int concurrency)
    : task_root_(task_root),
      launcher_({"/usr/bin/env", "unshare", "-m", "sh", "-c", kPrivateTask, bootstrap_program(), task_root}) {
  auto environment = environment_for(task_root, handler, timeout);
  environment.set("AWS_LAMBDA_MAX_CONCURRENCY", std::to_string(concurrency));
  start_somewhere(std::move(environment));
}

bool OfficialEmulator::can_be_managed() {
  if (::geteuid() != 0)
    skip("the official emulator's managed instances need root");
  else if (bootstrap_is_emulated())
    skip("the official emulator's managed instances run no program of another machine");
  else if (const auto tried = run_tool({"unshare", "-m", "mount", "-t", "tmpfs", "none", "/var"});
           !tried.state.success())
    skip("no mount namespace for the official emulator: " + tried.err);
  return !testing::Test::IsSkipped();
}

void OfficialEmulator::start_somewhere(base::Environment environment) {
  // Its ports cannot be 0, and one that was free may be taken by the time it binds: try again then.
  for (int i = 0; i < kStarts; ++i) {
    if (start(environment.strings())) return;
  }
  std::fprintf(stderr, "the official emulator does not start:\n%s", log().c_str());
  std::abort();
}

// Politely first, for it ends the bootstrap then; the destructor of the child sees to the rest.
OfficialEmulator::~OfficialEmulator() {
  terminate();
}

bool OfficialEmulator::terminate() {
  child_->signal_group(SIGTERM);
  return child_->wait_until(base::Deadline::after(5s));
}

bool OfficialEmulator::start(const std::vector<std::string>& environment) {
  const std::string path = program();
  const auto [api_port, invoke_port] = two_free_ports();
  port_ = invoke_port;
  auto words = launcher_;
  for (const auto& word :
       {path, std::string("--runtime-api-address"), on_loopback(api_port),
        std::string("--runtime-interface-emulator-address"), on_loopback(port_), bootstrap_program()})
    words.push_back(word);
  const proc::Command command{words.front(), words, environment, task_root_};
  const base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const base::UniqueFd log(
      ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  auto started = proc::Child::start(command, {{0, null.get()}, {1, log.get()}, {2, log.get()}});
  if (std::holds_alternative<proc::LaunchError>(started)) return false;
  child_ = std::make_unique<proc::Child>(std::get<proc::Child>(std::move(started)));
  // Both: where the first call comes before the Runtime API listens, the bootstrap finds nobody there.
  const auto listens = [this, port = api_port] { return connection_to(port_) && connection_to(port); };
  return wait_for([&] { return listens() || child_->wait_until(base::Deadline::after(0s)); }) && listens();
}

std::string OfficialEmulator::invoke(std::string_view event) const {
  const auto connection = connection_to(port_);
  if (!connection || !send_all(connection->get(), post_request(event))) return "(no connection)";
  std::string answer;
  while (const auto more = receive_some(connection->get())) answer += *more;
  const auto head_end = answer.find("\r\n\r\n");
  return head_end == std::string::npos ? answer : answer.substr(head_end + 4);
}

std::string OfficialEmulator::log() const {
  return text_of(folder_ / "log");
}

}  // namespace support
