// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Little-endian.
inline std::string number(std::uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes.push_back(static_cast<char>(value >> (8 * i) & 0xffU));
  return bytes;
}

/// One entry of a zip file.
struct Zip {
  std::string name = "main.sh";
  std::string data = "#!/bin/sh\ncat\n";
  std::uint32_t mode = 0100755;
  std::uint32_t unpacked = 14;
  int method = 0;
  int flags = 0;
  std::uint32_t gap = 0;  ///< before its first byte
  int host = 3;           ///< that packed it: Unix; 0 for MS-DOS and Windows
  bool is_wide = false;   ///< its numbers stand in the extra field of Zip64

  [[nodiscard]] std::string directory(std::uint64_t offset) const {
    const auto part = [this](std::uint64_t value) { return number(is_wide ? 0xffffffffU : value, 4); };
    const auto wide = number(unpacked, 8) + number(data.size(), 8) + number(offset, 8);
    const auto extra =
        is_wide ? number(0x5455, 2) + number(1, 2) + "x" + number(1, 2) + number(24, 2) + wide : "";
    return "PK\1\2" + number(0x14, 1) + number(static_cast<std::uint64_t>(host), 1) + number(20, 2) +
           number(static_cast<std::uint64_t>(flags), 2) + number(static_cast<std::uint64_t>(method), 2) +
           number(0, 8) + part(data.size()) + part(unpacked) + number(name.size(), 2) +
           number(extra.size(), 2) + number(0, 6) + number(host == 3 ? std::uint64_t{mode} << 16U : 0, 4) +
           part(offset) + name + extra;
  }
  [[nodiscard]] std::string local() const {
    return "PK\3\4" + std::string(22, '\0') + number(name.size(), 2) + number(0, 2) + name + data;
  }
};

/// The bytes of a zip file, without the gap of its first entry. Wide: its end record is that of Zip64, too.
inline std::string zip_of(const std::vector<Zip>& entries) {
  const std::uint64_t gap = entries.front().gap;
  std::string text, list;
  for (const auto& entry : entries) {
    list += entry.directory(gap + text.size());
    text += entry.local();
  }
  const auto place = gap + text.size();
  text += list;
  const bool is_wide = entries.front().is_wide;
  if (is_wide) {
    const auto end = gap + text.size();
    text += "PK\6\6" + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8) +
            number(entries.size(), 8) + number(entries.size(), 8) + number(list.size(), 8) + number(place, 8);
    text += "PK\6\7" + number(0, 4) + number(end, 8) + number(1, 4);
  }
  const auto part = [&](std::uint64_t value, int count) {
    return number(is_wide ? ~std::uint64_t{0} : value, count);
  };
  return text + "PK\5\6" + number(0, 4) + part(entries.size(), 2) + part(entries.size(), 2) +
         part(list.size(), 4) + part(place, 4) + number(0, 2);
}
