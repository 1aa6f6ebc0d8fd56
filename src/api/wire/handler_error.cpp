// SPDX-License-Identifier: Apache-2.0
#include "api/wire/function_error.h"
#include "base/text/text.h"

#include <nlohmann/json.hpp>

namespace api {
namespace {

using nlohmann::json;

// Emulators refuse bigger error bodies; what is bigger is an answer that broke off, not an error.
constexpr std::size_t kLargestObject = std::size_t{1024} * 1024;

// Keeps the members of one flat object and the elements of arrays in it. What is nested deeper is never
// built, so that a handler's output cannot cost us more memory than it has bytes.
bool keep_shallow(int depth, json::parse_event_t event, json&) {
  const bool opens = event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
  return depth < 2 || (depth == 2 && !opens);
}

// Null where there is no such string.
const std::string* text_of(const json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_string()) return nullptr;
  const auto& text = member->get_ref<const std::string&>();
  return text.empty() ? nullptr : &text;
}

std::optional<std::vector<std::string>> lines_of(const json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_array()) return {};
  std::vector<std::string> lines;
  for (const auto& line : *member) {
    if (line.is_string()) lines.push_back(line.get_ref<const std::string&>());
  }
  return lines;
}

}  // namespace

std::optional<FunctionError> error_by_handler(std::string_view answer, const FunctionError& base) {
  if (answer.size() > kLargestObject || !base::trim(answer).starts_with('{')) return {};
  const json object = json::parse(base::repair_utf8(answer), keep_shallow, false);
  if (!object.is_object()) return {};
  const auto* type = text_of(object, "errorType");
  const auto* message = text_of(object, "errorMessage");
  if (type == nullptr && message == nullptr) return {};

  FunctionError error = base;
  if (type != nullptr) {
    error.type = ErrorType::named(*type, base.type);
    error.shown_type = *type;
  }
  if (message != nullptr) error.message = *message;
  if (auto lines = lines_of(object, "stackTrace")) error.stack_trace = *std::move(lines);
  return error;
}

}  // namespace api
