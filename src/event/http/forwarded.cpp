// SPDX-License-Identifier: Apache-2.0
#include "event/http/forwarded.h"

#include "base/text/text.h"

#include <string_view>

namespace event {
namespace {

// "203.0.113.7", "203.0.113.7:4711" or "[2001:db8::7]:4711"
std::string without_port(std::string_view address) {
  if (address.starts_with('[')) return std::string(address.substr(1, address.find(']') - 1));
  const auto colon = address.find(':');
  const bool is_ipv6 =
      colon != std::string_view::npos && address.find(':', colon + 1) != std::string_view::npos;
  return std::string(is_ipv6 ? address : address.substr(0, colon));
}

}  // namespace

std::string last_forwarded_address(const Headers& headers) {
  const auto* all = find_header(headers, "X-Forwarded-For");
  if (all == nullptr) return {};
  return without_port(base::trim(std::string_view(*all).substr(all->rfind(',') + 1)));
}

}  // namespace event
