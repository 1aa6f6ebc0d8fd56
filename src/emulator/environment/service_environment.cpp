// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/service_environment.h"

#include "base/text/text.h"
#include "emulator/call/identifiers.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace emulator {
namespace {

constexpr std::string_view kServicePath = "/usr/local/bin:/usr/bin/:/bin:/opt/bin";

constexpr std::array<std::string_view, 5> kPassedOn = {
    "AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
};

// The list that the service documents, and what newer environments define besides.
constexpr std::array<std::string_view, 21> kReserved = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_MAX_CONCURRENCY",
    "AWS_LAMBDA_METADATA_API",
    "AWS_LAMBDA_METADATA_TOKEN",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_character(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

void pass_on(base::Environment& result, const base::Environment& own) {
  for (const std::string& entry : own.strings()) {
    const auto equals = entry.find('=');
    const auto name = std::string_view(entry).substr(0, equals);
    if (name.starts_with("SHELLSTRAP_") || std::ranges::find(kPassedOn, name) != kPassedOn.end())
      result.set(name, std::string_view(entry).substr(equals + 1));
  }
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

// A user can try the hooks of a snapshot, which his own environment asks for.
const char* initialization_type(const Function& function, const base::Environment& own) {
  if (function.is_managed()) return "lambda-managed-instances";
  return takes_snapshots(function, own) ? "snap-start" : "on-demand";
}

void define(base::Environment& result, const Function& function, const base::Environment& own) {
  result.set("_HANDLER", function.handler);
  result.set("LAMBDA_TASK_ROOT", function.task_root);
  result.set("LAMBDA_RUNTIME_DIR", folder_of(function.bootstrap));
  result.set("AWS_LAMBDA_FUNCTION_NAME", function.name);
  result.set("AWS_LAMBDA_FUNCTION_VERSION", function.version);
  result.set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(function.memory_mib));
  result.set("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.name);
  result.set("AWS_LAMBDA_LOG_STREAM_NAME", new_log_stream_name(function.version));
  result.set("AWS_LAMBDA_INITIALIZATION_TYPE", initialization_type(function, own));
  result.set("AWS_REGION", function.region);
  result.set("AWS_DEFAULT_REGION", function.region);
  if (!function.is_managed()) return;
  result.set("AWS_LAMBDA_MAX_CONCURRENCY", std::to_string(function.concurrency));
  result.set("AWS_LAMBDA_LOG_FORMAT", "JSON");  // the only one that managed instances have
}

}  // namespace

base::Environment service_environment(const Function& function, std::string_view runtime_api,
                                      const base::Environment& own) {
  base::Environment result;
  result.set("PATH", own.get_or("PATH", kServicePath));
  result.set("LANG", "en_US.UTF-8");
  result.set("TZ", ":UTC");
  pass_on(result, own);
  for (const auto& [name, value] : function.environment) result.set(name, value);
  define(result, function, own);
  result.set("AWS_LAMBDA_RUNTIME_API", runtime_api);
  return result;
}

bool is_reserved_variable(std::string_view name) {
  return std::ranges::find(kReserved, name) != kReserved.end();
}

std::optional<std::string> refused_variable(std::string_view name) {
  const std::string quoted = "\"" + std::string(name) + "\"";
  if (is_reserved_variable(name))
    return quoted + " is reserved: Lambda sets it itself and refuses it as a variable of a function";
  const bool valid =
      name.size() >= 2 && is_letter(name.front()) && std::ranges::all_of(name, is_name_character);
  if (!valid)
    return quoted +
           " is no name that Lambda takes: a letter, then letters, digits and underscores, two at least";
  return std::nullopt;
}

bool takes_snapshots(const Function& function, const base::Environment& own) {
  return !function.is_managed() && own.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start";
}

std::string region_of(const base::Environment& own) {
  return own.get_or("AWS_REGION", own.get_or("AWS_DEFAULT_REGION", "us-east-1"));
}

}  // namespace emulator
