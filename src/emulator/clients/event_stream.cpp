// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/event_stream.h"

#include <array>
#include <cstdint>

namespace emulator {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;  // of CRC-32, as in gzip
constexpr char kString = 7;                        // type of a header's value

constexpr auto kTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? kPolynomial : 0);
    table[i] = value;
  }
  return table;
}();

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t value = 0xFFFFFFFF;
  for (const char c : bytes) value = (value >> 8U) ^ kTable[(value ^ static_cast<unsigned char>(c)) & 0xFFU];
  return ~value;
}

void add_number(std::string& text, std::uint32_t number, unsigned bytes) {
  while (bytes-- > 0) text += static_cast<char>((number >> (8U * bytes)) & 0xFFU);
}

void add_header(std::string& headers, std::string_view name, std::string_view value) {
  add_number(headers, static_cast<std::uint32_t>(name.size()), 1);
  headers.append(name) += kString;
  add_number(headers, static_cast<std::uint32_t>(value.size()), 2);
  headers.append(value);
}

}  // namespace

std::string event_message(std::string_view event_type, std::string_view content_type,
                          std::string_view payload) {
  constexpr std::size_t kFraming = 16;  // two lengths, two sums
  std::string headers;
  add_header(headers, ":message-type", "event");
  add_header(headers, ":event-type", event_type);
  add_header(headers, ":content-type", content_type);
  std::string message;
  add_number(message, static_cast<std::uint32_t>(kFraming + headers.size() + payload.size()), 4);
  add_number(message, static_cast<std::uint32_t>(headers.size()), 4);
  add_number(message, crc32(message), 4);
  message.append(headers).append(payload);
  add_number(message, crc32(message), 4);
  return message;
}

}  // namespace emulator
