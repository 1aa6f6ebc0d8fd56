// SPDX-License-Identifier: Apache-2.0
#include "api/client/runtime_client.h"

#include "api/connection/http_connection.h"
#include "api/wire/invocation_headers.h"
#include "api/wire/refusal.h"
#include "api/wire/wire.h"
#include "base/text/text.h"
#include "base/version.h"

#include <algorithm>
#include <utility>

namespace api {
namespace {

using Stage = HttpAnswer::Stage;

// A shutdown takes 300 ms in all, 200 of which may go by until the last child is killed.
constexpr std::chrono::milliseconds kLastPost{90};
// The process ends after it, and the service ends an init after 10 s anyway.
constexpr std::chrono::seconds kInitErrorLimit{5};
// Bodies of refusals are small; what is longer is not needed.
constexpr std::size_t kLongestRefusal = std::size_t{8} * 1024;

// False: nothing more is needed of it.
bool append_refusal(std::string& text, std::string_view more) {
  text.append(more.substr(0, kLongestRefusal - text.size()));
  return text.size() < kLongestRefusal;
}

ContextHeader header(std::string_view name, std::string_view value) {
  return {std::string(name), std::string(value)};
}

bool has_header(const HttpAnswer& answer, std::string_view name) {
  return std::ranges::any_of(
      answer.headers, [&](const auto& header) { return base::equal_ignoring_case(header.name, name); });
}

std::vector<ContextHeader> error_headers(const FunctionError& error, std::string_view xray_cause) {
  std::vector<ContextHeader> headers{header("Content-Type", "application/json"),
                                     header(wire::kErrorType, error.type.text())};
  if (!xray_cause.empty()) headers.push_back(header(wire::kXrayCause, xray_cause));
  return headers;
}

void echo_invocation_id(const Invocation& invocation, std::vector<ContextHeader>& headers) {
  if (invocation.invocation_id) headers.push_back(header(wire::kInvocationId, *invocation.invocation_id));
}

/// Where the body of a GET next goes: an event straight into its file, a refusal to the heap.
struct NextBody {
  base::MemoryFile event;
  std::string refusal;
  base::Status stored = base::Done{};

  bool take(int status, std::string_view piece) {
    if (status != 200) return append_refusal(refusal, piece);
    stored = event.append(piece);
    return stored.ok();
  }
};

// Why what has come of an event is none.
std::string gap_in(const HttpAnswer& answer, const NextBody& body) {
  if (answer.stage == Stage::status) return "its head cannot be used: " + answer.failure;
  return "the event broke off after " + std::to_string(body.event.size()) + " bytes: " + answer.failure;
}

Stopped stopped_by(const HttpAnswer& answer, const NextBody& body) {
  if (answer.status != 200) return {};
  return {"the environment is shut down, and " + gap_in(answer, body)};
}

Next next_from(const HttpAnswer& answer, NextBody body) {
  if (answer.status == 204) return NoEvent{};
  if (answer.status != 200)
    return Lost{"GET next was refused with " + refusal_in_words(answer.status, body.refusal)};
  if (!body.stored) return Lost{"cannot store the event: " + body.stored.error().message};
  if (answer.stage != Stage::whole) return BadEvent{gap_in(answer, body)};
  if (auto rewound = body.event.rewind(); !rewound) return Lost{rewound.error().message};
  auto invocation = invocation_from(answer.headers, std::move(body.event));
  if (!invocation) return BadEvent{invocation.error().message};
  return *std::move(invocation);
}

}  // namespace

class RuntimeClient::Connection {
 public:
  Connection(const Endpoint& endpoint, int stop_fd)
      : http_(endpoint, "shellstrap/" + std::string(base::version())),
        prefix_(endpoint.prefix),
        stop_fd_(stop_fd) {}

  Next next();

  Posted post(HttpRequest request);
  Posted post_error(std::string path, std::vector<ContextHeader> headers, const std::string& body,
                    base::Deadline limit);

  void measured(std::size_t peak_memory_kib) { peak_memory_kib_ = peak_memory_kib; }

  [[nodiscard]] std::string path(const Invocation& invocation, std::string_view suffix) const {
    return prefix_ + std::string(wire::kInvocationPath) + wire::percent_encode(invocation.request_id) +
           std::string(suffix);
  }
  [[nodiscard]] std::string path(std::string_view fixed) const { return prefix_ + std::string(fixed); }

 private:
  HttpAnswer poll(NextBody& body);
  Next unintelligible(const HttpAnswer& answer);

