// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bodies.h"
#include "case.h"
#include "chance.h"

#include <cstdint>
#include <string>
#include <vector>

namespace oracle {

/// Cases from a seed, each by its number alone: bodies by hand within each other, and statements of the
/// grammar around and between them.
class Generator {
 public:
  explicit Generator(std::uint64_t seed);

  [[nodiscard]] Case make(std::uint64_t number) const;

 private:
  [[nodiscard]] std::string composed(Chance& chance) const;

  std::uint64_t seed_;
  std::vector<Body> bodies_;
};

/// Could two processes of this file print at the same time, or one that nobody reads? What traces, prints for
/// each command, and pipelines and jobs have more than one.
bool is_a_race(const std::string& file);

}  // namespace oracle
