// SPDX-License-Identifier: Apache-2.0
#include "handler/program/foreign_program.h"

#include "base/io/read_at.h"

#include <cstdint>

namespace handler {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kWindowsHeader = 0x3c;  // where a PE file says at which offset "PE" stands

/// A Mach-O file for several machines. A Java class begins alike, with its version (45 and more) in place of
/// the number of machines.
bool is_universal(std::string_view head) {
  return head.size() >= 8 && head.starts_with("\xCA\xFE\xBA\xBE\0\0\0"sv) &&
         static_cast<unsigned char>(head[7]) < 40;
}

bool is_windows(std::string_view head) {
  if (!head.starts_with("MZ")) return false;
  const auto offset = base::read_at<std::uint32_t>(head, kWindowsHeader);
  return offset && *offset < head.size() && head.substr(*offset).starts_with("PE\0\0"sv);
}

}  // namespace

std::string_view foreign_system(std::string_view head) {
  const bool is_thin = head.starts_with("\xCF\xFA\xED\xFE"sv) || head.starts_with("\xCE\xFA\xED\xFE"sv);
  if (is_thin || is_universal(head)) return "macOS";
  return is_windows(head) ? "Windows" : "";
}

}  // namespace handler
