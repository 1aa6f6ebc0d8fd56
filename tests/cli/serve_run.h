// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli_run.h"
#include "proc/child/child.h"
#include "support/http_client.h"
#include "support/paths.h"

#include <fcntl.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

/// `shellstrap serve --port 0 ARGUMENTS...` in the folder of `cli`; killed at the end where it still runs.
class Serve {
 public:
  Serve(const Cli& cli, std::vector<std::string> arguments) : cli_(cli) {
    arguments.insert(arguments.begin(), {"serve", "--port", "0"});
    const base::UniqueFd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const auto out = create("out");
    const auto err = create("err");
    auto started = proc::Child::start(
        {support::cli_program(), Cli::command(arguments), cli.environment(), cli.folder.path()},
        {{0, nothing.get()}, {1, out.get()}, {2, err.get()}});
    child_.emplace(std::move(std::get<proc::Child>(started)));
    support::wait_for(
        [this] { return read("out").ends_with('\n') || child_->wait_until(base::Deadline::after({})); });
    const auto url = read("out");
    if (url.ends_with('\n')) port_ = std::stoi(url.substr(url.rfind(':') + 1));
  }
  ~Serve() {
    if (child_) stop();
  }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] pid_t pid() const { return child_->pid(); }
  [[nodiscard]] std::string log() const { return read("err"); }

  support::HttpAnswer call(const std::string& body = "{}", const std::string& headers = "") const {
    support::HttpConnection client(port_);
    const auto answer = client.exchange("POST", "/2015-03-31/functions/fn/invocations", body, headers);
    return answer.value_or(support::HttpAnswer{});
  }

  void send(int signal) { child_->signal_group(signal); }
  std::optional<proc::ExitState> wait() {
    if (!child_->wait_until(base::Deadline::after(std::chrono::seconds(20)))) return std::nullopt;
    const auto state = child_->reap().state;
    child_.reset();
    return state;
  }
  std::optional<proc::ExitState> stop(int signal = SIGTERM) {
    send(signal);
    return wait();
  }

 private:
  [[nodiscard]] base::UniqueFd create(const std::string& name) const {
    return base::UniqueFd(
        ::open((cli_.folder / name).c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(cli_.folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const Cli& cli_;
  std::optional<proc::Child> child_;
  int port_ = 0;
};
