// SPDX-License-Identifier: Apache-2.0
#include "runtime/log_stream.h"

#include "base/text.h"

namespace runtime {

void LineTail::add(std::string_view bytes) {
  if (bytes.size() >= kBytes) bytes_.clear();
  bytes_.append(bytes.substr(bytes.size() - std::min(bytes.size(), kBytes)));
  // Trimmed at twice the size only, so that a flood costs one move per 8 KiB and not one per write.
  if (bytes_.size() > 2 * kBytes) bytes_.erase(0, bytes_.size() - kBytes);
}

std::vector<std::string> LineTail::lines() const {
  auto text = base::utf8_tail(bytes_, kBytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return {};
  const auto all = base::split(text, '\n');
  const std::size_t first = all.size() - std::min(all.size(), kLines);
  return {all.begin() + static_cast<std::ptrdiff_t>(first), all.end()};
}

bool LogStream::take(std::string_view bytes) {
  tail_.add(bytes);
  while (!bytes.empty()) bytes.remove_prefix(take_piece(bytes.substr(0, kLongestLine - partial_.size())));
  return true;
}

// Takes whole lines, or what there is of one; how much that was.
std::size_t LogStream::take_piece(std::string_view piece) {
  const auto end = piece.rfind('\n');
  if (end != std::string_view::npos) {
    pass_on_lines(piece.substr(0, end + 1));
    return end + 1;
  }
  partial_.append(piece);
  if (partial_.size() == kLongestLine) finish();
  return piece.size();
}

void LogStream::pass_on_lines(std::string_view bytes) {
  if (partial_.empty()) return logger_.pass_on(bytes);
  partial_.append(bytes);
  logger_.pass_on(partial_);
  partial_.clear();
}

void LogStream::finish() {
  if (partial_.empty()) return;
  pass_on_lines("\n");
}

}  // namespace runtime
