// SPDX-License-Identifier: Apache-2.0
#include "cli/package/check_inflate.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace cli {
namespace {

constexpr unsigned kLongestCode = 15;

/// Bits from low to high. Past the end they are 0, and `is_over` says so.
class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  unsigned take(unsigned count) {
    unsigned value = 0;
    for (unsigned i = 0; i < count; ++i) value |= bit() << i;
    return value;
  }
  unsigned bit() {
    if (position_ / 8 >= bytes_.size()) {
      is_over_ = true;
      return 0;
    }
    const auto byte = static_cast<unsigned char>(bytes_[position_ / 8]);
    return (byte >> (position_++ % 8)) & 1U;
  }
  void skip_to_byte() { position_ = (position_ + 7) / 8 * 8; }
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
  bool is_over_ = false;
};

/// A canonical Huffman code, decoded bit by bit: how many codes have each length, and the symbols in their
/// order.
class HuffmanCode {
 public:
  explicit HuffmanCode(std::span<const std::uint8_t> lengths) : symbols_(lengths.size()) {
    for (const auto length : lengths) ++counts_[length];
    counts_[0] = 0;
    std::array<std::size_t, kLongestCode + 2> first{};
    for (unsigned length = 1; length <= kLongestCode; ++length)
      first[length + 1] = first[length] + counts_[length];
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol)
      if (lengths[symbol] != 0) symbols_[first[lengths[symbol]]++] = static_cast<int>(symbol);
  }

  /// -1: no such code.
  int decode(BitReader& reader) const {
    unsigned code = 0;
    unsigned first = 0;
    std::size_t index = 0;
    for (unsigned length = 1; length <= kLongestCode; ++length) {
      code |= reader.bit();
      const unsigned count = counts_[length];
      if (code < first) return -1;  // more codes than bits can tell apart
      if (code - first < count) return symbols_[index + code - first];
      index += count;
      first = (first + count) << 1U;
      code <<= 1U;
    }
    return -1;
  }

 private:
  std::array<unsigned, kLongestCode + 1> counts_{};
  std::vector<int> symbols_;
};

// RFC 1951, 3.2.5: the least length or distance of each symbol, and how many bits are added to it.
constexpr std::array<unsigned, 29> kLengths = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                               15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                               67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<unsigned, 29> kLengthBits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<unsigned, 30> kDistances = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<unsigned, 30> kDistanceBits = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                                    6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};
constexpr std::array<unsigned, 19> kOrderOfLengths = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                      11, 4,  12, 3, 13, 2, 14, 1, 15};

class Inflater {
 public:
  Inflater(std::string_view bytes, std::uint64_t limit) : reader_(bytes), limit_(limit) {}

  std::optional<std::string> all() {
    for (bool is_last = false; !is_last && !is_full();) {
      is_last = reader_.bit() == 1;
      if (!block(reader_.take(2)) || reader_.is_over()) return std::nullopt;
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool is_full() const { return out_.size() >= limit_; }

  bool block(unsigned type) {
    if (type == 0) return stored();
    if (type == 1) return fixed();
    return type == 2 && dynamic();
  }

  bool stored() {
    reader_.skip_to_byte();
    const unsigned length = reader_.take(16);
    if ((reader_.take(16) ^ length) != 0xffffU) return false;
    for (unsigned i = 0; i < length && !is_full() && !reader_.is_over(); ++i)
      out_.push_back(static_cast<char>(reader_.take(8)));
    return true;
  }

  bool fixed() {
    std::array<std::uint8_t, 288> lengths{};
    std::fill(lengths.begin(), lengths.begin() + 144, std::uint8_t{8});
    std::fill(lengths.begin() + 144, lengths.begin() + 256, std::uint8_t{9});
    std::fill(lengths.begin() + 256, lengths.begin() + 280, std::uint8_t{7});
    std::fill(lengths.begin() + 280, lengths.end(), std::uint8_t{8});
    std::array<std::uint8_t, 30> distances{};
    distances.fill(5);
    return coded(HuffmanCode(lengths), HuffmanCode(distances));
  }

  bool dynamic() {
    const unsigned literal_count = reader_.take(5) + 257;
    const unsigned distance_count = reader_.take(5) + 1;
    const unsigned given = reader_.take(4) + 4;
    std::array<std::uint8_t, 19> own{};
    for (unsigned i = 0; i < given; ++i) own[kOrderOfLengths[i]] = static_cast<std::uint8_t>(reader_.take(3));
    const auto lengths = code_lengths(HuffmanCode(own), literal_count + distance_count);
    if (!lengths) return false;
    const std::span<const std::uint8_t> both(*lengths);
    return coded(HuffmanCode(both.first(literal_count)), HuffmanCode(both.subspan(literal_count)));
  }

  std::optional<std::vector<std::uint8_t>> code_lengths(const HuffmanCode& code, std::size_t count) {
    std::vector<std::uint8_t> lengths;
    while (lengths.size() < count) {
      const int symbol = code.decode(reader_);
      if (symbol < 0 || reader_.is_over() || (symbol == 16 && lengths.empty())) return std::nullopt;
      if (symbol < 16) lengths.push_back(static_cast<std::uint8_t>(symbol));
      if (symbol == 16) lengths.insert(lengths.end(), 3 + reader_.take(2), std::uint8_t{lengths.back()});
      if (symbol == 17) lengths.insert(lengths.end(), 3 + reader_.take(3), std::uint8_t{0});
      if (symbol == 18) lengths.insert(lengths.end(), 11 + reader_.take(7), std::uint8_t{0});
    }
    if (lengths.size() > count) return std::nullopt;
    return lengths;
  }

  bool coded(const HuffmanCode& literals, const HuffmanCode& distances) {
    while (!is_full()) {
      const int symbol = literals.decode(reader_);
      if (symbol < 0 || reader_.is_over()) return false;
      if (symbol == 256) return true;
      if (symbol < 256)
        out_.push_back(static_cast<char>(symbol));
      else if (!copy(static_cast<std::size_t>(symbol) - 257, distances))
        return false;
    }
    return true;
  }

  bool copy(std::size_t symbol, const HuffmanCode& distances) {
    if (symbol >= kLengths.size()) return false;
    const auto length = kLengths[symbol] + reader_.take(kLengthBits[symbol]);
    const int code = distances.decode(reader_);
    if (code < 0 || static_cast<std::size_t>(code) >= kDistances.size()) return false;
    const auto place = static_cast<std::size_t>(code);
    const std::size_t distance = kDistances[place] + reader_.take(kDistanceBits[place]);
    if (distance > out_.size()) return false;
    for (unsigned i = 0; i < length && !is_full(); ++i) out_.push_back(out_[out_.size() - distance]);
    return true;
  }

  BitReader reader_;
  std::uint64_t limit_;
  std::string out_;
};

}  // namespace

std::optional<std::string> inflate(std::string_view bytes, std::uint64_t limit) {
  return Inflater(bytes, limit).all();
}

}  // namespace cli
