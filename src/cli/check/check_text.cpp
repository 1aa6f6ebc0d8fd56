// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_text.h"

#include "cli/content/check_shebang.h"
#include "cli/content/check_uses.h"
#include "cli/package/entry_facts.h"
#include "handler/program/encoding.h"
#include "handler/program/languages.h"
#include "handler/program/shebang.h"

#include <algorithm>
#include <cctype>

namespace cli {
namespace {

using handler::Encoding;

class TextCheck {
 public:
  TextCheck(const CheckedEntry& checked, const std::string& head)
      : checked_(checked), entry_(checked.entry), head_(head), language_(handler::language_of(entry_.path)) {}

  void run() {
    if (is_others_data()) return;
    const auto encoding = handler::encoding_of(head_);
    const bool is_odd = encoding != Encoding::plain && is_script_in(encoding);
    if (is_odd) checked_.error(*handler::encoding_fault(encoding));
    if (encoding == Encoding::utf16 || encoding == Encoding::utf32) return;
    const auto shebang = handler::parse_shebang(handler::without_mark(head_));
    if (is_sensitive(shebang.has_value()) && has_one_line()) return say_one_line();
    if (shebang)
      check_shebang(*shebang);
    else if (!is_odd && head_.find('\0') == std::string::npos)
      check_no_shebang();
    check_line_ends(shebang.has_value());
    const auto scan = checked_.all.scripts.find(entry_.path);
    if (!checked_.is_in_layer() && scan != checked_.all.scripts.end())
      check_uses(entry_.path, scan->second, checked_.all, checked_.findings);
  }

 private:
  [[nodiscard]] bool gets_started() const { return checked_.is_started || can_run(entry_); }

  /// Of a layer what nobody starts is its own affair: modules have #! lines, too.
  [[nodiscard]] bool is_others_data() const {
    return checked_.is_in_layer() && !can_run(entry_) && !entry_.path.starts_with("bin/") &&
           !has_shell_name(entry_.path);
  }

  /// By its name a script that reads no other encoding than UTF-8. PowerShell does.
  [[nodiscard]] bool has_script_name() const {
    return has_shell_name(entry_.path) ||
           (language_ != nullptr && !language_->shebang.empty() && language_->name != "PowerShell");
  }

  /// Whether the encoding keeps the file from what it is for. A mark is in the way of shells and of the
  /// kernel only; data may be in any.
  [[nodiscard]] bool is_script_in(Encoding encoding) const {
    const bool begins = handler::begins_as_script(head_);
    if (encoding == Encoding::marked_utf8)
      return is_shell_script(entry_, head_) || (begins && gets_started()) ||
             (checked_.is_started && language_ == nullptr);
    return begins || has_script_name() || checked_.is_started;
  }

  void check_shebang(const handler::Shebang& shebang) {
    if (!can_run(entry_))
      checked_.warning(
          checked_.is_started
              ? "has a #! line but no run bit: only the bootstrap starts it, with a warning in the "
                "log. Before packing: chmod +x"
              : "has a #! line but no run bit, so it may not start. Before packing: chmod +x");
    if (const auto fault = handler::shebang_fault(shebang)) return checked_.error("its #! line " + *fault);
    const auto interpreter = interpreter_of(shebang);
    const auto text = entry_.read(kLongestScript);
    const auto needs = text ? declared_needs(*text) : std::set<std::string>();
    if (needs.contains(file_name(interpreter))) return;
    if (!shebang.interpreter.starts_with('/')) return check_relative(shebang.interpreter);
    const bool is_name = interpreter.find('/') == std::string::npos;
    if (is_name ? is_command(interpreter, checked_.all) : is_there(interpreter, checked_.all)) return;
    lacks(interpreter, is_name);
  }

  void check_relative(const std::string& interpreter) {
    if (checked_.package.find(interpreter) != nullptr) return;
    checked_.error("its #! line names " + interpreter + ", which is not a whole path. Write " +
                   (is_command(file_name(interpreter), checked_.all)
                        ? "#!/usr/bin/env " + file_name(interpreter)
                        : "the path from / on"));
  }

