// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/line/verbs.h"

#include <string>

namespace cli {

/// The JSON schema (draft-07, in the form of SchemaStore) of shellstrap.json, made from
/// handler/setting_table.
std::string settings_schema();

/// shellstrap schema: prints it. Returns the exit status.
int schema(const Arguments& arguments, const Context& context);
/// See Verb::show_line.
void show_schema_line(const LineReader& read);

}  // namespace cli
