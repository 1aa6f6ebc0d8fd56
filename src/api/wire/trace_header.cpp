// SPDX-License-Identifier: Apache-2.0
#include "api/wire/trace_header.h"

#include "base/text/text.h"

#include <algorithm>

namespace api {
namespace {

constexpr std::string_view kRoot = "Root";
constexpr std::string_view kParent = "Parent";
constexpr std::string_view kSampled = "Sampled";

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// "1-5759e988-bd862e3fe1be46a994272793": version, Unix time, number.
bool is_root(std::string_view text) {
  const auto parts = base::split(text, '-');
  return parts.size() == 3 && parts[0] == "1" && is_hex(parts[1], 8) && is_hex(parts[2], 24);
}

bool is_named(std::string_view field, std::string_view name) {
  return base::equal_ignoring_case(base::trim(field.substr(0, field.find('='))), name) &&
         field.find('=') != std::string_view::npos;
}

// The value of the first field of that name; empty: there is none.
std::string_view value_of(const std::vector<std::string_view>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [name](std::string_view field) { return is_named(field, name); });
  return found == fields.end() ? std::string_view() : base::trim(found->substr(found->find('=') + 1));
}

}  // namespace

std::optional<TraceHeader> TraceHeader::of_sampled(std::string_view header) {
  const auto fields = base::split(header, ';');
  const auto root = value_of(fields, kRoot);
  const auto parent = value_of(fields, kParent);
  if (value_of(fields, kSampled) != "1" || !is_root(root) || !is_hex(parent, 16)) return std::nullopt;
  return TraceHeader{std::string(root), std::string(parent)};
}

std::string with_parent(std::string_view header, std::string_view parent) {
  std::vector<std::string> fields;
  for (const auto field : base::split(header, ';'))
    fields.push_back(is_named(field, kParent) ? std::string(kParent) + "=" + std::string(parent)
                                              : std::string(field));
  return base::join(fields, ";");
}

}  // namespace api
