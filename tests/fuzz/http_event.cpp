// SPDX-License-Identifier: Apache-2.0
// An event of any service, up to the request in it and the environment of a CGI program; and the same bytes
// as the answer of a function.
#include "event/http/http_event.h"

#include "event/cgi/cgi_request.h"
#include "event/http/envelope.h"
#include "fuzz.h"

#include <variant>

using event::HttpRequest;
using fuzzing::require;

namespace {

void check(const event::MetaVariables& variables) {
  constexpr std::string_view kName = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  for (const auto& variable : variables) {
    require(!variable.name.empty() && variable.name.find_first_not_of(kName) == std::string::npos,
            "a name is one of a variable");
    require(variable.name != "HTTP_PROXY", "no request sets a proxy");
    require(variable.value.find('\0') == std::string::npos, "a value has no NUL");
  }
}

void check_path(const event::MetaVariables& variables) {
  for (const auto& variable : variables) {
    if (variable.name != "PATH_INFO") continue;
    require((variable.value + "/").find("/../") == std::string::npos, "no path leads up");
  }
}

void check_way_back(const HttpRequest& request) {
  const auto json = event::to_event(request, {"id"});
  require(json.ok(), "there is an event for every request");
  auto parsed = event::parse_http_event(*json->text());
  const auto* again = std::get_if<HttpRequest>(&parsed);
  require(again != nullptr, "an event of ours is one");
  require(again->method == request.method && again->source == request.source, "it is the same request");
  require(again->mount + again->path == request.mount + request.path, "its path is the same");
  require(*again->body.text() == *request.body.text(), "its body is the same");
}

}  // namespace

void fuzz(std::string_view input) {
  for (const auto source :
       {event::HttpSource::http_2_0, event::HttpSource::rest_1_0, event::HttpSource::alb_multi})
    static_cast<void>(event::parse_envelope(input, source).ok());
  const auto parsed = event::parse_http_event(input);
  const auto* request = std::get_if<HttpRequest>(&parsed);
  if (request == nullptr) return;
  require(!request->method.empty() && request->path.starts_with('/'), "a request has a method and a path");
  for (const char* base : {"", "/a"}) {
    const auto built = event::cgi_variables(*request, {base, "X-Auth"});
    const auto* variables = std::get_if<event::MetaVariables>(&built);
    if (variables == nullptr) continue;
    check(*variables);
    check_path(*variables);
  }
  check_way_back(*request);
}
