// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/check/check_options.h"
#include "cli/content/check_findings.h"
#include "cli/content/check_surroundings.h"

#include <cstddef>
#include <string>

namespace cli {

/// An entry of the package or of a layer while it is looked at. Borrows everything.
struct CheckedEntry {
  const PackageEntry& entry;
  const Package& package;  ///< that it is in; may be a layer
  const Surroundings& all;
  const CheckOptions& options;
  Findings& findings;
  bool is_started = false;  ///< the handler, the command's program or the wrapper: the bootstrap starts it

  [[nodiscard]] bool is_in_layer() const { return &package != &all.package; }
  void error(const std::string& sentence, std::size_t line = 1) const;
  void warning(const std::string& sentence, std::size_t line = 1) const;

 private:
  /// Below the package; of a layer with the layer's name before it.
  [[nodiscard]] std::string shown_path() const;
};

}  // namespace cli