  void lacks(const std::string& interpreter, bool is_name) {
    const auto name = file_name(interpreter);
    if (!is_name && is_command(name, checked_.all))
      return checked_.warning("its interpreter " + interpreter + " may be missing, but there is " + name +
                              " on PATH. Write #!/usr/bin/env " + name);
    const auto why = why_missing(name, checked_.findings);
    if (checked_.is_started) return checked_.error("its interpreter " + interpreter + " is missing" + why);
    checked_.warning("its interpreter " + interpreter + " may be missing" + why);
  }

  void check_no_shebang() {
    if (const auto lost = find_lost_shebang(head_); lost && (gets_started() || has_script_name()))
      return say_lost(*lost);
    if (head_.starts_with("#!") && gets_started())
      return checked_.error("has a #! line without an interpreter. Write one, as in #!/bin/sh");
    if (checked_.is_started && language_ != nullptr)
      return checked_.error(handler::no_shebang_fault(*language_, entry_.path));
    if (checked_.is_started)
      return checked_.warning(
          "has no #! line, so it is run with /bin/sh. Make line 1 #!/bin/sh, or name the "
          "interpreter that it is for");
    if (can_run(entry_) && (has_shell_name(entry_.path) || has_command_name()) && !defines_functions())
      checked_.warning(
          "has the run bit but no #! line: shells run it with /bin/sh, and nothing else starts it. "
          "Make line 1 #!/bin/sh, or name the interpreter that it is for");
  }

  /// Then others may source it, whatever its modes are.
  [[nodiscard]] bool defines_functions() const {
    const auto scan = checked_.all.scripts.find(entry_.path);
    return scan != checked_.all.scripts.end() && !scan->second.functions.empty();
  }

  /// Small letters and no suffix: not a README whose modes come from a file system without any.
  [[nodiscard]] bool has_command_name() const {
    const auto name = file_name(entry_.path);
    return name.find('.') == std::string::npos &&
           std::ranges::none_of(name, [](unsigned char c) { return std::isupper(c) != 0; });
  }

  void say_lost(const LostShebang& lost) {
    const auto sentence = lost.line == 1
                              ? "is not the #! line that it looks like. Write " + lost.meant
                              : "is too late for a #! line: the kernel looks at line 1 only. Move it there";
    if (gets_started())
      checked_.error(sentence, lost.line);
    else
      checked_.warning(sentence, lost.line);
  }

  [[nodiscard]] bool is_shell(bool has_shebang) const {
    return is_shell_script(entry_, head_) || (checked_.is_started && !has_shebang);
  }

  /// To carriage returns: shells take them for a part of the word wherever they stand, the kernel does in
  /// line 1.
  [[nodiscard]] bool is_sensitive(bool has_shebang) const { return has_shebang || is_shell(has_shebang); }

  /// Of old Macintoshes.
  [[nodiscard]] bool has_one_line() const {
    return head_.find('\n') == std::string::npos && head_.find('\r') != std::string::npos;
  }

  void say_one_line() {
    checked_.error(
        "ends its lines in CR alone, so that it has one line only. Convert the file: tr '\\r' '\\n'");
  }

  void check_line_ends(bool has_shebang) {
    if (!is_sensitive(has_shebang)) return;
    const auto text = entry_.read(kLongestScript);
    const auto at = text ? text->find("\r\n") : std::string::npos;
    if (at == std::string::npos || (!is_shell(has_shebang) && at > text->find('\n'))) return;
    const auto line = std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    checked_.error(
        "ends in CR LF, which shells and the kernel take for a part of the word. Convert the "
        "file: sed -i 's/\\r$//'",
        static_cast<std::size_t>(line));
  }

  const CheckedEntry& checked_;
  const PackageEntry& entry_;
  const std::string& head_;
  const handler::Language* language_;
};

}  // namespace

void check_text(const CheckedEntry& checked, const std::string& head) {
  TextCheck(checked, head).run();
}

}  // namespace cli
