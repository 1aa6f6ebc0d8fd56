// SPDX-License-Identifier: Apache-2.0
#include "support/fake_runtime_api.h"

#include "base/text/text.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace support {
namespace {

constexpr std::string_view kNextPath = "/2018-06-01/runtime/invocation/next";
constexpr std::string_view kRestorePath = "/2018-06-01/runtime/restore/next";
constexpr std::string_view kRegisterPath = "/2020-01-01/extension/register";
constexpr std::string_view kExtensionNextPath = "/2020-01-01/extension/event/next";
constexpr std::string_view kBlankLine = "\r\n\r\n";

std::string without_carriage_return(std::string_view line) {
  return std::string(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
}

// "POST /path HTTP/1.1" and the header lines.
RecordedRequest parse_head(std::string_view head) {
  RecordedRequest request;
  const auto lines = base::split(head, '\n');
  const auto words = base::split(lines[0], ' ');
  request.method = words[0];
  if (words.size() > 1) request.path = words[1];
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto line = without_carriage_return(lines[i]);
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    request.headers.emplace_back(line.substr(0, colon), base::trim(std::string_view(line).substr(colon + 1)));
  }
  return request;
}

std::size_t length_of(const RecordedRequest& request) {
  const auto text = request.header("Content-Length");
  return text ? std::stoul(*text) : 0;
}

bool is_runtime_post(const RecordedRequest& request) {
  return request.method == "POST" && request.path != kRegisterPath;
}

Reply accepted() {
  return Reply::with(202, {{"Content-Type", "application/json"}}, "{\"status\":\"OK\"}\n");
}

bool send_in_packets(int fd, std::string_view wire, std::size_t packet, std::chrono::milliseconds pause) {
  if (packet == 0) return send_all(fd, wire);
  for (std::size_t at = 0; at < wire.size(); at += packet) {
    if (at > 0) std::this_thread::sleep_for(pause);
    if (!send_all(fd, wire.substr(at, packet))) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> RecordedRequest::header(std::string_view name) const {
  for (const auto& [its_name, value] : headers) {
    if (base::equal_ignoring_case(its_name, name)) return value;
  }
  return {};
}

bool RecordedRequest::is_next() const {
  return method == "GET" && path.ends_with(kNextPath);
}

/// The receiving half of one connection.
class FakeRuntimeApi::Connection {
 public:
  Connection(FakeRuntimeApi& server, int fd, int number) : server_(server), fd_(fd), number_(number) {}

  /// The next request with its whole body; nullopt: the client has closed or broke off.
  std::optional<RecordedRequest> receive() {
    while (unread_.find(kBlankLine) == std::string::npos) {
      if (!receive_more()) return {};
    }
    const auto end = unread_.find(kBlankLine);
    auto request = parse_head(std::string_view(unread_).substr(0, end));
    request.connection = number_;
    unread_.erase(0, end + kBlankLine.size());
    if (request.header("Transfer-Encoding")) return receive_chunks(std::move(request));
    const auto length = length_of(request);
    if (request.method == "POST" && breaks_off_within(length)) return {};
    while (unread_.size() < length) {
      if (!receive_more()) return {};
    }
    request.body = unread_.substr(0, length);
    unread_.erase(0, length);
    return request;
  }

 private:
  std::optional<RecordedRequest> receive_chunks(RecordedRequest request) {
    for (bool is_first = true;; is_first = false) {
      const auto line = receive_line();
      if (!line) return {};
      const auto size = std::stoul(*line, nullptr, 16);
      if (size == 0) break;
      if (!receive_at_least(size + 2)) return {};
      request.body.append(unread_, 0, size);
      unread_.erase(0, size + 2);
      if (is_first && ends_early()) return {};
    }
    for (auto line = receive_line(); line; line = receive_line()) {
      if (line->empty()) return request;
      const auto colon = std::min(line->find(':'), line->size());
      request.trailers.emplace_back(line->substr(0, colon),
                                    base::trim(std::string_view(*line).substr(colon + 1)));
    }
    return {};
  }

  bool ends_early() {
    const auto reply = server_.note_stream();
    if (reply) send_all(fd_, reply->wire());
    return reply.has_value();
  }

  std::optional<std::string> receive_line() {
    while (unread_.find('\n') == std::string::npos)
      if (!receive_more()) return {};
    const auto line = without_carriage_return(std::string_view(unread_).substr(0, unread_.find('\n')));
    unread_.erase(0, unread_.find('\n') + 1);
    return line;
  }

  bool receive_at_least(std::size_t size) {
    while (unread_.size() < size)
      if (!receive_more()) return false;
    return true;
  }

  bool receive_more() {
    const auto more = receive_some(fd_);
    if (more) unread_ += *more;
    return more.has_value();
  }

  bool breaks_off_within(std::size_t length) {
    const auto bytes = server_.take_post_reset();
    if (!bytes) return false;
    while (unread_.size() < std::min(*bytes, length)) {
      if (!receive_more()) return true;
    }
    reset_on_close(fd_);
    return true;
  }

  FakeRuntimeApi& server_;
  int fd_;
  int number_;
  std::string unread_;
};

FakeRuntimeApi::FakeRuntimeApi()
    : listener_(listen_on_loopback()), acceptor_([this] { accept_connections(); }) {}

FakeRuntimeApi::~FakeRuntimeApi() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(listener_.fd.get(), SHUT_RDWR);  // ends accept()
  acceptor_.join();
  for (auto& server : servers_) server.join();
}

std::string FakeRuntimeApi::address() const {
  return "127.0.0.1:" + std::to_string(port());
}

void FakeRuntimeApi::push_next(Reply reply) {
  const std::lock_guard lock(mutex_);
  next_replies_.push_back(std::move(reply));
  changed_.notify_all();
}

void FakeRuntimeApi::push_post(Reply reply) {
  const std::lock_guard lock(mutex_);
  post_replies_.push_back(std::move(reply));
}

void FakeRuntimeApi::push_restore(Reply reply) {
  const std::lock_guard lock(mutex_);
  restore_replies_.push_back(std::move(reply));
  changed_.notify_all();
}

void FakeRuntimeApi::push_registration(Reply reply) {
  const std::lock_guard lock(mutex_);
  registration_replies_.push_back(std::move(reply));
}

void FakeRuntimeApi::drop_unread(int connections) {
  const std::lock_guard lock(mutex_);
  drops_ = connections;
}

void FakeRuntimeApi::reset_post_after(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  post_reset_ = bytes;
}

std::optional<std::size_t> FakeRuntimeApi::take_post_reset() {
  const std::lock_guard lock(mutex_);
  return std::exchange(post_reset_, std::nullopt);
}

void FakeRuntimeApi::answer_stream_early(Reply reply) {
  const std::lock_guard lock(mutex_);
  early_reply_ = std::move(reply);
}

void FakeRuntimeApi::hold_streams() {
  const std::lock_guard lock(mutex_);
  holds_streams_ = true;
}

std::optional<Reply> FakeRuntimeApi::note_stream() {
  std::unique_lock lock(mutex_);
  ++streams_;
  changed_.notify_all();
  if (early_reply_) return std::exchange(early_reply_, std::nullopt);
  changed_.wait(lock, [this] { return !holds_streams_ || released_ || stopping_; });
  return {};
}

bool FakeRuntimeApi::wait_until_streaming(int count, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return streams_ >= count; });
}

