// SPDX-License-Identifier: Apache-2.0
#include "scripted_service.h"

#include "base/deadline.h"
#include "base/text/text.h"

#include <sys/socket.h>

#include <charconv>
#include <optional>
#include <utility>

namespace concurrency {
namespace {

constexpr auto kPatience = std::chrono::minutes(1);
constexpr auto kTimeout = std::chrono::minutes(5);
constexpr std::string_view kBlankLine = "\r\n\r\n";
constexpr std::string_view kAccepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";

std::string event_text(const Identity& it) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: " +
         it.request_id +
         "\r\nLambda-Runtime-Deadline-Ms: " + std::to_string((base::unix_now() + kTimeout).count()) +
         "\r\nLambda-Runtime-Trace-Id: " + it.trace_id + "\r\nLambda-Runtime-Aws-Tenant-Id: " + it.tenant_id +
         "\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:f"
         "\r\nContent-Length: " +
         std::to_string(it.event.size()) + "\r\n\r\n" + it.event;
}

std::size_t length_in(std::string_view head) {
  std::size_t length = 0;
  for (const auto line : base::split(head, '\n')) {
    const auto colon = line.find(':');
    if (colon == line.npos || !base::equal_ignoring_case(line.substr(0, colon), "Content-Length")) continue;
    const auto value = base::trim(line.substr(colon + 1));
    std::from_chars(value.data(), value.data() + value.size(), length);
  }
  return length;
}

struct Request {
  std::string head;
  std::string body;
};

// nullopt: the connection has ended.
std::optional<Request> receive(int fd, std::string& unread) {
  for (;;) {
    const auto end = unread.find(kBlankLine);
    const auto size = end == unread.npos ? 0 : length_in(std::string_view(unread).substr(0, end));
    if (end != unread.npos && unread.size() >= end + kBlankLine.size() + size) {
      Request request{unread.substr(0, end), unread.substr(end + kBlankLine.size(), size)};
      unread.erase(0, end + kBlankLine.size() + size);
      return request;
    }
    const auto more = support::receive_some(fd);
    if (!more) return std::nullopt;
    unread += *more;
  }
}

}  // namespace

ScriptedService::ScriptedService(std::string what)
    : what_(std::move(what)), listener_(support::listen_on_loopback()) {
  acceptor_ = std::thread([this] { accept_connections(); });
}

ScriptedService::~ScriptedService() {
  ::shutdown(listener_.fd.get(), SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& connection : connections_) ::shutdown(connection.get(), SHUT_RDWR);
    changed_.notify_all();
  }
  for (auto& thread : threads_) thread.join();
}

bool ScriptedService::wait_until_parked(std::size_t workers) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return parked_ == workers; });
}

Tally ScriptedService::run(std::size_t count) {
  std::unique_lock lock(mutex_);
  tally_ = {};
  to_issue_ = count;
  const auto started = base::SteadyClock::now();
  changed_.notify_all();
  for (std::size_t seen = 0; tally_.answered + tally_.wrong < count;) {
    const auto moved = [&] { return tally_.answered + tally_.wrong > seen; };
    if (!changed_.wait_for(lock, kPatience, moved)) {
      tally_.wrong = count - tally_.answered;
      tally_.first_wrong = "no answer for a minute";
      break;
    }
    seen = tally_.answered + tally_.wrong;
  }
  tally_.seconds = std::chrono::duration<double>(base::SteadyClock::now() - started).count();
  return tally_;
}

void ScriptedService::accept_connections() {
  for (;;) {
    auto fd = support::accept_from(listener_.fd.get());
    if (!fd.valid()) return;
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([this, number = fd.get()] { serve(number); });
    connections_.push_back(std::move(fd));
  }
}

void ScriptedService::serve(int fd) {
  std::string unread;
  std::size_t current = 0;
  while (const auto request = receive(fd, unread)) {
    if (request->head.starts_with("GET")) {
      if (!hand_out(fd, current)) return;
    } else {
      take_answer(current, request->head, request->body);
      if (!support::send_all(fd, kAccepted)) return;
    }
  }
}

bool ScriptedService::hand_out(int fd, std::size_t& current) {
  std::unique_lock lock(mutex_);
  ++parked_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return stopping_ || to_issue_ > 0; });
  --parked_;
  if (stopping_) return false;
  --to_issue_;
  current = ++issued_;
  lock.unlock();
  return support::send_all(fd, event_text(identity_of(current, what_)));
}

void ScriptedService::take_answer(std::size_t current, const std::string& head, const std::string& body) {
  const auto expected = identity_of(current, what_);
  const auto path = "POST /2018-06-01/runtime/invocation/" + expected.request_id + "/response ";
  const bool is_right = head.starts_with(path) && body == expected.answer();
  const std::lock_guard lock(mutex_);
  ++(is_right ? tally_.answered : tally_.wrong);
  if (!is_right && tally_.first_wrong.empty()) tally_.first_wrong = head.substr(0, 100) + "\n" + body;
  changed_.notify_all();
}

}  // namespace concurrency
