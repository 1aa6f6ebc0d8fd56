// SPDX-License-Identifier: Apache-2.0
#include "event/http/query.h"

#include "base/text/text.h"
#include "event/text/percent.h"

#include <algorithm>

namespace event {
namespace {

std::string decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

std::vector<Parameter> parameters_of(std::string_view query, bool decode) {
  const auto plain = [&](std::string_view text) { return decode ? decoded(text) : std::string(text); };
  std::vector<Parameter> parameters;
  for (const auto part : base::split(query, '&')) {
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
    if (!part.empty()) parameters.push_back({plain(part.substr(0, equals)), plain(value)});
  }
  return parameters;
}

}  // namespace event
