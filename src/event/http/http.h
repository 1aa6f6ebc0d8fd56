// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"

#include <string>
#include <string_view>
#include <vector>

namespace event {

/// Whose event it is, and so the shape of the answer.
enum class HttpSource {
  rest_1_0,    ///< API Gateway REST, and HTTP API with payload format 1.0
  http_2_0,    ///< Function URL, and HTTP API with payload format 2.0
  alb_single,  ///< load balancer
  alb_multi,   ///< load balancer with multi-value headers
};

/// A header field; names keep their spelling and are compared without case.
struct Header {
  std::string name;
  std::string value;
};
using Headers = std::vector<Header>;

/// The value of the first one; nullptr: there is none. Lives as long as the list does.
const std::string* find_header(const Headers& headers, std::string_view name);

/// Fit for a method or the name of a header (RFC 9110, 5.6.2).
bool is_token(std::string_view text);

/// Who the gateway has let in; empty texts: it did not ask.
struct Authentication {
  std::string scheme;  ///< as in AUTH_TYPE: AWS4-HMAC-SHA256, Bearer, …
  std::string user;
};

/// One HTTP request, whichever event it came in. Move only.
struct HttpRequest {
  HttpSource source = HttpSource::http_2_0;
  std::string method;     ///< never empty
  std::string mount;      ///< what the client's path has before `path`: the stage of a REST API; else empty
  std::string path;       ///< percent-encoded; never empty
  std::string query;      ///< percent-encoded, without "?"
  Headers headers;        ///< cookies are one header
  base::Spool body;       ///< without base64; see has_body
  bool has_body = false;  ///< false: none was sent, which is not the same as an empty one
  std::string source_ip;  ///< empty: not known
  std::string protocol;   ///< HTTP/1.1
  std::string domain;     ///< of the gateway; empty: not known
  bool https = true;
  Authentication authentication;
};

/// Status line and header of an answer.
struct ResponseHead {
  int status = 200;
  std::string reason;  ///< empty: that of the status
  Headers headers;     ///< in order; repeated ones as often as they came
};

struct HttpResponse {
  ResponseHead head;
  base::Spool body;
};

/// "Not Found"; empty for a status that nobody has named.
std::string_view reason_of(int status);

/// Whether an answer may have a body at all: not to HEAD, and not with 1xx, 204, 205 and 304.
bool allows_body(std::string_view method, int status);

}  // namespace event
