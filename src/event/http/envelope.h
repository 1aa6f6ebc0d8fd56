// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "event/http/http.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace event {

/// The JSON that a gateway turns into an HTTP response, in the format of `source`. The body is what `bytes`
/// has from `offset` on; it is base64 unless its type is a text's and it is UTF-8. Repeated headers are
/// joined, but for Set-Cookie. Fails only where memory does.
base::Result<base::Spool> to_envelope(const ResponseHead& head, const base::Spool& bytes, std::size_t offset,
                                      HttpSource source);

/// What a streamed answer starts with, as application/vnd.awslambda.http-integration-response: the envelope
/// without a body, and eight NULs.
std::string to_prelude(const ResponseHead& head, HttpSource source);
inline constexpr std::string_view kPreludeEnd{"\0\0\0\0\0\0\0\0", 8};

/// The other way: what a gateway makes of a function's answer, or of a prelude without its NULs. Of format
/// 2.0 any JSON without a statusCode is a body of its own, with status 200 and application/json. A body
/// always has a Content-Type. The error says why a gateway answers 502.
base::Result<HttpResponse> parse_envelope(std::string_view json, HttpSource source);

/// What a gateway calls a body that has no Content-Type, says docs/serve.md from where.
std::string_view type_of_untyped(HttpSource source);

/// The envelope that the response formats `text` and `base64` build: status 200, one header.
base::Result<base::Spool> wrap_body(const base::Spool& bytes, std::string_view content_type, bool base64);

}  // namespace event
