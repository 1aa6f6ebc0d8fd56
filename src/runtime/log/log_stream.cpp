// SPDX-License-Identifier: Apache-2.0
#include "runtime/log/log_stream.h"

#include <algorithm>

namespace runtime {

bool LogStream::take(std::string_view bytes) {
  tail_.add(bytes);
  if (partial_.empty()) {
    partial_ = pass_on_lines(bytes);
    return true;
  }
  partial_.append(bytes);
  // Whoever writes a long line byte by byte does not have all of it searched for each of them.
  if (bytes.find('\n') == std::string_view::npos && partial_.size() <= LogRecords::kLongestPiece) return true;
  const auto rest = pass_on_lines(partial_);
  partial_.erase(0, partial_.size() - rest.size());
  return true;
}

// What is left of `bytes`: the start of a line, no longer than a piece.
std::string_view LogStream::pass_on_lines(std::string_view bytes) {
  if (records_.are_untouched() && bytes.size() <= LogRecords::kLongestPiece) return pass_on_untouched(bytes);
  records_.came_now();
  std::string lines;
  for (;;) {
    const auto end = bytes.find('\n');
    const bool too_long = std::min(end, bytes.size()) > LogRecords::kLongestPiece;
    if (!too_long && end == std::string_view::npos) break;
    const auto piece = too_long ? base::head_of(bytes, LogRecords::kLongestPiece) : bytes.substr(0, end);
    records_.append(lines, piece, too_long);
    bytes.remove_prefix(piece.size() + (too_long ? 0 : 1));
    if (lines.size() >= LogRecords::kLongestPiece) pass_on(lines);
  }
  pass_on(lines);
  return bytes;
}

std::string_view LogStream::pass_on_untouched(std::string_view bytes) {
  const auto end = bytes.rfind('\n');
  if (end == std::string_view::npos) return bytes;
  logger_.pass_on(bytes.substr(0, end + 1), budget_);
  return bytes.substr(end + 1);
}

void LogStream::pass_on(std::string& lines) {
  if (!lines.empty()) logger_.pass_on(lines, budget_);
  lines.clear();
}

void LogStream::finish() {
  if (partial_.empty()) return;
  partial_.push_back('\n');
  pass_on_lines(partial_);
  partial_.clear();
}

}  // namespace runtime
