// SPDX-License-Identifier: Apache-2.0
#include "cli/line/raw_texts.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {

CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                       const std::string& description) {
  const auto keep = [&target](const CLI::results_t& texts) {
    target = texts;
    return true;
  };
  return app.add_option(name, keep, description)
      ->type_size(1)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace cli
