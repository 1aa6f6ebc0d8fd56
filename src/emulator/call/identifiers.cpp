// SPDX-License-Identifier: Apache-2.0
#include "emulator/call/identifiers.h"

#include "base/deadline.h"

#include <sys/random.h>

#include <array>
#include <cstdio>
#include <ctime>

namespace emulator {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

/// `count` random hexadecimal digits, at most 32.
std::string random_hex(std::size_t count) {
  std::array<unsigned char, 32> bytes{};
  // Up to 256 bytes the call neither blocks (the pool is long filled) nor returns fewer.
  [[maybe_unused]] const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
  std::string text(count, '0');
  for (std::size_t i = 0; i < count; ++i) text[i] = kHexDigits[bytes[i] % 16];
  return text;
}

std::string utc_text(const char* format) {
  const std::time_t seconds = base::unix_now().count() / 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> buffer{};
  return {buffer.data(), std::strftime(buffer.data(), buffer.size(), format, &utc)};
}

}  // namespace

std::string new_request_id() {
  std::string digits = random_hex(32);
  digits[12] = '4';                               // version: random
  digits[16] = kHexDigits[8 + (digits[16] % 4)];  // variant: RFC 9562
  for (const std::size_t dash : {20U, 16U, 12U, 8U}) digits.insert(dash, 1, '-');
  return digits;
}

std::string new_trace_id() {
  std::array<char, 16> time{};
  std::snprintf(time.data(), time.size(), "%08llx",
                static_cast<unsigned long long>(base::unix_now().count() / 1000));
  return "Root=1-" + std::string(time.data()) + "-" + random_hex(24) + ";Parent=" + random_hex(16) +
         ";Sampled=0";
}

std::string new_log_stream_name(const std::string& function_version) {
  return utc_text("%Y/%m/%d/[") + function_version + "]" + random_hex(32);
}

std::string timestamp() {
  std::array<char, 8> millis{};
  std::snprintf(millis.data(), millis.size(), ".%03dZ", static_cast<int>(base::unix_now().count() % 1000));
  return utc_text("%Y-%m-%dT%H:%M:%S") + millis.data();
}

}  // namespace emulator
