// SPDX-License-Identifier: Apache-2.0
#include "event/cgi/cgi_request.h"

#include "base/text/text.h"
#include "base/version.h"
#include "event/text/percent.h"

#include <algorithm>
#include <array>
#include <utility>

namespace event {
namespace {

using base::equal_ignoring_case;

constexpr int kBadRequest = 400;

// The RFC wants an address. No other would be wrong in a worse way: who trusts 127.0.0.1 must not meet it.
constexpr std::string_view kUnknownAddress = "0.0.0.0";

// Said elsewhere, secret, or about the connection to the gateway (4.1.18). "Proxy" would become HTTP_PROXY,
// which programs take for a setting of their own.
constexpr std::array<std::string_view, 12> kNotPassedOn = {
    "Authorization", "Connection",          "Content-Length",   "Content-Type", "Keep-Alive",
    "Proxy",         "Proxy-Authorization", "Proxy-Connection", "TE",           "Trailer",
    "Upgrade",       "Transfer-Encoding",
};

bool is_passed_on(std::string_view name) {
  return std::none_of(kNotPassedOn.begin(), kNotPassedOn.end(),
                      [&](std::string_view dropped) { return equal_ignoring_case(name, dropped); });
}

// "_" is left out, so that X_Forwarded_For cannot pass for X-Forwarded-For.
bool makes_a_variable(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  return !name.empty() && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

bool is_one_line(std::string_view value) {
  return value.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Host {
  std::string_view name;
  std::string_view port;  ///< empty: not said
};

// "example.com", "example.com:8443", "[::1]:8443"
Host parse_host(std::string_view text) {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

class Builder {
 public:
  Builder(const HttpRequest& request, const CgiOptions& options) : request_(request), options_(options) {}

  std::variant<MetaVariables, RefusedRequest> build() {
    auto path = percent_decode(request_.path);
    if (path.find('\0') != std::string::npos || request_.query.find('\0') != std::string::npos)
      return RefusedRequest{kBadRequest, "the URL holds a NUL"};
    if (!resolve_dots(path)) return RefusedRequest{kBadRequest, "the path leads above the root"};
    set_path(path);
    set_request();
    set_body();
    set_server();
    set_client();
    set_header_fields();
    return std::move(variables_);
  }

 private:
  void set(std::string_view name, std::string_view value) {
    if (is_one_line(value)) variables_.push_back({std::string(name), std::string(value)});
  }

  void set_unless_empty(std::string_view name, std::string_view value) {
    if (!value.empty()) set(name, value);
  }

  // The base path goes once, and only where it is whole segments.
  void set_path(std::string_view path) {
    const std::string_view base = options_.base_path;
    const bool is_below = path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
    auto script = percent_decode(request_.mount);
    if (is_below) script += base;
    variables_.push_back({"SCRIPT_NAME", std::move(script)});
    variables_.push_back({"PATH_INFO", std::string(is_below ? path.substr(base.size()) : path)});
  }

  void set_request() {
    set("GATEWAY_INTERFACE", "CGI/1.1");
    set("REQUEST_METHOD", request_.method);
    set("QUERY_STRING", request_.query);
    set("REQUEST_URI", request_.mount + request_.path + (request_.query.empty() ? "" : "?" + request_.query));
    set("SERVER_PROTOCOL", request_.protocol);
    set("SERVER_SOFTWARE", "shellstrap/" + std::string(base::version()));
  }

  void set_body() {
    if (request_.has_body) set("CONTENT_LENGTH", std::to_string(request_.body.size()));
    if (const auto* type = find_header(request_.headers, "Content-Type"))
      set_unless_empty("CONTENT_TYPE", *type);
  }

  void set_server() {
    const auto* sent = find_header(request_.headers, "Host");
    const auto host = parse_host(sent != nullptr && is_one_line(*sent) ? *sent : request_.domain);
    set("SERVER_NAME", host.name.empty() ? std::string_view("localhost") : host.name);
    const auto* port = find_header(request_.headers, "X-Forwarded-Port");
    const std::string_view usual = request_.https ? "443" : "80";
    set("SERVER_PORT", port != nullptr && is_number(*port) ? std::string_view(*port)
                       : is_number(host.port)              ? host.port
                                                           : usual);
    if (request_.https) set("HTTPS", "on");
  }

  void set_client() {
    const bool is_known = !request_.source_ip.empty() && is_one_line(request_.source_ip);
    const auto address = is_known ? std::string_view(request_.source_ip) : kUnknownAddress;
    set("REMOTE_ADDR", address);
    set("REMOTE_HOST", address);
    if (request_.authentication.user.empty()) return;
    set("AUTH_TYPE", request_.authentication.scheme);
    set("REMOTE_USER", request_.authentication.user);
  }

  void set_header_fields() {
    for (const auto& header : request_.headers) {
      if (!is_one_line(header.value)) continue;
      if (equal_ignoring_case(header.name, options_.authorization_from))
        add_field("HTTP_AUTHORIZATION", header.value, ", ");
      else if (is_passed_on(header.name) && makes_a_variable(header.name))
        add_field(variable_of(header.name), header.value,
                  equal_ignoring_case(header.name, "Cookie") ? "; " : ", ");
    }
  }

  static std::string variable_of(std::string_view header) {
    auto name = "HTTP_" + base::ascii_upper(header);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  }

  void add_field(const std::string& name, const std::string& value, std::string_view separator) {
    const auto found = std::find_if(variables_.begin(), variables_.end(),
                                    [&](const MetaVariable& variable) { return variable.name == name; });
    if (found == variables_.end())
      variables_.push_back({name, value});
    else
      found->value.append(separator).append(value);
  }

  const HttpRequest& request_;
  const CgiOptions& options_;
  MetaVariables variables_;
};

}  // namespace

std::variant<MetaVariables, RefusedRequest> cgi_variables(const HttpRequest& request,
                                                          const CgiOptions& options) {
  return Builder(request, options).build();
}

const std::vector<std::string_view>& cgi_names() {
  static const std::vector<std::string_view> kNames = {
      "AUTH_TYPE",   "CONTENT_LENGTH",  "CONTENT_TYPE",    "GATEWAY_INTERFACE", "HTTPS",
      "PATH_INFO",   "QUERY_STRING",    "REMOTE_ADDR",     "REMOTE_HOST",       "REMOTE_IDENT",
      "REMOTE_USER", "REQUEST_METHOD",  "REQUEST_URI",     "SCRIPT_NAME",       "SERVER_NAME",
      "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE", "PATH_TRANSLATED",   "HTTP_AUTHORIZATION",
  };
  return kNames;
}

}  // namespace event
