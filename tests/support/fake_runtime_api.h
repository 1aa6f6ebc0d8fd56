// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/raw_socket.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace support {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// One request, as it came.
struct RecordedRequest {
  std::string method;
  std::string path;    ///< not decoded
  Headers headers;     ///< in the order received
  std::string body;    ///< of a chunked one what the chunks hold
  Headers trailers{};  ///< of a chunked one
  int connection = 0;  ///< 1 for the first connection that the server accepted

  /// The first header of that name, in any case; nullopt: there is none.
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
  [[nodiscard]] bool is_next() const;
};

/// What a GET next delivers.
struct Event {
  std::string id = "request-1";
  std::string body = "{}";
  std::optional<long long> deadline_ms{};  ///< Unix time; not set: five minutes ahead
  Headers headers{};                       ///< beside id, deadline and ARN
};

/// How the server answers one request: a value, made by one of the functions and bent by the members, which
/// can be chained: Reply::event({}).chunked().in_packets_of(1).
class Reply {
 public:
  static Reply event(const Event& event);
  /// A status with an error body as the service sends it.
  static Reply error(int status, std::string_view error_type,
                     std::string_view message = "refused by the test");
  static Reply with(int status, Headers headers, std::string body);
  /// Bytes instead of HTTP.
  static Reply raw(std::string bytes);
  /// The request is read, then the connection ends without a byte.
  static Reply nothing();

  Reply& header(std::string name, std::string value);
  Reply& without_header(std::string_view name);
  Reply& upper_case_headers();
  Reply& lower_case_headers();
  Reply& chunked();
  /// Neither a length nor chunks: the body ends with the connection.
  Reply& until_close();
  /// One send per `bytes` bytes.
  Reply& in_packets_of(std::size_t bytes);
  /// Waits before each packet but the first.
  Reply& slowly(std::chrono::milliseconds pause);
  /// Ends the connection after that many bytes of the reply, or, counted from the head's end, of the body.
  Reply& cut_after(std::size_t bytes);
  Reply& cut_body_after(std::size_t bytes);
  /// Ends the connection after the whole reply.
  Reply& then_close();
  /// Keeps the connection although the reply is raw.
  Reply& keep_open();
  /// Whenever this reply ends the connection, it is reset.
  Reply& by_reset();
  /// Waits for FakeRuntimeApi::release() before the first byte.
  Reply& held();

 private:
  friend class FakeRuntimeApi;
  enum class Framing { length, chunks, until_close, raw };

  [[nodiscard]] std::string head() const;
  [[nodiscard]] std::string wire() const;

  int status_ = 200;
  Headers headers_;
  std::string body_;
  Framing framing_ = Framing::length;
  std::size_t packet_ = 0;
  std::chrono::milliseconds pause_{0};
  std::optional<std::size_t> cut_;
  std::optional<std::size_t> cut_body_;
  bool closes_ = false;
  bool resets_ = false;
  bool held_ = false;
};

/// A scripted Runtime API on a free port of 127.0.0.1, for any number of connections at once. Unscripted it
/// is a correct one: GET next waits until there is an event, GET restore/next until restore(), and that for
/// the next event of an extension for ever; POSTs are answered 202. Everything received is recorded. All
/// members may be called from any thread; the destructor ends all connections.
class FakeRuntimeApi {
 public:
  FakeRuntimeApi();
  FakeRuntimeApi(const FakeRuntimeApi&) = delete;
  FakeRuntimeApi& operator=(const FakeRuntimeApi&) = delete;
  ~FakeRuntimeApi();

  /// "127.0.0.1:PORT", for AWS_LAMBDA_RUNTIME_API.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] int port() const { return listener_.port; }

  /// The next GET next, or one that waits already, gets this.
  void push_event(const Event& event) { push_next(Reply::event(event)); }
  void push_next(Reply reply);
  /// The next POST gets this instead of 202.
  void push_post(Reply reply);
  /// GET restore/next, one that waits or one to come, gets this.
  void push_restore(Reply reply);
  void restore() { push_restore(Reply::with(200, {}, "")); }
  /// The next registration of an extension gets this instead of 200 and an identifier.
  void push_registration(Reply reply);
  /// So many connections end, by reset, at their first byte, which is never read.
  void drop_unread(int connections);
  /// The connection of the next POST ends, by reset, when so many bytes of its body have come; it is not
  /// recorded.
  void reset_post_after(std::size_t bytes);
  /// The next chunked POST gets this as soon as its first chunk has come, and then the connection ends.
  void answer_stream_early(Reply reply);
  /// Of chunked POSTs to come nothing is read behind the first chunk until release().
  void hold_streams();
  /// Whether the first chunks of at least `count` POSTs have come, before `limit` has passed.
  [[nodiscard]] bool wait_until_streaming(int count, std::chrono::milliseconds limit);
  /// Lets all held replies and streams go, those to come too.
  void release();

  /// Requests received completely, as soon as there are `count`, or however many there are when `limit` has
  /// passed.
  [[nodiscard]] std::vector<RecordedRequest> wait_for_requests(std::size_t count,
                                                               std::chrono::milliseconds limit);
  /// The same for POSTs of the Runtime API alone.
  [[nodiscard]] std::vector<RecordedRequest> wait_for_posts(std::size_t count,
                                                            std::chrono::milliseconds limit);
  [[nodiscard]] std::vector<RecordedRequest> requests() { return wait_for_requests(0, {}); }
  [[nodiscard]] std::vector<RecordedRequest> posts() { return wait_for_posts(0, {}); }
  /// Whether at least `count` GET next wait for an event, and no event for them, before `limit` has passed.
  [[nodiscard]] bool wait_until_parked(std::size_t count, std::chrono::milliseconds limit);
  [[nodiscard]] int connections();
  /// Whether the server has closed at least `count` connections, before `limit` has passed.
  [[nodiscard]] bool wait_until_ended(int count, std::chrono::milliseconds limit);

 private:
  class Connection;

  void accept_connections();
  void serve(base::UniqueFd fd, int number);
  /// Records the request and finds its reply; nullopt: the server stops or the client has left.
  std::optional<Reply> reply_to(const RecordedRequest& request, int fd);
  std::optional<Reply> wait_for_event(std::unique_lock<std::mutex>& lock, int fd);
  std::optional<Reply> wait_for_restore(std::unique_lock<std::mutex>& lock);
  Reply registration();
  bool wait_for_release(const Reply& reply);
  bool takes_drop();
  std::optional<std::size_t> take_post_reset();
  /// Notes that a stream has begun and waits where streams are held; a reply ends it.
  std::optional<Reply> note_stream();
  std::vector<RecordedRequest> wait_for(std::size_t count, std::chrono::milliseconds limit, bool posts_only);

  Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool released_ = false;
  int drops_ = 0;
  std::optional<std::size_t> post_reset_;
  std::optional<Reply> early_reply_;
  bool holds_streams_ = false;
  int streams_ = 0;
  int ended_ = 0;
  std::size_t parked_ = 0;
  std::deque<Reply> next_replies_;
  std::deque<Reply> post_replies_;
  std::deque<Reply> restore_replies_;
  std::deque<Reply> registration_replies_;
  std::vector<RecordedRequest> requests_;
  std::vector<int> open_;  ///< descriptors of connections being served
  std::vector<std::thread> servers_;
  std::thread acceptor_;
};

}  // namespace support
