// SPDX-License-Identifier: Apache-2.0
#include "handler/runner/child_environment.h"

#include "base/text/text.h"

#include <algorithm>
#include <array>

namespace handler {
namespace {

// MAX_ARG_STRLEN of the kernel: one "NAME=value" with its NUL may take 32 pages of 4 KiB.
constexpr std::size_t kLongestString = 131072;

struct Alias {
  std::string_view variable;  ///< made from the header's name
  std::string_view also;      ///< what scripts in the wild read
};

constexpr std::array kAliases = {
    Alias{"LAMBDA_RUNTIME_AWS_REQUEST_ID", "AWS_LAMBDA_REQUEST_ID"},
    Alias{"LAMBDA_RUNTIME_DEADLINE_MS", "AWS_LAMBDA_DEADLINE_MS"},
    Alias{"LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN", "AWS_LAMBDA_FUNCTION_ARN"},
    Alias{"LAMBDA_RUNTIME_TRACE_ID", "AWS_LAMBDA_TRACE_ID"},
    Alias{"LAMBDA_RUNTIME_TRACE_ID", "_X_AMZN_TRACE_ID"},
};

// Of headers that not every event has.
constexpr std::array<std::string_view, 3> kSometimes = {
    "LAMBDA_RUNTIME_CLIENT_CONTEXT", "LAMBDA_RUNTIME_COGNITO_IDENTITY", "LAMBDA_RUNTIME_INVOCATION_ID"};

bool makes_a_variable(std::string_view header) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
  return header.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string variable_of(std::string_view header) {
  auto name = base::ascii_upper(header);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class Builder {
 public:
  explicit Builder(const base::Environment& start) : environment_(start) {}

  void set(std::string_view name, std::string_view value) {
    if (name.size() + value.size() + 2 > kLongestString)
      warnings_.push_back(std::string(name) + " is left out: its " + std::to_string(value.size()) +
                          " bytes are more than the kernel passes to a program");
    else
      environment_.set(name, value);
  }

  void set_from_header(const api::ContextHeader& header) {
    if (!makes_a_variable(header.name)) return;
    const auto variable = variable_of(header.name);
    set(variable, header.value);
    for (const auto& alias : kAliases)
      if (alias.variable == variable) set(alias.also, header.value);
  }

  ChildEnvironment build() && { return {environment_.strings(), std::move(warnings_)}; }

 private:
  base::Environment environment_;
  std::vector<std::string> warnings_;
};

}  // namespace

base::Environment child_base_environment(base::Environment own, bool keep_runtime_api) {
  // A child that polls would take the next event away from us.
  if (!keep_runtime_api) own.unset("AWS_LAMBDA_RUNTIME_API");
  own.unset_prefix("_LAMBDA_TELEMETRY_LOG_FD");
  // Left by somebody else these would be taken for the invocation's.
  own.unset_prefix("LAMBDA_RUNTIME_AWS_");
  for (const auto variable : kSometimes) own.unset(variable);
  for (const auto& alias : kAliases) {
    own.unset(alias.variable);
    own.unset(alias.also);
  }
  if (!own.get("HOME")) own.set("HOME", "/tmp");
  return own;
}

ChildEnvironment child_environment(const base::Environment& start, const api::Invocation& invocation,
                                   std::span<const Variable> more) {
  Builder builder(start);
  for (const auto& header : invocation.context) builder.set_from_header(header);
  for (const auto& variable : more) builder.set(variable.name, variable.value);
  return std::move(builder).build();
}

}  // namespace handler
