// SPDX-License-Identifier: Apache-2.0
#include "cli/check/check_handler.h"

#include "base/text/text.h"
#include "cli/check/check_layout.h"
#include "cli/content/check_commands.h"
#include "event/json/json_check.h"
#include "handler/program/interpreters.h"
#include "handler/shell/shell_words.h"
#include "handler/template/template_command.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

namespace cli {
namespace {

constexpr std::size_t kLongestHandler = 128;       // as of the service's API, CreateFunction
constexpr std::size_t kLargestEnvironment = 4096;  // names and values
constexpr auto kCommand = "SHELLSTRAP_COMMAND";
constexpr auto kWrapper = "AWS_LAMBDA_EXEC_WRAPPER";
constexpr auto kSettingsFile = "shellstrap.json";

/// Of "line 3, column 6 …".
std::size_t line_in(const std::string& fault) {
  constexpr std::string_view kLine = "line ";
  return fault.starts_with(kLine) ? std::stoul(fault.substr(kLine.size())) : 1;
}

class ConfigurationCheck {
 public:
  ConfigurationCheck(const Surroundings& all, const CheckOptions& options, Findings& findings)
      : all_(all), options_(options), findings_(findings) {}

  /// The package's entry that is started, or nullptr.
  const PackageEntry* run() {
    check_environment();
    check_length();
    if (const auto* wrapper = variable(kWrapper)) check_wrapper(*wrapper);
    // As the bootstrap decides: a command in the environment, then one in the file, then the handler.
    if (const auto* command = variable(kCommand)) return check_command(kCommand, *command);
    if (const auto command = command_of_file()) return check_command(kSettingsFile, *command);
    has_program_ = !options_.handler.empty();
    return has_program_ ? check_name(options_.handler) : nullptr;
  }

  /// Whether anything said what to start.
  [[nodiscard]] bool has_program() const { return has_program_; }

 private:
  /// nullptr: it is not set.
  [[nodiscard]] const std::string* variable(std::string_view name) const {
    const auto found = std::ranges::find(options_.variables, name, &Variables::value_type::first);
    return found != options_.variables.end() ? &found->second : nullptr;
  }

  void handler_error(const std::string& sentence) { findings_.error("--handler", 1, sentence); }

  void check_environment() {
    std::size_t size = 0;
    for (const auto& [name, value] : options_.variables) size += name.size() + value.size();
    if (size > kLargestEnvironment)
      findings_.error("--env", 1,
                      "takes " + std::to_string(size) +
                          " bytes; Lambda's limit for all variables is 4096. Put the rest into a file of the "
                          "package");
  }

  void check_length() {
    if (options_.handler.size() > kLongestHandler)
      handler_error("has " + std::to_string(options_.handler.size()) +
                    " characters; Lambda's limit is 128. Set SHELLSTRAP_COMMAND, or shellstrap.json");
  }

  /// The text of the setting, in the form of the variable.
  std::optional<std::string> command_of_file() {
    const auto* entry = all_.package.find(kSettingsFile);
    const auto text =
        entry != nullptr ? entry->read(1U << 20U) : base::Result<std::string>(std::string("{}"));
    if (const auto fault = event::json_fault(text ? *text : "")) {
      findings_.error(kSettingsFile, line_in(*fault), "is not JSON: " + *fault);
      return std::nullopt;
    }
    const auto settings = nlohmann::json::parse(text ? *text : "", nullptr, false);
    if (!settings.is_object()) {
      findings_.error(kSettingsFile, 1, "is not a JSON object: {\"command\": [\"...\"]}");
      return std::nullopt;
    }
    if (!settings.contains("command")) return std::nullopt;
    const auto& command = settings["command"];
    return command.is_string() ? command.get<std::string>() : command.dump();
  }

  const PackageEntry* check_command(const std::string& where, const std::string& text) {
    const auto words = handler::parse_command(text);
    if (!words) return findings_.error(where, 1, words.error().message), nullptr;
    const auto parsed = handler::parse_command_template(*words);
    if (const auto* problem = std::get_if<handler::InitProblem>(&parsed))
      return findings_.error(where, 1, problem->message), nullptr;
    check_program(where, words->front());
    return words->front().find('/') == std::string::npos ? nullptr : find(words->front());
  }

