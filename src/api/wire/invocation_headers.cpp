// SPDX-License-Identifier: Apache-2.0
#include "api/wire/invocation_headers.h"

#include "api/wire/wire.h"
#include "base/text/text.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace api {
namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7F;
}

bool has_value(const ContextHeader& header) {
  return !header.value.empty() && std::none_of(header.value.begin(), header.value.end(), is_control);
}

bool is_context(std::string_view name) {
  return base::equal_ignoring_case(name.substr(0, wire::kContextPrefix.size()), wire::kContextPrefix);
}

const ContextHeader* find(const std::vector<ContextHeader>& headers, std::string_view name) {
  const auto at = std::find_if(headers.begin(), headers.end(), [&](const ContextHeader& header) {
    return base::equal_ignoring_case(header.name, name);
  });
  return at == headers.end() ? nullptr : &*at;
}

std::vector<ContextHeader> context_of(const std::vector<ContextHeader>& headers) {
  std::vector<ContextHeader> context;
  for (const auto& header : headers) {
    if (!is_context(header.name) || !has_value(header)) continue;
    if (find(context, header.name) == nullptr) context.push_back(header);
  }
  return context;
}

// 64 bits: a deadline may be hours, and in one emulator years, ahead.
std::optional<std::chrono::milliseconds> parse_deadline(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text[0] == '-') return {};
  return std::chrono::milliseconds(number);
}

}  // namespace

base::Result<Invocation> invocation_from(const std::vector<ContextHeader>& headers, base::MemoryFile event) {
  Invocation invocation{{}, {}, {}, {}, {}, {}, context_of(headers), std::move(event)};
  const auto value = [&](std::string_view name) {
    const auto* header = find(invocation.context, name);
    return header != nullptr ? header->value : std::string();
  };
  invocation.request_id = value(wire::kRequestId);
  if (invocation.request_id.empty()) return base::Error{"the event has no request id"};
  if (auto id = value(wire::kInvocationId); !id.empty()) invocation.invocation_id = std::move(id);
  if (const auto text = value(wire::kDeadline); !text.empty()) invocation.deadline = parse_deadline(text);
  invocation.function_arn = value(wire::kFunctionArn);
  invocation.trace_id = value(wire::kTraceId);
  invocation.tenant_id = value(wire::kTenantId);
  return invocation;
}

}  // namespace api
