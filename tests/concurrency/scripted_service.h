// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "identity.h"
#include "support/raw_socket.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace concurrency {

/// A Runtime API that hands events to every connection that polls, and wants each answered on the connection
/// that got it: a worker has its own. One thread for each connection.
class ScriptedService {
 public:
  explicit ScriptedService(std::string what);
  ~ScriptedService();
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(listener_.port); }

  /// Blocks until so many connections poll; false after a minute.
  bool wait_until_parked(std::size_t workers);
  /// Blocks until `count` more events are answered, or nothing has happened for a minute.
  Tally run(std::size_t count);

 private:
  void accept_connections();
  void serve(int fd);
  bool hand_out(int fd, std::size_t& current);
  void take_answer(std::size_t current, const std::string& head, const std::string& body);

  const std::string what_;
  const support::Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::size_t to_issue_ = 0;
  std::size_t issued_ = 0;
  std::size_t parked_ = 0;
  Tally tally_;
  std::vector<base::UniqueFd> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace concurrency