  /// Never a name for PATH; it starts at the task root.
  void check_wrapper(const std::string& path) {
    if (path.empty()) return;
    const auto word = path.starts_with('/') || path.starts_with("./") ? path : "./" + path;
    check_program(kWrapper, word);
    const auto* entry = find(word);
    if (entry != nullptr && entry->kind == PackageEntry::Kind::file && (entry->mode & 0111U) == 0)
      findings_.error(kWrapper, 1, path + " is not executable: chmod +x " + path);
  }

  void check_program(const std::string& where, const std::string& word) {
    if (word.find('/') == std::string::npos) {
      if (!is_command(word, all_))
        findings_.error(where, 1,
                        word + " is missing" + lacking_in_image() +
                            " Name the layer that has it with --layer (./scripts/build-layer tool " + word +
                            ")");
      return;
    }
    const bool is_found = word.starts_with('/') ? is_there(word, all_) : find(word) != nullptr;
    if (!is_found)
      findings_.error(where, 1, word + " is neither in the package nor in a layer" + elsewhere(word));
  }

  const PackageEntry* check_name(const std::string& name) {
    if (const auto* entry = find(name)) {
      if (entry->kind == PackageEntry::Kind::folder) handler_error(name + " is a folder; name a file in it");
      return entry;
    }
    if (name.starts_with('/') ? is_there(name, all_) : is_command(name, all_))
      check_no_code(name);
    else if (!check_function(name))
      handler_error(name + " is neither a file of the package, nor FILE.FUNCTION, nor a command there" +
                    elsewhere(name));
    return nullptr;
  }

  void check_no_code(const std::string& name) {
    if (handler::runs_stdin_as_code(name))
      handler_error(name +
                    " alone would run every event as code. Name a script for it in SHELLSTRAP_COMMAND");
  }

  /// "a.b.handler" as the bootstrap reads it: FILE "a.b" first, then FILE "a".
  bool check_function(const std::string& name) {
    for (auto dot = name.rfind('.'); dot != std::string::npos && dot > 0; dot = name.rfind('.', dot - 1)) {
      const auto function = name.substr(dot + 1);
      if (function.empty() || function.find('/') != std::string::npos) continue;
      for (const auto* extension : {".sh", ".bash", ""})
        if (const auto* file = find(name.substr(0, dot) + extension);
            file != nullptr && file->kind == PackageEntry::Kind::file) {
          if (!all_.functions.contains(function))
            findings_.warning(file->path, 1, "may lack the function " + function + " that the handler names");
          return true;
        }
    }
    return false;
  }

  [[nodiscard]] const PackageEntry* find(std::string_view name) const {
    for (const std::string_view root : {"./", "/var/task/"})
      if (name.starts_with(root)) name.remove_prefix(root.size());
    return all_.package.find(std::string(name));
  }

  /// Names are told apart by case there, but not on every desktop; and whoever packs a folder gets that
  /// folder, too.
  [[nodiscard]] std::string elsewhere(const std::string& name) const {
    const auto file = name.substr(0, name.rfind('.'));
    const auto folder = only_folder(all_.package);
    for (const auto& entry : all_.package.entries)
      for (const auto& wanted : {name, file, file + ".sh", file + ".bash"}) {
        if (base::equal_ignoring_case(entry.path, wanted))
          return ". There is " + entry.path + ": mind the case";
        if (folder && entry.path == *folder + "/" + wanted)
          return ". There is " + entry.path + ": pack what is in " + *folder + "/, not the folder itself";
      }
    return "";
  }

  const Surroundings& all_;
  const CheckOptions& options_;
  Findings& findings_;
  bool has_program_ = true;
};

}  // namespace

Started check_configuration(const Surroundings& all, const CheckOptions& options, Findings& findings) {
  ConfigurationCheck check(all, options, findings);
  const auto* started = check.run();
  return {started != nullptr ? started->path : "", check.has_program()};
}

}  // namespace cli
