// SPDX-License-Identifier: Apache-2.0
#include "event/json/json_check.h"

#include "base/text/utf8_check.h"
#include "event/text/pieces.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <nlohmann/json.hpp>

namespace event {
namespace {

// The bytes of a spool one after the other.
class ByteReader {
 public:
  explicit ByteReader(const base::Spool& spool) : spool_(spool) { fill(); }

  [[nodiscard]] bool at_end() const { return next_ == filled_; }
  [[nodiscard]] const char& byte() const { return buffer_[next_]; }
  /// Where the first NUL byte is of what was read so far.
  [[nodiscard]] std::optional<std::size_t> nul() const { return nul_; }

  void advance() {
    if (++next_ == filled_) fill();
  }

 private:
  void fill() {
    offset_ += filled_;
    next_ = 0;
    const auto got = spool_.read_at(offset_, buffer_);
    filled_ = got ? *got : 0;
    const auto nul = std::string_view(buffer_.data(), filled_).find('\0');
    if (!nul_ && nul != std::string_view::npos) nul_ = offset_ + nul;
  }

  const base::Spool& spool_;
  std::array<char, 4096> buffer_{};
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  std::size_t offset_ = 0;  // of the buffer
  std::optional<std::size_t> nul_;
};

// What the parser wants to read from.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  ByteIterator() = default;
  explicit ByteIterator(ByteReader& reader) : reader_(&reader) {}

  reference operator*() const { return reader_->byte(); }
  ByteIterator& operator++() {
    reader_->advance();
    return *this;
  }
  // Only ever asked of the end.
  friend bool operator==(const ByteIterator& a, const ByteIterator& b) {
    const auto* reader = a.reader_ != nullptr ? a.reader_ : b.reader_;
    return reader == nullptr || reader->at_end();
  }

 private:
  ByteReader* reader_ = nullptr;
};

// "[json.exception…] parse error at line 1, column 2: syntax error while parsing value - REASON; last read:
// …; expected …": what was read is payload.
std::string reason_in(std::string_view what) {
  if (what.find("number overflow") != std::string_view::npos) return "a number that is too large";
  constexpr std::string_view kBefore = " - ";
  const auto start = what.find(kBefore);
  if (start == std::string_view::npos) return "it cannot be parsed";
  what.remove_prefix(start + kBefore.size());
  return std::string(what.substr(0, what.find("; last read")));
}

class Check : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t bytes, const std::string&, const nlohmann::json::exception& fault) override {
    position = bytes;
    reason = reason_in(fault.what());
    return false;
  }

  std::size_t position = 0;  // bytes up to the fault, its last one included
  std::string reason;
};

// The parser's own words are wrong where it had to look one byte ahead, into the next line.
std::string place_of(const base::Spool& spool, std::size_t position) {
  ByteReader reader(spool);
  std::size_t line = 1;
  std::size_t column = 0;
  const auto end = std::min(position, spool.size());
  for (std::size_t i = 0; i < end; ++i, reader.advance()) {
    const bool is_newline = reader.byte() == '\n' && i + 1 < end;
    line += is_newline ? 1 : 0;
    column = is_newline ? 0 : column + 1;
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
         std::to_string(end) + ")";
}

}  // namespace

std::optional<std::string> json_fault(const base::Spool& bytes) {
  if (bytes.size() == 0) return "it is empty";
  ByteReader reader(bytes);
  Check check;
  const bool parsed = nlohmann::json::sax_parse(ByteIterator(reader), ByteIterator(), &check);
  // The parser takes a NUL byte for the end, whatever follows.
  if (reader.nul() && (parsed || check.position > *reader.nul()))
    return place_of(bytes, *reader.nul() + 1) + ": a NUL byte";
  if (parsed) return std::nullopt;
  return place_of(bytes, check.position) + ": " + check.reason;
}

std::optional<std::string> json_fault(std::string_view text) {
  base::Spool bytes;
  if (auto kept = bytes.append(text); !kept) return kept.error().message;
  return json_fault(bytes);
}

std::optional<std::string> text_fault(const base::Spool& bytes) {
  base::Utf8Check check;
  // Ends early by a Status that says nothing.
  const auto read = for_each_piece(bytes, 0, [&](std::string_view piece) -> base::Status {
    if (!check.take(piece)) return base::Error{};
    return base::Done{};
  });
  if (read && check.complete()) return std::nullopt;
  return "byte " + std::to_string(check.valid_bytes() + 1);
}

}  // namespace event
