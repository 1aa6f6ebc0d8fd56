// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// One snapshot of environment variables. Taken once in main and handed on: nothing else calls getenv or
/// setenv, so values cannot mix between concurrent invocations. A value type; not synchronised.
class Environment {
 public:
  Environment() = default;

  /// `strings`: a null-terminated array of "NAME=value", as main gets it. The first of two equal names wins,
  /// as in getenv. Entries without "=" are dropped.
  static Environment from(const char* const* strings);

  /// The view lives until the next change.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
  [[nodiscard]] std::string get_or(std::string_view name, std::string_view fallback) const;

  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);
  void unset_prefix(std::string_view name_prefix);

  /// "NAME=value" each, as execve wants them.
  [[nodiscard]] const std::vector<std::string>& strings() const { return strings_; }

 private:
  std::vector<std::string> strings_;
};

}  // namespace base
