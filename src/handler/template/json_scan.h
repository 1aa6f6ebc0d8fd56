// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace handler {

/// Told of what a JSON text has, in its order. Offsets count bytes of the text.
class JsonVisitor {
 public:
  virtual ~JsonVisitor() = default;

  /// A value; where it is a container, what is in it comes between the two.
  virtual void begin(std::size_t offset) = 0;
  virtual void end(std::size_t offset) = 0;

  virtual void open() {}
  virtual void close() {}

  /// The next value is a member of the container that was opened last. `literal`: its name, with the quotes.
  virtual void member(std::string_view /*literal*/) {}
  /// The next value is an element of it.
  virtual void element() {}
};

/// Why a text is no JSON.
struct JsonFault {
  std::size_t offset;
  std::string expected;
};

/// Reads `text`, which may hold any bytes, strictly by RFC 8259 (UTF-8 included); nullopt: it is JSON. Builds
/// nothing, and takes one bit of memory for each open container. Numbers may be of any size.
std::optional<JsonFault> scan_json(std::string_view text, JsonVisitor& visitor);

}  // namespace handler
