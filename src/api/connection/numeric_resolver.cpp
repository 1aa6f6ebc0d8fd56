// SPDX-License-Identifier: Apache-2.0
//
// The C library's resolver in a static program wants shared libraries of exactly its own version at run time
// (NSS), asks nscd and DNS, and fails for "localhost" where /etc/hosts is missing, as in a bare container.
// All that we ever connect to is an address on this machine. So this file defines the three functions itself:
// the linker then never takes the C library's (123 KB less), and nothing can be looked up by accident.
#include "api/connection/numeric_resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

namespace {

// One allocation per result, so that freeaddrinfo can walk any list.
struct Entry {
  addrinfo info{};
  sockaddr_storage address{};
};

// The address of `text` in `family`; the length of what was stored, 0 where it is none.
socklen_t parse_address(const char* text, int family, in_port_t port, sockaddr_storage& storage) {
  storage.ss_family = static_cast<sa_family_t>(family);
  if (family == AF_INET) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    v4->sin_port = port;
    return inet_pton(AF_INET, text, &v4->sin_addr) == 1 ? sizeof(sockaddr_in) : 0;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  v6->sin6_port = port;
  return inet_pton(AF_INET6, text, &v6->sin6_addr) == 1 ? sizeof(sockaddr_in6) : 0;
}

addrinfo* make_entry(const char* text, int family, in_port_t port, const addrinfo* hints) {
  auto entry = std::unique_ptr<Entry>(new (std::nothrow) Entry);
  if (!entry) return nullptr;
  entry->info.ai_addrlen = parse_address(text, family, port, entry->address);
  if (entry->info.ai_addrlen == 0) return nullptr;
  entry->info.ai_family = family;
  entry->info.ai_socktype = hints != nullptr && hints->ai_socktype != 0 ? hints->ai_socktype : SOCK_STREAM;
  entry->info.ai_protocol = hints != nullptr ? hints->ai_protocol : 0;
  entry->info.ai_addr = reinterpret_cast<sockaddr*>(&entry->address);
  return &entry.release()->info;
}

bool parse_port(const char* service, in_port_t& port) {
  if (service == nullptr) return true;
  const std::string_view text = service;
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  port = htons(number);
  return error == std::errc() && end == text.data() + text.size();
}

// No name at all means this machine too: a server never listens to the world by accident.
bool is_this_machine(const char* node) {
  return node == nullptr || std::strcmp(node, "localhost") == 0;
}

}  // namespace

namespace api {

bool is_resolvable(const std::string& host) {
  if (host.find('\0') != std::string::npos) return false;  // the C functions would stop there
  sockaddr_storage unused{};
  return is_this_machine(host.c_str()) || parse_address(host.c_str(), AF_INET, 0, unused) != 0 ||
         parse_address(host.c_str(), AF_INET6, 0, unused) != 0;
}

}  // namespace api

// netdb.h declares them with restrict-qualified pointers and noexcept in places; the names are the C
// library's.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
  in_port_t port = 0;
  if (!parse_port(service, port)) return EAI_SERVICE;
  const int wanted = hints != nullptr ? hints->ai_family : AF_UNSPEC;
  const bool here = is_this_machine(node);
  addrinfo* v4 = wanted == AF_INET6 ? nullptr : make_entry(here ? "127.0.0.1" : node, AF_INET, port, hints);
  addrinfo* v6 = wanted == AF_INET ? nullptr : make_entry(here ? "::1" : node, AF_INET6, port, hints);
  if (v4 != nullptr) v4->ai_next = v6;
  *result = v4 != nullptr ? v4 : v6;
  return *result != nullptr ? 0 : EAI_NONAME;
}

extern "C" void freeaddrinfo(addrinfo* list) noexcept {
  while (list != nullptr) {
    auto* const next = list->ai_next;
    delete reinterpret_cast<Entry*>(list);  // info is the first member
    list = next;
  }
}

extern "C" int getnameinfo(const sockaddr* address, socklen_t, char* host, socklen_t host_size, char* service,
                           socklen_t service_size, int) {
  const bool is_v4 = address->sa_family == AF_INET;
  if (!is_v4 && address->sa_family != AF_INET6) return EAI_FAMILY;
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
  const void* bytes = is_v4 ? static_cast<const void*>(&v4->sin_addr) : &v6->sin6_addr;
  if (host != nullptr && host_size > 0 && inet_ntop(address->sa_family, bytes, host, host_size) == nullptr) {
    return EAI_OVERFLOW;
  }
  const int port = ntohs(is_v4 ? v4->sin_port : v6->sin6_port);
  if (service != nullptr && service_size > 0) std::snprintf(service, service_size, "%d", port);
  return 0;
}
