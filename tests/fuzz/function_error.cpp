// SPDX-License-Identifier: Apache-2.0
// The error body that is built from a message, lines of standard error and a name, of any bytes: parts that
// end at NUL bytes. A first byte of 255 repeats them until they are larger together than any limit; only of
// short inputs, because each takes as long as hundreds of others.
#include "api/wire/function_error.h"

#include "base/text/text.h"
#include "fuzz.h"

#include <algorithm>

#include <nlohmann/json.hpp>

using fuzzing::require;
using nlohmann::json;

namespace {

constexpr std::size_t kLargestBody = 192 * 1024;
constexpr std::size_t kLargestCause = 64 * 1024;
constexpr std::size_t kMoreThanAllLimits = 300'000;
constexpr std::size_t kShort = 16;

std::string repeated(std::string_view text, std::size_t size) {
  std::string result(text);
  while (!text.empty() && result.size() < size) result += text;
  return result;
}

api::FunctionError error_from(std::string_view input) {
  const auto parts = 1 + static_cast<std::size_t>(std::count(input.begin(), input.end(), '\0'));
  const bool is_large = input.starts_with('\xFF') && input.size() <= kShort;
  const std::size_t size = is_large ? kMoreThanAllLimits / parts : 0;
  input.remove_prefix(std::min<std::size_t>(1, input.size()));
  api::FunctionError error{
      api::ErrorType::exited(3), repeated(fuzzing::take_until(input, '\0'), size), {}, {}};
  if (const auto shown = fuzzing::take_until(input, '\0'); !shown.empty()) {
    error.type = api::ErrorType::named(shown, error.type);
    error.shown_type = shown;
  }
  while (!input.empty()) error.stack_trace.push_back(repeated(fuzzing::take_until(input, '\0'), size));
  return error;
}

void check_body(const std::string& body) {
  const auto object = json::parse(body, nullptr, false);
  require(object.is_object(), "a body is a JSON object");
  require(object.size() == 3 && object["errorMessage"].is_string() && object["errorType"].is_string() &&
              object["stackTrace"].is_array(),
          "a body has the three members");
  require(body == base::repair_utf8(body), "a body is UTF-8");
  require(body.size() <= kLargestBody, "a body is of modest size");
}

void check_cause(const std::string& cause) {
  require(json::parse(cause, nullptr, false).is_object(), "a cause is a JSON object");
  require(std::all_of(cause.begin(), cause.end(), [](char c) { return c >= ' ' && c <= '~'; }),
          "a cause fits a header");
  require(cause.size() <= kLargestCause, "a cause is not cropped by the service");
}

}  // namespace

void fuzz(std::string_view input) {
  const auto error = error_from(input);
  require(api::ErrorType::is_kept(error.type.text()), "the service keeps the type");
  check_body(error.body());
  check_cause(error.xray_cause(input));
}
