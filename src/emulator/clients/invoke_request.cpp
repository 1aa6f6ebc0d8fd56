// SPDX-License-Identifier: Apache-2.0
#include "emulator/clients/invoke_request.h"

#include "api/wire/wire.h"
#include "base/text/base64.h"
#include "base/text/text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace emulator {
namespace {

struct Route {
  std::string_view prefix;
  std::string_view suffix;
};
constexpr Route kInvoke{"/2015-03-31/functions/", "/invocations"};
constexpr Route kInvokeWithStream{"/2021-11-15/functions/", "/response-streaming-invocations"};
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLongestTenant = 256;

// The service's own patterns, for its messages.
constexpr auto kNamePattern =
    "(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\\d:)?(?:\\d{12}:)?(?:function:)?"
    "([a-zA-Z0-9_-]+)(?::(\\$LATEST|[a-zA-Z0-9_-]+))?";
constexpr auto kQualifierPattern = "\\$LATEST|[a-zA-Z0-9_-]+";

using Problem = std::optional<InvokeRefusal>;

Problem invalid(std::string_view value, std::string_view field, const std::string& pattern) {
  return InvokeRefusal::invalid_value(value, field,
                                      "Member must satisfy regular expression pattern: " + pattern);
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = std::string(text.substr(i + 1, 2));
    const bool encoded =
        text[i] == '%' && code.size() == 2 && code.find_first_not_of("0123456789abcdefABCDEF") == code.npos;
    decoded += encoded ? static_cast<char>(std::stoi(code, nullptr, 16)) : text[i];
    if (encoded) i += 2;
  }
  return decoded;
}

std::string query_value(std::string_view target, std::string_view name) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return "";
  for (const auto pair : base::split(target.substr(mark + 1), '&'))
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return percent_decode(pair.substr(name.size() + 1));
  return "";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(std::string_view text) {
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_qualifier(std::string_view text) {
  return text == "$LATEST" || is_word(text);
}

/// "us-gov-west-1"
bool is_region(std::string_view text) {
  const auto parts = base::split(text, '-');
  const auto is_lower = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= 'a' && c <= 'z'; });
  };
  return parts.size() >= 3 && parts.front().size() == 2 && parts.back().size() == 1 &&
         is_digit(parts.back()[0]) && std::all_of(parts.begin(), parts.end() - 1, is_lower);
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, is_digit);
}

/// What is left of the parts of a name once "arn:aws:lambda", region, account and "function" are taken off.
std::vector<std::string_view> without_prefixes(std::vector<std::string_view> parts) {
  if (parts.size() > 3 && parts[0] == "arn" && parts[1].starts_with("aws") && is_word(parts[1]) &&
      parts[2] == "lambda")
    parts.erase(parts.begin(), parts.begin() + 3);
  if (parts.size() > 1 && is_region(parts[0])) parts.erase(parts.begin());
  if (parts.size() > 1 && is_account(parts[0])) parts.erase(parts.begin());
  if (parts.size() > 1 && parts[0] == "function") parts.erase(parts.begin());
  return parts;
}

Problem read_name(const std::string& text, InvokeRequest& call) {
  const auto parts = without_prefixes(base::split(text, ':'));
  const bool valid = text.size() <= kLongestName && parts.size() <= 2 && is_word(parts[0]) &&
                     (parts.size() == 1 || is_qualifier(parts[1]));
  if (!valid) return invalid(text.substr(0, kLongestName), "functionName", kNamePattern);
  call.name = parts[0];
  if (parts.size() == 2) call.qualifier = parts[1];
  return std::nullopt;
}

Problem read_qualifier(const std::string& text, InvokeRequest& call) {
  if (text.empty()) return std::nullopt;
  if (text.size() > kLongestName || !is_qualifier(text))
    return invalid(text.substr(0, kLongestName), "qualifier", kQualifierPattern);
  if (!call.qualifier.empty() && call.qualifier != text) return InvokeRefusal::contradicting_qualifier();
  call.qualifier = text;
  return std::nullopt;
}

