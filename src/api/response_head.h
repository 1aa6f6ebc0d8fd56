// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/invocation.h"

#include <string>
#include <string_view>
#include <vector>

namespace api {

/// The status line and the headers of an answer, kept byte for byte while an HTTP library reads them: the
/// library we use percent-decodes header values and refuses an answer for one strange byte, while the values
/// go to handlers as they came. Pure.
class ResponseHead {
 public:
  void clear();

  /// The next byte of the connection. The result is what the library may see: the byte, or "?" in place of
  /// one that it would refuse the whole answer for. nullopt: this is no HTTP, give up.
  std::optional<char> take(char byte);

  /// The empty line has come; bytes that follow are the body and must not be taken.
  [[nodiscard]] bool complete() const { return complete_; }

  /// Only when complete.
  [[nodiscard]] int status() const;
  [[nodiscard]] std::vector<ContextHeader> headers() const;

 private:
  void finish();

  std::string bytes_;
  std::size_t line_start_ = 0;
  bool complete_ = false;
};

}  // namespace api
