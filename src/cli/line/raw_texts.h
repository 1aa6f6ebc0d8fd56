// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace cli {

/// An option that takes one text each time it is given, kept in order, byte for byte. CLI11's own list
/// options would read "{}" as an empty list and take the brackets off "[1,2]", both of which are events.
/// `target` is borrowed.
CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                       const std::string& description);

}  // namespace cli
