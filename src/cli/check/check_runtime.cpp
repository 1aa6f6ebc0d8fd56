// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_runtime.h"

#include "cli/check/check_layout.h"
#include "cli/check/check_programs.h"

#include <algorithm>

namespace cli {
namespace {

constexpr auto kBootstrap = "bootstrap";

/// It asks the service for events itself; every program that does has the name of this variable in it, and
/// ours has names of its settings besides.
bool is_foreign_runtime(const PackageEntry& bootstrap) {
  const auto bytes = bootstrap.read(kMostUnpacked);
  return bytes && bytes->find("AWS_LAMBDA_RUNTIME_API") != std::string::npos &&
         bytes->find("SHELLSTRAP_") == std::string::npos;
}

bool has_bootstrap(const Package& package) {
  return package.find(kBootstrap) != nullptr;
}

/// Of one that is in the only folder the layout's check tells.
bool is_too_deep(const Package& package) {
  const auto folder = only_folder(package);
  return folder && package.find(*folder + "/" + kBootstrap) != nullptr;
}

}  // namespace

void check_runtime(const Package& package, const std::vector<Package>& layers, Findings& findings) {
  if (const auto* own = package.find(kBootstrap)) {
    if (own->kind == PackageEntry::Kind::file && is_foreign_runtime(*own))
      findings.error(
          kBootstrap, 1,
          "is a runtime of its own, and Lambda starts it in place of shellstrap, also of a layer's. "
          "Remove it; docs/migrating.md tells what its handlers need");
    return;
  }
  if (package.is_zip && !is_too_deep(package) && std::ranges::none_of(layers, has_bootstrap))
    findings.warning(
        package.name, 1,
        "has no bootstrap, and no --layer does, so nothing may start. Name the layer that has it, "
        "or pack it along: shellstrap pack");
}

}  // namespace cli
