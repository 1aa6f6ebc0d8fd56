// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/deploy/present.h"
#include "cli/deploy/step.h"
#include "cli/deploy/wanted.h"

#include <string>
#include <vector>

namespace cli {

/// The steps from what is to what shall be, in order; none: it is so already. The alias moves last, unless it
/// has to be made: until then callers get what they got before. Pure.
std::vector<Step> plan(const Wanted& wanted, const Present& present);

/// What differs in the settings of a function, beside its code.
struct SettingChanges {
  std::vector<std::string> words;  ///< options of create- and update-function-configuration
  std::vector<std::string> said;   ///< "memory 128 -> 256", of variables the names only
};

/// `is`: nullptr, where there is none yet. `layers`: the ARN of each, or a name in braces. Pure.
SettingChanges setting_changes(const Wanted& wanted, const std::vector<std::string>& layers,
                               const std::string& role, const Configuration* is);

/// The part about the URL: it, and who may call it. Pure.
std::vector<Step> url_steps(const Wanted& wanted, const Present& present);

}  // namespace cli
