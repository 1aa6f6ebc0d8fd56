// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace api {

/// Whether the programs of this project can resolve `host`: an IPv4 or IPv6 address without brackets, or
/// "localhost". Beside it, numeric_resolver.cpp defines getaddrinfo, freeaddrinfo and getnameinfo for every
/// program that links this room; the file says why.
bool is_resolvable(const std::string& host);

}  // namespace api
