// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace oracle {

/// The same choices from the same seed, with every standard library.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
  bool of(std::size_t in_a_thousand) { return below(1000) < in_a_thousand; }
  std::string number() { return std::to_string(below(12)); }

  template <typename Item>
  const Item& one_of(std::span<const Item> items) {
    return items[below(items.size())];
  }
  template <typename Item, std::size_t kCount>
  const Item& one_of(const Item (&items)[kCount]) {
    return items[below(kCount)];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace oracle