  HttpConnection http_;
  std::string prefix_;
  int stop_fd_;
  bool was_unintelligible_ = false;  // the answer to the last GET next
  bool wants_memory_ = false;        // likewise
  std::size_t peak_memory_kib_ = 0;  // of the call since then
};

// A connection that died while the environment was frozen shows only when it is used: one more try, and only
// where not a byte of an answer came.
Next RuntimeClient::Connection::next() {
  for (bool is_first = true;; is_first = false) {
    auto file = base::MemoryFile::create("event");
    if (!file) return Lost{file.error().message};
    NextBody body{*std::move(file), {}};
    const auto answer = poll(body);
    if (answer.hurried && answer.stage != Stage::whole) return stopped_by(answer, body);
    if (answer.stage == Stage::nothing && is_first) continue;
    if (answer.status == 0) return unintelligible(answer);
    was_unintelligible_ = false;
    wants_memory_ = has_header(answer, wire::kWantsMemory);
    peak_memory_kib_ = 0;
    return next_from(answer, std::move(body));
  }
}

HttpAnswer RuntimeClient::Connection::poll(NextBody& body) {
  HttpRequest request;
  request.method = "GET";
  request.path = path(wire::kNextPath);
  request.receiver = [&](int status, std::string_view piece) { return body.take(status, piece); };
  request.hurry = {stop_fd_, std::chrono::milliseconds(0)};
  return http_.exchange(request);
}

// What broke off before its status may have been an event; whoever goes on like that is no Runtime API.
Next RuntimeClient::Connection::unintelligible(const HttpAnswer& answer) {
  const bool is_lost = answer.stage == Stage::nothing || was_unintelligible_;
  was_unintelligible_ = true;
  if (is_lost) return Lost{"GET next failed: " + answer.failure};
  return BadEvent{"the answer to GET next has no status: " + answer.failure};
}

// A status counts even where the exchange broke off behind it: what was posted has been judged.
Posted RuntimeClient::Connection::post(HttpRequest request) {
  std::string refusal;
  request.method = "POST";
  request.hurry = {stop_fd_, kLastPost};
  if (wants_memory_ && peak_memory_kib_ > 0)
    request.headers.push_back(header(wire::kPeakMemory, std::to_string(peak_memory_kib_)));
  request.receiver = [&](int, std::string_view piece) { return append_refusal(refusal, piece); };
  const auto answer = http_.exchange(request);
  Posted posted{answer.status, {}};
  if (posted.status == 0) posted.reason = answer.failure;
  if (posted.status != 0 && !posted.accepted()) posted.reason = refusal_in_words(posted.status, refusal);
  return posted;
}

Posted RuntimeClient::Connection::post_error(std::string path, std::vector<ContextHeader> headers,
                                             const std::string& body, base::Deadline limit) {
  HttpRequest request;
  request.path = std::move(path);
  request.headers = std::move(headers);
  request.length = body.size();
  request.body = [&](std::size_t offset, std::span<char> buffer) -> base::Result<std::size_t> {
    return body.copy(buffer.data(), buffer.size(), offset);
  };
  request.limit = with_grace(limit);
  return post(std::move(request));
}

RuntimeClient::RuntimeClient(const Endpoint& endpoint, int stop_fd)
    : endpoint_(endpoint), stop_fd_(stop_fd), connection_(std::make_unique<Connection>(endpoint, stop_fd)) {}
RuntimeClient::~RuntimeClient() = default;
RuntimeClient::RuntimeClient(RuntimeClient&&) noexcept = default;

Next RuntimeClient::next() {
  return connection_->next();
}

void RuntimeClient::measured(std::size_t peak_memory_kib) {
  connection_->measured(peak_memory_kib);
}

Posted RuntimeClient::post_response(const Invocation& invocation, const base::Spool& answer,
                                    std::string_view content_type, base::Deadline limit) {
  HttpRequest request;
  request.path = connection_->path(invocation, wire::kResponseSuffix);
  request.length = answer.size();
  request.headers.push_back(header("Content-Type", content_type));
  echo_invocation_id(invocation, request.headers);
  request.body = [&](std::size_t offset, std::span<char> buffer) { return answer.read_at(offset, buffer); };
  request.limit = with_grace(limit);
  return connection_->post(std::move(request));
}

base::Result<ResponseStream> RuntimeClient::open_stream(const Invocation& invocation,
                                                        std::string_view content_type) {
  ResponseStream::Target target{endpoint_, connection_->path(invocation, wire::kResponseSuffix), {}};
  target.headers.push_back(header("Content-Type", content_type));
  echo_invocation_id(invocation, target.headers);
  target.hurry = {stop_fd_, kLastPost};
  return ResponseStream::open(std::move(target));
}

Posted RuntimeClient::post_error(const Invocation& invocation, const FunctionError& error,
                                 std::string_view xray_cause, base::Deadline limit) {
  auto headers = error_headers(error, xray_cause);
  echo_invocation_id(invocation, headers);
  return connection_->post_error(connection_->path(invocation, wire::kErrorSuffix), std::move(headers),
                                 error.body(), limit);
}

Posted RuntimeClient::post_restore_error(const FunctionError& error) {
  return connection_->post_error(connection_->path(wire::kRestoreErrorPath), error_headers(error, {}),
                                 error.body(), base::Deadline::after(kInitErrorLimit));
}

Posted RuntimeClient::post_init_error(const FunctionError& error) {
  return connection_->post_error(connection_->path(wire::kInitErrorPath), error_headers(error, {}),
                                 error.body(), base::Deadline::after(kInitErrorLimit));
}

}  // namespace api
