// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/http/http_server.h"

#include <optional>
#include <string_view>

namespace emulator {

/// Method, target, version and headers of a request, byte for byte and in their order; `path` stays empty.
/// Lines without CR LF are none.
HttpRequest parse_head(std::string_view head);

/// Why nobody can tell where this request ends and the next one on its connection begins; nullopt: it is
/// clear.
std::optional<NotAdmitted> framing_fault(std::string_view head, const HttpRequest& parsed);

/// Whether an answer with this status can have a body (RFC 9110, 6.4.1). HEAD has none with any status.
bool has_body(int status);

}  // namespace emulator
