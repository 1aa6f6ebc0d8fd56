// SPDX-License-Identifier: Apache-2.0
#include "api/wire/function_error.h"

#include "base/text/text.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace api {
namespace {

using nlohmann::json;

// An error body beyond 6 MiB hangs the call on one emulator, beyond 1 MiB it is refused by another; the
// service's own limit is not known. Far below all of them there is room for any message worth reading.
constexpr std::size_t kLargestBody = std::size_t{192} * 1024;
// In base64, with both names and the type, below the 4,096 bytes that a server written in Go allows trailers.
constexpr std::size_t kLargestTrailer = 2800;
constexpr std::size_t kLargestCause = std::size_t{64} * 1024;
constexpr std::size_t kLongestLabel = 1024;  // names and directories inside of these documents

std::string head(std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80) --limit;
  }
  return base::repair_utf8(text.substr(0, limit));
}

// The last lines that fit: what a program says last is why it failed.
std::vector<std::string> last_lines(const std::vector<std::string>& lines, std::size_t room) {
  std::vector<std::string> kept;
  for (auto line = lines.rbegin(); line != lines.rend() && line->size() < room; ++line) {
    room -= line->size() + 1;
    kept.push_back(base::repair_utf8(*line));
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

std::string shown_type(const FunctionError& error) {
  return head(error.shown_type.value_or(error.type.text()), kLongestLabel);
}

json body_document(const FunctionError& error, std::size_t room) {
  return {{"errorMessage", head(error.message, room)},
          {"errorType", shown_type(error)},
          {"stackTrace", last_lines(error.stack_trace, room)}};
}

json stack_frames(const std::vector<std::string>& lines) {
  json frames = json::array();
  for (const auto& line : lines) frames.push_back({{"label", line}});
  return frames;
}

json cause_document(const FunctionError& error, std::string_view working_directory, std::size_t room) {
  const std::string message = head(error.message, room);
  const json exception = {{"message", message},
                          {"type", shown_type(error)},
                          {"stack", stack_frames(last_lines(error.stack_trace, room))}};
  return {{"exceptions", json::array({exception})},
          {"message", message},
          {"paths", json::array()},
          {"working_directory", head(working_directory, kLongestLabel)}};
}

// `document` of as much text as its written form, where escapes may take six times the room, fits into
// `limit`.
template <typename Document>
std::string write_within(std::size_t limit, bool ascii, const Document& document) {
  for (std::size_t room = limit / 2;; room /= 2) {
    std::string text = document(room).dump(-1, ' ', ascii, json::error_handler_t::replace);
    if (text.size() <= limit || room == 0) return text;
  }
}

}  // namespace

std::string FunctionError::body() const {
  return write_within(kLargestBody, false, [&](std::size_t room) { return body_document(*this, room); });
}

std::string FunctionError::trailer_body() const {
  return write_within(kLargestTrailer, false, [&](std::size_t room) { return body_document(*this, room); });
}

std::string FunctionError::xray_cause(std::string_view working_directory) const {
  return write_within(kLargestCause, true,
                      [&](std::size_t room) { return cause_document(*this, working_directory, room); });
}

}  // namespace api