Problem read_type(const std::string& text, InvokeRequest& call) {
  if (text == "Event" && !call.streams)
    call.type = InvocationType::event;
  else if (text == "DryRun")
    call.type = InvocationType::dry_run;
  else if (!text.empty() && text != "RequestResponse")
    return InvokeRefusal::invalid_value(text, "invocationType",
                                        call.streams
                                            ? "Member must satisfy enum value set: [RequestResponse, DryRun]"
                                            : "Member must satisfy enum value set: [Event, RequestResponse, "
                                              "DryRun]");
  return std::nullopt;
}

Problem read_log_type(const std::string& text, InvokeRequest& call) {
  if (!text.empty() && text != "None" && text != "Tail")
    return InvokeRefusal::invalid_value(text, "logType", "Member must satisfy enum value set: [None, Tail]");
  call.wants_log = text == "Tail";
  return std::nullopt;
}

/// It becomes the value of a header: written anew, as one line of ASCII.
Problem read_client_context(const std::string& text, InvokeRequest& call) {
  if (text.empty()) return std::nullopt;
  const auto decoded = base::base64_decode(text);
  if (!decoded) return InvokeRefusal::invalid_client_context();
  const auto json = nlohmann::ordered_json::parse(*decoded, nullptr, false);
  if (!json.is_object()) return InvokeRefusal::invalid_client_context();
  call.client_context = json.dump(-1, ' ', true);
  return std::nullopt;
}

Problem read_tenant(const std::string& text, InvokeRequest& call) {
  if (!is_tenant_id(text)) return invalid(text, "tenantId", "[a-zA-Z0-9\\._:\\/=+\\-@ ]+");
  call.tenant_id = text;
  return std::nullopt;
}

Problem read_payload(const HttpRequest& request, InvokeRequest& call) {
  if (!request.complete) return InvokeRefusal::cut_off();
  if (call.type == InvocationType::event && request.body_size > kLargestAsynchronousEvent)
    return InvokeRefusal::asynchronous_too_large(request.body_size);
  if (request.body_size > api::wire::kLargestEvent) return InvokeRefusal::synchronous_too_large();
  call.payload = request.body.empty() ? "{}" : request.body;
  const bool has_nul = call.payload.find('\0') != std::string::npos;  // the parser takes it for the end
  if (has_nul || !nlohmann::json::accept(call.payload)) return InvokeRefusal::invalid_payload();
  return std::nullopt;
}

std::optional<std::string> name_in(std::string_view path, const Route& route) {
  if (!path.starts_with(route.prefix) || !path.ends_with(route.suffix)) return std::nullopt;
  if (path.size() <= route.prefix.size() + route.suffix.size()) return std::nullopt;
  path.remove_prefix(route.prefix.size());
  path.remove_suffix(route.suffix.size());
  return std::string(path);
}

Problem read_all(const HttpRequest& request, const std::string& name, InvokeRequest& call) {
  if (auto problem = read_name(name, call)) return problem;
  if (auto problem = read_qualifier(query_value(request.target, "Qualifier"), call)) return problem;
  if (auto problem = read_type(request.header("X-Amz-Invocation-Type"), call)) return problem;
  if (auto problem = read_log_type(request.header("X-Amz-Log-Type"), call)) return problem;
  if (auto problem = read_client_context(request.header("X-Amz-Client-Context"), call)) return problem;
  if (auto problem = read_tenant(request.header("X-Amz-Tenant-Id"), call)) return problem;
  call.trace_id = request.header("X-Amzn-Trace-Id");
  return read_payload(request, call);
}

}  // namespace

std::variant<InvokeRequest, InvokeRefusal> parse_invoke_request(const HttpRequest& request) {
  InvokeRequest call;
  auto name = name_in(request.path, kInvoke);
  call.streams = !name;
  if (!name) name = name_in(request.path, kInvokeWithStream);
  if (!name) return InvokeRefusal::unknown_path();
  if (auto problem = read_all(request, *name, call)) return *std::move(problem);
  return call;
}

bool is_tenant_id(std::string_view text) {
  const auto allowed = [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("._:/=+-@ ").find(c) != std::string_view::npos;
  };
  return text.size() <= kLongestTenant && std::ranges::all_of(text, allowed);
}

}  // namespace emulator
