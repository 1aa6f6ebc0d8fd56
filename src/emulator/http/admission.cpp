// SPDX-License-Identifier: Apache-2.0
#include "emulator/http/admission.h"

#include "base/text/text.h"
#include "emulator/http/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace emulator {
namespace {

constexpr std::size_t kLongestName = 253;  // of DNS
constexpr std::size_t kLongestPort = 5;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

/// "" or ":" and digits.
bool is_port(std::string_view text) {
  if (text.empty()) return true;
  return text.front() == ':' && text.size() <= 1 + kLongestPort &&
         std::ranges::all_of(text.substr(1), is_digit);
}

std::optional<std::string> address_in_brackets(std::string_view host) {
  const auto end = host.find(']');
  if (end == host.npos || !is_port(host.substr(end + 1))) return std::nullopt;
  std::string address(host.substr(1, end - 1));
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return std::nullopt;
  return base::ascii_lower(address);
}

/// 127.0.0.0/8, also as browsers and curl shorten it (127.1). A name that is all digits and dots is an
/// address everywhere.
bool is_loopback_v4(const std::string& name) {
  in_addr address{};
  const bool numeric = std::ranges::all_of(name, [](char c) { return is_digit(c) || c == '.'; });
  return numeric && ::inet_aton(name.c_str(), &address) != 0 && ntohl(address.s_addr) >> 24U == 127;
}

bool is_loopback_v6(const std::string& name) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, name.c_str(), &address) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&address) || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

/// Of "http://HOST/path"; nullopt: the target is no absolute one.
std::optional<std::string_view> host_of_target(std::string_view target) {
  const auto mark = target.find("://");
  if (target.starts_with('/') || mark == target.npos) return std::nullopt;
  const auto rest = target.substr(mark + 3);
  return rest.substr(0, rest.find_first_of("/?"));
}

bool comes_from_a_page(const HttpRequest& head) {
  const auto site = head.header("Sec-Fetch-Site");
  return !head.header("Origin").empty() || (!site.empty() && site != "none");
}

NotAdmitted refused_host(const std::optional<std::string>& name, const std::string& option) {
  if (!name) return {403, "the Host of the request is no host name"};
  return {403,
          "the host \"" + *name +
              "\" is refused, because web pages reach this machine by names of their own (DNS rebinding): " +
              (option.empty() ? "ask for localhost or 127.0.0.1" : option + " " + *name + " allows it")};
}

std::optional<NotAdmitted> why_not_host(std::string_view host, const Admission& admission) {
  const auto name = host_name(host);
  const auto named = [&](const std::string& known) { return known == "*" || known == name; };
  if (name && is_loopback_name(*name)) return std::nullopt;
  if (name && std::ranges::any_of(admission.hosts, named)) return std::nullopt;
  return refused_host(name, admission.option);
}

}  // namespace

std::optional<std::string> host_name(std::string_view host) {
  if (host.starts_with('[')) return address_in_brackets(host);
  const auto colon = std::min(host.find(':'), host.size());
  if (!is_port(host.substr(colon))) return std::nullopt;
  auto name = base::ascii_lower(host.substr(0, colon));
  if (name.ends_with('.')) name.pop_back();
  const bool valid = !name.empty() && name.size() <= kLongestName && !name.starts_with('.') &&
                     std::ranges::all_of(name, is_name_character);
  return valid ? std::optional(name) : std::nullopt;
}

bool is_loopback_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> kNames = {"localhost", "host.docker.internal",
                                                      "host.containers.internal"};
  if (std::ranges::find(kNames, name) != kNames.end() || name.ends_with(".localhost")) return true;
  const std::string text(name);
  return is_loopback_v4(text) || is_loopback_v6(text);
}

std::optional<NotAdmitted> why_not_admitted(const HttpRequest& head, const Admission& admission) {
  if (!admission.web_pages && comes_from_a_page(head))
    return NotAdmitted{403, "web pages may not ask this server (Origin or Sec-Fetch-Site header)"};
  const auto hosts = std::ranges::count_if(
      head.headers, [](const auto& header) { return base::equal_ignoring_case(header.name, "Host"); });
  if (hosts > 1) return NotAdmitted{400, "the request has several Host headers"};
  if (hosts == 0 && head.version != "HTTP/1.0") return NotAdmitted{400, "the request has no Host header"};
  if (const auto host = host_of_target(head.target))
    if (auto why = why_not_host(*host, admission)) return why;
  return hosts == 1 ? why_not_host(head.header("Host"), admission) : std::nullopt;
}

}  // namespace emulator
