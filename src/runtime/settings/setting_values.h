// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/settings/settings.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runtime {

/// What is wrong with a value, as the end of the sentence "NAME must be …".
using SettingFault = std::optional<std::string>;

// From the text of one setting, which is not empty, to its meaning. After a fault the settings are not used.
SettingFault set_flag(bool& flag, std::string_view value);
SettingFault set_milliseconds(std::optional<std::chrono::milliseconds>& target, std::string_view value,
                              long lowest);
SettingFault set_words(std::vector<std::string>& target, std::string_view value);

SettingFault set_command(Settings& settings, std::string_view value);
SettingFault set_response(Settings& settings, std::string_view value);
SettingFault set_shell_options(Settings& settings, std::string_view value);
SettingFault set_content_type(Settings& settings, std::string_view value);
SettingFault set_invoke_mode(Settings& settings, std::string_view value);
SettingFault set_response_format(Settings& settings, std::string_view value);
SettingFault set_cgi_base_path(Settings& settings, std::string_view value);
SettingFault set_cgi_authorization(Settings& settings, std::string_view value);
SettingFault set_leftovers(Settings& settings, std::string_view value);
SettingFault set_directory(Settings& settings, std::string_view value);
SettingFault set_tmpdir(Settings& settings, std::string_view value);
SettingFault set_stdin(Settings& settings, std::string_view value);
SettingFault set_success(Settings& settings, std::string_view value);
SettingFault set_batch(Settings& settings, std::string_view value);
SettingFault set_batch_stdin(Settings& settings, std::string_view value);
SettingFault set_batch_parallel(Settings& settings, std::string_view value);
SettingFault set_metrics(Settings& settings, std::string_view value);

}  // namespace runtime
