// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct HttpRequest;

/// Whose requests a server takes. A server on loopback is open to every page in the user's browser: to
/// requests that pages send to other sites, which carry Origin or Sec-Fetch-Site, and, where a page's own
/// name is made to lead to 127.0.0.1 (DNS rebinding), to any request at all, recognised by that name in Host.
/// The default is closed: no page, and no names but those that no stranger can give away.
struct Admission {
  bool web_pages = false;          ///< browsers may ask, from whatever page
  std::vector<std::string> hosts;  ///< further names, as host_name() has them; "*": every one
  std::string option;              ///< of the command line, that adds to `hosts`; the refusal names it
};

/// The name of "NAME", "NAME:PORT" or "[IPV6]:PORT" in small letters, without port, brackets and the dot at
/// its end; nullopt where it is none.
std::optional<std::string> host_name(std::string_view host);

/// localhost and what ends in .localhost (RFC 6761: never looked up elsewhere), 127.0.0.0/8, ::1, and
/// host.docker.internal and host.containers.internal, by which containers reach this machine (.internal is
/// nobody's, by a decision of ICANN of 2024).
bool is_loopback_name(std::string_view name);

struct NotAdmitted {
  int status;
  std::string why;  ///< one sentence, fit for a log line: it holds nothing of the request but a valid name
};

/// Why a request with this head is not taken; nullopt: it is. HTTP/1.1 needs exactly one Host; HTTP/1.0,
/// which no browser speaks, none. The host of an absolute target counts as well.
std::optional<NotAdmitted> why_not_admitted(const HttpRequest& head, const Admission& admission);

}  // namespace emulator
