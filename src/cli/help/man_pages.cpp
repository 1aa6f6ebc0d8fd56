// SPDX-License-Identifier: Apache-2.0
#include "base/text/text.h"
#include "base/version.h"
#include "cli/help/man.h"
#include "cli/line/option_texts.h"
#include "handler/spec/setting_table.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

/// Text for roff: no backslash, minus or beginning of a line is a command.
std::string plain(std::string_view text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    at_start = c == '\n';
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out;
}

std::string bold(std::string_view text) {
  return "\\fB" + plain(text) + "\\fR";
}
std::string italic(std::string_view text) {
  return "\\fI" + plain(text) + "\\fR";
}

/// Lines as they stand.
std::string verbatim(std::string_view text) {
  return ".PP\n.nf\n" + plain(base::trim(text)) + "\n.fi\n";
}

std::string title(std::string_view name, int section) {
  return ".TH " + std::string(name) + " " + std::to_string(section) + " \"\" \"shellstrap " +
         plain(base::version()) + "\"\n";
}

std::string item(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& word : words_of(option)) names.push_back(bold(word));
  const auto value = value_of(option);
  auto head = base::join(names, ", ");
  if (!value.empty()) head += (head.empty() ? "" : " ") + italic(value);
  return ".TP\n" + head + "\n" + plain(option.get_description()) + "\n";
}

std::string verb_section(const Verb& verb, const CLI::App& line) {
  std::string text =
      ".SS shellstrap " + std::string(verb.name) + "\n" + plain(base::trim(line.get_description())) + "\n";
  for (const auto* option : positionals(line)) text += item(*option);
  for (const auto* option : named_options(line)) text += item(*option);
  const auto footer = line.get_footer();
  return footer.empty() ? text : text + verbatim(footer);
}

/// "a|b" as "a, b".
std::string listed(std::string_view choice) {
  std::vector<std::string> words;
  for (const auto word : base::split(choice, '|')) words.push_back(plain(word));
  return base::join(words, ", ");
}

std::string setting_item(const handler::Setting& setting) {
  auto text = ".TP\n" + bold("SHELLSTRAP_" + std::string(setting.name)) + ", " +
              bold(base::ascii_lower(setting.name)) + "\n" + plain(setting.summary) + "\n";
  if (setting.form == handler::SettingForm::choice) text += "One of " + listed(setting.values) + ".\n";
  if (setting.form == handler::SettingForm::number)
    text += "From " + std::to_string(setting.lowest) + " to " + std::to_string(setting.highest) + ".\n";
  if (setting.form == handler::SettingForm::flag) text += "on or off.\n";
  return setting.fallback.empty() ? text : text + "Default: " + plain(setting.fallback) + ".\n";
}

}  // namespace

std::string program_page() {
  std::string text =
      title("SHELLSTRAP", 1) +
      ".SH NAME\nshellstrap \\- any executable as an AWS Lambda function\n"
      ".SH SYNOPSIS\n.B shellstrap\n.I VERB\n[options]\n.SH DESCRIPTION\n"
      "Runs functions on this machine through the real bootstrap, and makes, tests and packs them.\n"
      ".SH VERBS\n";
  for (const auto& verb : verbs())
    verb.show_line([&](const CLI::App& line) { text += verb_section(verb, line); });
  return text + ".SH SEE ALSO\n.BR shellstrap\\-settings (5)\n";
}

std::string settings_page() {
  std::string text =
      title("SHELLSTRAP-SETTINGS", 5) +
      ".SH NAME\nshellstrap\\-settings \\- settings of a function that shellstrap runs\n.SH DESCRIPTION\n"
      "Each is a variable of the function's environment, or a key of\n.I shellstrap.json\n"
      "in its folder; the variable wins. An empty value is as good as none, an unknown name is an error.\n"
      ".SH SETTINGS\n";
  for (const auto& setting : handler::kSettings) text += setting_item(setting);
  return text + ".SH SEE ALSO\n.BR shellstrap (1)\n";
}

}  // namespace cli
