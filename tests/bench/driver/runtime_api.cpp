// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/runtime_api.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

// The largest answer there is, and its head.
constexpr std::size_t kBufferSize = std::size_t{7} << 20;

// What goes out behind the time that is taken; more of an event is sent before it, since that takes a while.
constexpr std::size_t kLastBytes = std::size_t{64} << 10;

constexpr std::string_view kAccepted =
    "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: "
    "16\r\n\r\n{\"status\":\"OK\"}\n";

void set_option(int fd, int level, int option, int value) {
  ::setsockopt(fd, level, option, &value, sizeof value);
}

std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    const auto line = head.substr(at);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    auto value = line.substr(name.size() + 1, line.find("\r\n") - name.size() - 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    return value;
  }
  return {};
}

// Of the clock that the kernel stamps what arrives with.
Clock::time_point stamped(const msghdr& message) {
  const auto now = Clock::now();
  const auto* const control = CMSG_FIRSTHDR(&message);
  if (control == nullptr || control->cmsg_type != SCM_TIMESTAMPNS) return now;
  timespec stamp{};
  std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
  const auto at = std::chrono::seconds(stamp.tv_sec) + std::chrono::nanoseconds(stamp.tv_nsec);
  return now - (std::chrono::system_clock::now().time_since_epoch() - at);
}

// A blocking socket: it returns with all bytes sent, or the connection is lost.
void send_all(int fd, std::string_view first, std::string_view second) {
  iovec parts[] = {{const_cast<char*>(first.data()), first.size()},
                   {const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  ::sendmsg(fd, &message, MSG_NOSIGNAL);
}

// ".../invocation/ID/response" -> "ID"
std::string id_of(std::string_view path) {
  const auto end = path.rfind('/');
  const auto begin = end == std::string_view::npos ? end : path.rfind('/', end - 1);
  return begin == std::string_view::npos ? std::string()
                                         : std::string(path.substr(begin + 1, end - begin - 1));
}

}  // namespace

struct RuntimeApi::Connection {
  base::UniqueFd fd;
  std::unique_ptr<char[]> buffer;
  std::size_t filled = 0;
  std::size_t head_size = 0;  // 0: the head is not complete
  std::size_t body_size = 0;
  Clock::time_point arrived;  // what was read last

  [[nodiscard]] std::string_view head() const { return {buffer.get(), head_size}; }
  [[nodiscard]] bool is_complete() const { return head_size > 0 && filled >= head_size + body_size; }
};

RuntimeApi::RuntimeApi() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
      ::getsockname(listener_.get(), generic, &size) != 0)
    throw std::runtime_error("no socket to listen on");
  address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

RuntimeApi::~RuntimeApi() = default;

bool RuntimeApi::wait(int process_fd, Clock::time_point limit) {
  polled_ = {{process_fd, POLLIN, 0}, {listener_.get(), POLLIN, 0}};
  for (const auto& connection : connections_) polled_.push_back({connection->fd.get(), POLLIN, 0});
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - Clock::now()).count();
  if (left < 0 || ::poll(polled_.data(), polled_.size(), static_cast<int>(left)) <= 0) return false;

  bool happened = polled_[1].revents != 0;
  // From the end, because a closed connection leaves the list.
  for (std::size_t i = polled_.size(); i-- > 2;) {
    if (polled_[i].revents == 0) continue;
    happened = true;
    if (receive(*connections_[i - 2])) continue;
    std::erase(polls_, connections_[i - 2].get());
    spare_buffers_.push_back(std::move(connections_[i - 2]->buffer));
    connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i - 2));
  }
  if (polled_[1].revents != 0) accept_all();
  return happened;
}

void RuntimeApi::accept_all() {
  for (;;) {
    base::UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd.valid()) return;
    set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1);
    if (spare_buffers_.empty()) spare_buffers_.push_back(std::make_unique_for_overwrite<char[]>(kBufferSize));
    auto connection = std::make_unique<Connection>();
    connection->fd = std::move(fd);
    connection->buffer = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
    connections_.push_back(std::move(connection));
  }
}

// False when the connection is over.
bool RuntimeApi::receive(Connection& connection) {
  while (read_more(connection)) {
    if (connection.head_size == 0) parse_head(connection);
    if (!connection.is_complete()) continue;
    complete(connection);
    return true;
  }
  return errno == EAGAIN;
}

bool RuntimeApi::read_more(Connection& connection) {
  iovec space{connection.buffer.get() + connection.filled, kBufferSize - connection.filled};
  alignas(cmsghdr) std::array<char, 128> control;
  msghdr message{};
  message.msg_iov = &space;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(connection.fd.get(), &message, MSG_DONTWAIT);
  if (got == 0) errno = ECONNRESET;
  if (got <= 0) return false;
  connection.arrived = stamped(message);
  connection.filled += static_cast<std::size_t>(got);
  return true;
}

void RuntimeApi::parse_head(Connection& connection) {
  const std::string_view text(connection.buffer.get(), connection.filled);
  const auto end = text.find("\r\n\r\n");
  if (end == std::string_view::npos) return;
  connection.head_size = end + 4;
  // Views up to the blank line, so that a value ends where its line does.
  const auto length = header(connection.head(), "Content-Length");
  connection.body_size = length.empty() ? 0 : std::strtoul(length.data(), nullptr, 10);
  // curl waits a second for this before it sends a large body.
  if (!header(connection.head(), "Expect").empty()) reply(connection, "HTTP/1.1 100 Continue\r\n\r\n");
}

void RuntimeApi::complete(Connection& connection) {
  const auto head = connection.head();
  const auto path = head.substr(head.find(' ') + 1, head.find(" HTTP/") - head.find(' ') - 1);
  if (head.starts_with("GET ")) {
    last_poll_ = connection.arrived;
    polls_.push_back(&connection);
  } else {
    const std::string_view body(connection.buffer.get() + connection.head_size, connection.body_size);
    answers_.push_back({id_of(path), path.ends_with("/response"), body, connection.arrived});
    reply(connection, kAccepted);
  }
  connection.filled = connection.head_size = connection.body_size = 0;
}

void RuntimeApi::reply(const Connection& connection, std::string_view text) const {
  [[maybe_unused]] const auto sent = ::send(connection.fd.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

Clock::time_point RuntimeApi::send_event(std::string_view request_id, std::string_view event) {
  const auto deadline = std::chrono::system_clock::now().time_since_epoch() + std::chrono::minutes(1);
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: ";
  head.append(request_id).append("\r\nLambda-Runtime-Deadline-Ms: ");
  head.append(std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(deadline).count()));
  head.append(
      "\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:123456789012:function:bench\r\n");
  head.append("Lambda-Runtime-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0\r\n");
  head.append("Content-Length: ").append(std::to_string(event.size())).append("\r\n\r\n");

  const int fd = polls_.front()->fd.get();
  polls_.pop_front();
  const auto last = event.size() - std::min(event.size(), kLastBytes);
  if (last > 0) send_all(fd, std::exchange(head, {}), event.substr(0, last));
  const auto now = Clock::now();
  send_all(fd, head, event.substr(last));
  return now;
}

bool RuntimeApi::take_answer(Answer& answer) {
  if (answers_.empty()) return false;
  answer = std::move(answers_.front());
  answers_.pop_front();
  return true;
}

}  // namespace bench