void FakeRuntimeApi::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

void FakeRuntimeApi::accept_connections() {
  for (int number = 1;; ++number) {
    auto fd = accept_from(listener_.fd.get());
    const std::lock_guard lock(mutex_);
    if (!fd.valid() || stopping_) return;
    open_.push_back(fd.get());
    servers_.emplace_back(
        [this, number, owned = std::move(fd)]() mutable { serve(std::move(owned), number); });
  }
}

void FakeRuntimeApi::serve(base::UniqueFd fd, int number) {
  Connection connection(*this, fd.get(), number);
  bool open = true;
  pollfd first_byte{fd.get(), POLLIN, 0};
  ::poll(&first_byte, 1, -1);
  if (takes_drop()) {
    reset_on_close(fd.get());
    open = false;
  }
  while (open) {
    const auto request = connection.receive();
    const auto reply = request ? reply_to(*request, fd.get()) : std::nullopt;
    if (!reply || !wait_for_release(*reply)) break;
    if (reply->resets_) reset_on_close(fd.get());
    open = send_in_packets(fd.get(), reply->wire(), reply->packet_, reply->pause_) && !reply->closes_;
  }
  const std::lock_guard lock(mutex_);
  std::erase(open_, fd.get());
  fd.reset();  // under the lock: the destructor must not shut down somebody else's descriptor
  ++ended_;
  changed_.notify_all();
}

