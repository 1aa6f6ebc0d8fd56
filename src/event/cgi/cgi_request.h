// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event/http/http.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace event {

struct CgiOptions {
  std::string base_path;  ///< becomes SCRIPT_NAME; empty, or "/" and something, without "/" at its end
  /// The header that becomes HTTP_AUTHORIZATION: empty for none.
  std::string authorization_from;
};

/// One meta-variable of RFC 3875.
struct MetaVariable {
  std::string name;
  std::string value;  ///< never a NUL
};
using MetaVariables = std::vector<MetaVariable>;

/// The request is answered without starting the program.
struct RefusedRequest {
  int status;
  std::string cause;  ///< for the log
};

/// What a CGI program finds in its environment. Pure.
std::variant<MetaVariables, RefusedRequest> cgi_variables(const HttpRequest& request,
                                                          const CgiOptions& options);

/// The names of section 4.1 that a request may leave unset, and those with it: found in the environment of
/// the bootstrap they would be taken for the request's.
const std::vector<std::string_view>& cgi_names();

}  // namespace event
