// SPDX-License-Identifier: Apache-2.0
// The body of a refusal by the Runtime API, up to the log.
#include "api/wire/refusal.h"

#include "base/text/text.h"
#include "fuzz.h"

#include <algorithm>

using fuzzing::require;

void fuzz(std::string_view input) {
  const auto words = api::refusal_in_words(403, input);
  require(words.starts_with("403"), "the status is said");
  require(words == base::repair_utf8(words), "a line of the log is UTF-8");
  require(words.size() < 2000, "it is short");
  require(std::none_of(words.begin(), words.end(),
                       [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }),
          "it is one line");
}
