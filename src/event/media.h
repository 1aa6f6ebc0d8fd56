// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/spool.h"
#include "event/http.h"

#include <cstddef>
#include <string_view>

namespace event {

/// text/…, JSON, XML, JavaScript, forms: what gateways pass on as text.
bool is_text_type(std::string_view content_type);

/// Whether the bytes of `body` from `offset` on must be base64 in JSON: their type is no text's, they are
/// compressed, or they are no UTF-8.
base::Result<bool> needs_base64(const Headers& headers, const base::Spool& body, std::size_t offset);

}  // namespace event
