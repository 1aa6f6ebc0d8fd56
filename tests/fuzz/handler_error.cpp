// SPDX-License-Identifier: Apache-2.0
// What a failed handler printed as its answer: an error object of its own, or anything else.
#include "api/wire/function_error.h"
#include "base/text/text.h"
#include "fuzz.h"

#include <algorithm>

#include <nlohmann/json.hpp>

using fuzzing::require;

void fuzz(std::string_view input) {
  const api::FunctionError ours{api::ErrorType::exited(1), "ours", {"line"}, {}};
  const auto error = api::error_by_handler(input, ours);
  if (!error) return;
  const auto& type = error->type.text();
  require(api::ErrorType::is_kept(type), "the service keeps the type");
  require(std::all_of(type.begin(), type.end(), [](char c) { return c > ' ' && c <= '~'; }),
          "a type fits a header");
  const auto body = error->body();
  require(nlohmann::json::parse(body, nullptr, false).is_object(), "a body is a JSON object");
  require(body == base::repair_utf8(body), "a body is UTF-8");
}
