// SPDX-License-Identifier: Apache-2.0
#include "runs.h"

#include "base/text/text.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace soak {
namespace {

constexpr std::size_t kReadSize = 64 * 1024;

pid_t number_in(std::string_view text) {
  pid_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

void complain(const char* what, std::string_view line) {
  std::fprintf(stderr, "soak: %s: \"%.*s\"\n", what, static_cast<int>(line.size()), line.data());
}

}  // namespace

Runs::Runs(const std::string& file, Ledger& ledger)
    : fd_(::open(file.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)), ledger_(ledger) {}

void Runs::close(const std::string& id) {
  read();
  open_.erase(id);
}

pid_t Runs::done_by(const std::string& id) const {
  const auto run = open_.find(id);
  return run == open_.end() ? 0 : run->second.done;
}

bool Runs::may_be_at_work(pid_t pid) const {
  return std::ranges::any_of(open_, [pid](const auto& open) {
    return open.second.begun < open.second.expected || open.second.begun_by == pid;
  });
}

void Runs::read() {
  char bytes[kReadSize];
  ssize_t got = 0;
  while ((got = ::read(fd_.get(), bytes, sizeof bytes)) > 0)
    unread_.append(bytes, static_cast<std::size_t>(got));
  std::size_t start = 0;
  for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', start)) {
    take(std::string_view(unread_).substr(start, end - start));
    start = end + 1;
  }
  unread_.erase(0, start);
}

void Runs::take(std::string_view line) {
  const auto words = base::split(line, ' ');
  const auto open = words.size() == 3 ? open_.find(std::string(words[1])) : open_.end();
  const bool begins = line.starts_with('b');
  if (open != open_.end() && begins) return begin(open->second, number_in(words[2]), line);
  if (open != open_.end()) return static_cast<void>(open->second.done = number_in(words[2]));
  if (!begins) return;  // of one that was ended between the line and its answer
  ++ledger_.stray_runs;
  complain("a run of nothing that is open", line);
}

void Runs::begin(Run& run, pid_t pid, std::string_view line) {
  run.begun_by = pid;
  if (++run.begun <= run.expected) return;
  ++ledger_.run_again;
  complain("a second run", line);
}

}  // namespace soak
