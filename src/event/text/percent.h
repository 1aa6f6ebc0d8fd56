// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace event {

/// %XX decoded; a "%" without two hexadecimal digits stays what it is. "+" is no blank here.
std::string percent_decode(std::string_view text);

/// As the name or value of a query: everything but RFC 3986's unreserved characters is encoded.
std::string percent_encode(std::string_view text);

/// `path` with what can stand in no URL path encoded, and valid %XX as they are. HTTP APIs decode the path
/// of an event, all other sources leave it encoded, and nothing in the event tells which: so one rule that
/// leaves encoded paths alone and makes decoded ones whole again (but for a "%" and two digits in those).
std::string normalized_path(std::string_view path);

/// A decoded path without its "." and ".." segments (RFC 3986, 5.2.4); false: it leads above the root.
bool resolve_dots(std::string& path);

}  // namespace event
