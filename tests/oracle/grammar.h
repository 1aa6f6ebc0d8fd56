// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chance.h"

#include <cstddef>
#include <string>
#include <vector>

namespace oracle {

/// Statements of bash that end by themselves and print the same each time. Every one is a line or several.
class Grammar {
 public:
  explicit Grammar(Chance& chance) : chance_(chance) {}

  /// One to `most` statements; at most `depth` of them within each other.
  std::string statements(std::size_t most, std::size_t depth);

  /// What stands before the function: options, traps.
  std::string options();
  std::string trap();

  /// `call`, a command on one line, in some place: a condition, a subshell, a pipeline, …
  std::string placed(const std::string& call);

  /// Functions f1 … fN that may be called, each by those after it only.
  void allow_functions(std::size_t count) { functions_ = count; }

 private:
  std::string statement(std::size_t depth);
  std::string simple();
  std::string rare();
  std::string option();
  std::string compound(std::size_t depth);
  std::string label();

  Chance& chance_;
  std::size_t functions_ = 0;
  std::size_t labels_ = 0;
};

}  // namespace oracle