bool FakeRuntimeApi::takes_drop() {
  const std::lock_guard lock(mutex_);
  if (drops_ == 0) return false;
  --drops_;
  return true;
}

std::optional<Reply> FakeRuntimeApi::reply_to(const RecordedRequest& request, int fd) {
  std::unique_lock lock(mutex_);
  requests_.push_back(request);
  changed_.notify_all();
  if (request.is_next()) return wait_for_event(lock, fd);
  if (request.path == kRestorePath) return wait_for_restore(lock);
  if (request.path == kRegisterPath) return registration();
  if (request.path == kExtensionNextPath) {
    changed_.wait(lock, [this] { return stopping_; });
    return {};
  }
  if (post_replies_.empty()) return accepted();
  Reply reply = std::move(post_replies_.front());
  post_replies_.pop_front();
  return reply;
}

// An event is not for a client that has left meanwhile.
std::optional<Reply> FakeRuntimeApi::wait_for_event(std::unique_lock<std::mutex>& lock, int fd) {
  ++parked_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return stopping_ || !next_replies_.empty(); });
  --parked_;
  if (stopping_ || peer_has_left(fd)) return {};
  Reply reply = std::move(next_replies_.front());
  next_replies_.pop_front();
  return reply;
}

std::optional<Reply> FakeRuntimeApi::wait_for_restore(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [this] { return stopping_ || !restore_replies_.empty(); });
  if (stopping_) return {};
  Reply reply = std::move(restore_replies_.front());
  restore_replies_.pop_front();
  return reply;
}

Reply FakeRuntimeApi::registration() {
  if (registration_replies_.empty())
    return Reply::with(200, {{"Lambda-Extension-Identifier", "extension-1"}}, "{}");
  Reply reply = std::move(registration_replies_.front());
  registration_replies_.pop_front();
  return reply;
}

bool FakeRuntimeApi::wait_for_release(const Reply& reply) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !reply.held_ || released_ || stopping_; });
  return !stopping_;
}

std::vector<RecordedRequest> FakeRuntimeApi::wait_for(std::size_t count, std::chrono::milliseconds limit,
                                                      bool posts_only) {
  std::vector<RecordedRequest> found;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] {
    found.clear();
    std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(found),
                 [&](const auto& request) { return !posts_only || is_runtime_post(request); });
    return found.size() >= count;
  });
  return found;
}

std::vector<RecordedRequest> FakeRuntimeApi::wait_for_requests(std::size_t count,
                                                               std::chrono::milliseconds limit) {
  return wait_for(count, limit, false);
}

std::vector<RecordedRequest> FakeRuntimeApi::wait_for_posts(std::size_t count,
                                                            std::chrono::milliseconds limit) {
  return wait_for(count, limit, true);
}

bool FakeRuntimeApi::wait_until_parked(std::size_t count, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return parked_ >= count && next_replies_.empty(); });
}

bool FakeRuntimeApi::wait_until_ended(int count, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return ended_ >= count; });
}

int FakeRuntimeApi::connections() {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(servers_.size());
}

}  // namespace support
