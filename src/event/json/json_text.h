// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace event {

/// Decodes a JSON string piece by piece, so that a large one is never on the heap as a whole.
class StringReader {
 public:
  /// `literal`: with its quotes.
  explicit StringReader(std::string_view literal) : rest_(literal.substr(1, literal.size() - 2)) {}

  /// Appends at most about `limit` bytes to `text`; false: the literal is malformed. Surrogates without a
  /// partner become U+FFFD.
  bool read(std::size_t limit, std::string& text);

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  bool read_escape(std::string& text);
  bool read_code_point(std::string& text);
  std::optional<unsigned> read_unit();

  std::string_view rest_;
};

/// Appends what the string `literal` holds, base64 decoded where `base64` says so, piece by piece. The error
/// says what is wrong with it.
base::Status append_decoded(base::Spool& bytes, std::string_view literal, bool base64);

/// Appends `text` as the inside of a JSON string; what is not UTF-8 in it stays as it is.
void append_escaped(std::string& json, std::string_view text);

/// The same for bytes of a spool from `offset` on, written piece by piece.
base::Status append_escaped(base::Spool& json, const base::Spool& bytes, std::size_t offset);
/// And as base64.
base::Status append_base64(base::Spool& json, const base::Spool& bytes, std::size_t offset);

}  // namespace event
