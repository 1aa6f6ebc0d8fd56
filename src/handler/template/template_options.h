// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "handler/template/template_dialects.h"

#include <string_view>

namespace handler {

/// What an option is followed by.
struct OptionReading {
  enum class Follows { nothing, code, program, argument, two_arguments };

  Follows follows = Follows::nothing;
  bool is_joined = false;   ///< in the same word: -eCODE, --eval=CODE
  bool code_later = false;  ///< and the first operand is code: -co pipefail
};

/// `text`: the option as its program reads it, or the beginning of it that does not depend on an event; at
/// least "-" and a letter, or one of dialect.code_words. Pure.
OptionReading read_option(const Dialect& dialect, std::string_view text);

}  // namespace handler
