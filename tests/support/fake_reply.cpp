// SPDX-License-Identifier: Apache-2.0
#include "base/deadline.h"
#include "base/text/text.h"
#include "support/fake_runtime_api.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace support {
namespace {

constexpr std::chrono::minutes kUsualDeadline{5};

std::string deadline_of(const Event& event) {
  const auto ahead = base::unix_now() + kUsualDeadline;
  return std::to_string(event.deadline_ms.value_or(ahead.count()));
}

// Three chunks, so that a reader which stops after the first one is found out.
std::string in_chunks(const std::string& body) {
  std::string wire;
  const std::size_t piece = body.size() / 3 + 1;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    const auto part = body.substr(at, piece);
    std::array<char, 32> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", part.size());
    wire += size.data() + part + "\r\n";
  }
  return wire + "0\r\n\r\n";
}

}  // namespace

Reply Reply::with(int status, Headers headers, std::string body) {
  Reply reply;
  reply.status_ = status;
  reply.headers_ = std::move(headers);
  reply.body_ = std::move(body);
  return reply;
}

Reply Reply::event(const Event& event) {
  Headers headers{
      {"Content-Type", "application/json"},
      {"Lambda-Runtime-Aws-Request-Id", event.id},
      {"Lambda-Runtime-Deadline-Ms", deadline_of(event)},
      {"Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:test"}};
  headers.insert(headers.end(), event.headers.begin(), event.headers.end());
  return with(200, std::move(headers), event.body);
}

Reply Reply::error(int status, std::string_view error_type, std::string_view message) {
  std::string body = R"({"errorMessage":")";
  body.append(message).append(R"(","errorType":")").append(error_type).append("\"}\n");
  return with(status, {{"Content-Type", "application/json"}}, std::move(body));
}

Reply Reply::raw(std::string bytes) {
  Reply reply = with(0, {}, std::move(bytes));
  reply.framing_ = Framing::raw;
  reply.closes_ = true;
  return reply;
}

Reply Reply::nothing() {
  return raw("");
}

Reply& Reply::header(std::string name, std::string value) {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Reply& Reply::without_header(std::string_view name) {
  std::erase_if(headers_, [&](const auto& header) { return base::equal_ignoring_case(header.first, name); });
  return *this;
}

Reply& Reply::upper_case_headers() {
  for (auto& header : headers_) header.first = base::ascii_upper(header.first);
  return *this;
}

Reply& Reply::lower_case_headers() {
  for (auto& header : headers_) header.first = base::ascii_lower(header.first);
  return *this;
}

Reply& Reply::chunked() {
  framing_ = Framing::chunks;
  return *this;
}

Reply& Reply::until_close() {
  framing_ = Framing::until_close;
  return then_close();
}

Reply& Reply::in_packets_of(std::size_t bytes) {
  packet_ = bytes;
  return *this;
}

Reply& Reply::slowly(std::chrono::milliseconds pause) {
  pause_ = pause;
  return *this;
}

Reply& Reply::cut_after(std::size_t bytes) {
  cut_ = bytes;
  return then_close();
}

Reply& Reply::cut_body_after(std::size_t bytes) {
  cut_body_ = bytes;
  return then_close();
}

Reply& Reply::then_close() {
  closes_ = true;
  return *this;
}

Reply& Reply::keep_open() {
  closes_ = false;
  return *this;
}

Reply& Reply::by_reset() {
  resets_ = true;
  return *this;
}

Reply& Reply::held() {
  held_ = true;
  return *this;
}

std::string Reply::head() const {
  if (framing_ == Framing::raw) return {};
  std::string head = "HTTP/1.1 " + std::to_string(status_) + " Scripted\r\n";
  for (const auto& [name, value] : headers_) head += name + ": " + value + "\r\n";
  const bool has_length = framing_ == Framing::length && status_ != 204;
  if (has_length) head += "Content-Length: " + std::to_string(body_.size()) + "\r\n";
  if (framing_ == Framing::chunks) head += "Transfer-Encoding: chunked\r\n";
  return head + "\r\n";
}

std::string Reply::wire() const {
  const std::string head = this->head();
  std::string wire = head + (framing_ == Framing::chunks ? in_chunks(body_) : body_);
  if (cut_body_) wire.resize(std::min(wire.size(), head.size() + *cut_body_));
  if (cut_) wire.resize(std::min(wire.size(), *cut_));
  return wire;
}

}  // namespace support
