// SPDX-License-Identifier: Apache-2.0
// What a warm shell says on its status pipe, which a function can write to as well. The first byte says in
// which pieces the rest arrives.
#include "proc/fork_server/status_lines.h"

#include "base/io/unique_fd.h"
#include "fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

using fuzzing::require;

namespace {

// A pipe holds 64 KiB; more could block.
constexpr std::size_t kMost = 32768;

struct Pipe {
  base::UniqueFd read_end;
  base::UniqueFd write_end;
};

Pipe open_pipe() {
  int ends[2];
  require(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0, "there are pipes");
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

// Lines that come in pieces, as a worker takes them.
std::string lines_in_pieces(std::string_view bytes, std::size_t piece) {
  auto pipe = open_pipe();
  proc::StatusLines lines;
  std::string found;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = bytes.substr(at, piece);
    require(::write(pipe.write_end.get(), part.data(), part.size()) == static_cast<ssize_t>(part.size()),
            "the pipe is read");
    while (const auto line = lines.next(pipe.read_end.get())) {
      require(line->find('\n') == std::string::npos, "a line has no line end");
      found += *line + "\n";
    }
  }
  return found;
}

}  // namespace

void fuzz(std::string_view input) {
  if (input.empty()) return;
  const auto piece = std::size_t{1} + static_cast<unsigned char>(input.front());
  auto rest = input.substr(1, kMost);
  lines_in_pieces(rest, piece);
  while (!rest.empty()) {
    const auto parsed = proc::parse_status_line(fuzzing::take_until(rest, '\n'));
    if (parsed) require(parsed->word.find(' ') == std::string::npos, "a word is one word");
  }
}
