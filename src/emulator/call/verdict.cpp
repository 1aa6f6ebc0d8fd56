// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/verdict.h"

#include "api/wire/wire.h"

#include <optional>
#include <utility>

namespace emulator {
namespace {

using api::wire::kLargestResponse;
using api::wire::kLargestStreamedResponse;

Verdict truncated() {
  return {FunctionFailed{"Runtime.TruncatedResponse", truncated_response_payload()}, Receipt::truncated()};
}

Verdict too_large(std::size_t size) {
  return {FunctionFailed{"Function.ResponseSizeTooLarge", response_too_large_payload(size, kLargestResponse)},
          Receipt::too_large(kLargestResponse)};
}

}  // namespace

Verdict judge_response(RuntimePost post) {
  if (!post.response_mode.empty() && post.response_mode != api::wire::kStreaming)
    return {FunctionFailed{"Runtime.InvalidResponseModeHeader",
                           invalid_response_mode_payload(post.response_mode)},
            Receipt::invalid_response_mode(post.response_mode)};
  if (!post.complete) return truncated();
  if (post.size > kLargestResponse) return too_large(post.size);
  return {Answered{std::move(post.body), std::move(post.content_type)}, Receipt::accepted()};
}

Verdict judge_error(RuntimePost post) {
  if (!post.complete) return truncated();
  if (post.size > kLargestResponse) return too_large(post.size);
  return {FunctionFailed{normalised_error_type(post.error_type), std::move(post.body)}, Receipt::accepted()};
}

bool StreamedResponse::take(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > kLargestStreamedResponse) return false;
  if (listener_ == nullptr && size_ <= kLargestResponse) collected_.append(bytes);
  return true;
}

Verdict StreamedResponse::judge(StreamEnd end) {
  if (!end.complete) return judge_broken();
  const bool failed = !end.error_type.empty();
  auto type = failed ? normalised_error_type(end.error_type) : "";
  if (listener_) return {Streamed{std::move(type), std::move(end.error_body)}, Receipt::accepted()};
  if (failed) return {FunctionFailed{std::move(type), std::move(end.error_body)}, Receipt::accepted()};
  return judge_collected();
}

Verdict StreamedResponse::judge_broken() const {
  const bool is_large = size_ > kLargestStreamedResponse;
  const std::string type = is_large ? "Function.ResponseSizeTooLarge" : "Runtime.TruncatedResponse";
  auto payload =
      is_large ? response_too_large_payload(size_, kLargestStreamedResponse) : truncated_response_payload();
  const auto receipt = is_large ? Receipt::too_large(kLargestStreamedResponse) : Receipt::truncated();
  if (listener_) return {Streamed{type, std::move(payload)}, receipt};
  return {FunctionFailed{type, std::move(payload)}, receipt};
}

Verdict StreamedResponse::judge_collected() {
  if (size_ > kLargestResponse) return too_large(size_);
  return {Answered{std::move(collected_), content_type_}, Receipt::accepted()};
}

}  // namespace emulator
