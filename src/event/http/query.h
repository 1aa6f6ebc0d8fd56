// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace event {

struct Parameter {
  std::string name;
  std::string value;
};

/// The parts of a query string in their order; `decode`: as API Gateway does, with "+" for a blank, else as
/// they stand.
std::vector<Parameter> parameters_of(std::string_view query, bool decode);

}  // namespace event
