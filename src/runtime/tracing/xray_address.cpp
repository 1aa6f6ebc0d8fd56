// SPDX-License-Identifier: Apache-2.0
#include "runtime/tracing/xray_address.h"

#include "base/text/text.h"

#include <optional>
#include <string>

namespace runtime {
namespace {

constexpr std::string_view kUdp = "udp:";

// The part that is about datagrams; nullopt: there is none, or more than one could mean.
std::optional<std::string_view> datagram_part(std::string_view text) {
  const auto parts = base::split(text, ' ');
  for (const auto part : parts)
    if (part.starts_with(kUdp)) return part.substr(kUdp.size());
  return parts.size() == 1 ? std::optional(text) : std::nullopt;
}

// The Runtime API's address may have more, and may have no port.
bool is_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  return text.find('/') == std::string_view::npos && colon != std::string_view::npos &&
         text.find(']', colon) == std::string_view::npos;
}

}  // namespace

base::Result<api::Endpoint> parse_xray_address(std::string_view text) {
  const auto part = datagram_part(base::trim(text));
  if (part && is_host_and_port(*part))
    if (auto endpoint = api::Endpoint::parse(*part)) return endpoint;
  return base::Error{"AWS_XRAY_DAEMON_ADDRESS is \"" + base::repair_utf8(text.substr(0, 100)) +
                     "\", which is no IP-ADDRESS:PORT"};
}

}  // namespace runtime
