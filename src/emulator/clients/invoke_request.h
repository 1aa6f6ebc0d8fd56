// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/clients/invoke_refusal.h"
#include "emulator/http/http_server.h"

#include <string>
#include <string_view>
#include <variant>

namespace emulator {

enum class InvocationType { request_response, event, dry_run };

/// A call as an SDK sends it, checked as the service does.
struct InvokeRequest {
  std::string name;       ///< of the function, without account and region
  std::string qualifier;  ///< version or alias; empty: not given
  InvocationType type = InvocationType::request_response;
  bool wants_log = false;
  bool streams = false;        ///< InvokeWithResponseStream
  std::string payload;         ///< JSON; "{}" where there was none
  std::string client_context;  ///< JSON, one line of ASCII
  std::string tenant_id;
  std::string trace_id;
};

/// Pure. Only for POST.
std::variant<InvokeRequest, InvokeRefusal> parse_invoke_request(const HttpRequest& request);

/// Up to 256 letters, digits, blanks and ._:/=+-@, as Lambda documents it.
bool is_tenant_id(std::string_view text);

}  // namespace emulator
