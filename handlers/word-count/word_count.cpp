// SPDX-License-Identifier: Apache-2.0
// Counts what comes on standard input, as wc does: any event -> {"lines": 1, "words": 2, "bytes": 12}
// A compiled program needs nothing of ours: it reads, writes and exits.
#include <cctype>
#include <cstdio>
#include <cstdlib>

namespace {

struct Counts {
  unsigned long lines = 0;
  unsigned long words = 0;
  unsigned long bytes = 0;
};

Counts count(std::FILE* input) {
  Counts counts;
  bool in_word = false;
  for (int c = std::getc(input); c != EOF; c = std::getc(input)) {
    const bool blank = std::isspace(c) != 0;
    counts.words += !blank && !in_word;
    in_word = !blank;
    counts.lines += c == '\n';
    ++counts.bytes;
  }
  return counts;
}

}  // namespace

int main() {
  const Counts counts = count(stdin);
  std::printf("{\"lines\": %lu, \"words\": %lu, \"bytes\": %lu}\n", counts.lines, counts.words, counts.bytes);
  return std::ferror(stdin) != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
