// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace handler {

/// What an editor can make of a script that neither the kernel nor a shell can read.
enum class TextForm {
  plain,
  byte_order_mark,  ///< UTF-8 behind EF BB BF, which becomes a part of the first word: of #!, or of a command
  utf16,            ///< with a mark or without
};

/// `head`: the first bytes of a file. Pure.
TextForm text_form(std::string_view head);

/// The sentence about a file of such a form, with the fix; empty: it is plain. `name`: as in messages.
std::string fault_of_form(TextForm form, const std::string& name, const std::string& path);

/// Whether lines of the file end in CR LF: of its first MiB. Reads the disk.
bool has_carriage_returns(const std::string& path);

/// The fix for those.
std::string how_to_convert_line_ends(const std::string& path);

}  // namespace handler
