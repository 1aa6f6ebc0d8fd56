// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_script.h"

#include "base/text/text.h"
#include "cli/content/shell_words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cli {
namespace {

constexpr std::array<std::string_view, 11> kBeforeCommands = {"if", "then", "else", "elif", "while", "until",
                                                              "do", "!",    "{",    "time", "coproc"};
/// Run the command that follows them.
constexpr std::array<std::string_view, 7> kPrefixes = {"exec",  "command", "builtin", "nohup",
                                                       "xargs", "env",     "nice"};

template <typename List>
bool is_one_of(const List& list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_missing_device(std::string_view path) {
  constexpr std::array<std::string_view, 3> kMissing = {"/dev/tty", "/dev/fd", "/dev/shm"};
  return std::ranges::any_of(kMissing, [&](std::string_view name) {
    return path == name || (path.starts_with(name) && path[name.size()] == '/');
  });
}

/// NAME=, NAME+= or NAME[…]= at the start of a word; how long that name is, else 0.
std::size_t assigned_name(std::string_view word) {
  std::size_t end = 0;
  while (end < word.size() && is_name_character(word[end])) ++end;
  if (end == 0 || (word[0] >= '0' && word[0] <= '9')) return 0;
  const auto rest = word.substr(end);
  const bool is_element = rest.starts_with('[') && rest.find("]=") != std::string_view::npos;
  return rest.starts_with('=') || rest.starts_with("+=") || is_element ? end : 0;
}

class Scanner : private ShellWords {
 public:
  Scanner(std::string_view text, ShellScan& scan) : ShellWords(text), scan_(scan) {}

  void all() {
    while (!at_end()) {
      list('\0');
      if (!at_end()) take();  // a bracket without its partner
    }
  }

 private:
  /// Where in a list of commands we are.
  struct State {
    bool expects_command = true;
    bool in_prefix = false;  ///< behind exec and its like: options come first
    bool in_test = false;    ///< between [[ and ]]
    bool names_function = false;
    bool awaits_in = false;   ///< of case
    bool in_pattern = false;  ///< of case
    int cases = 0;
    std::string previous;
  };

  void use(ShellUse::Kind kind, const std::string& word, std::size_t line) {
    scan_.uses.push_back({kind, word, line});
  }

  void list(char end) override {
    const Nesting nesting(*this);
    State state;
    while (!at_end() && step(state, end)) continue;
  }

  bool step(State& state, char end) {
    const char c = peek();
    if (c == '\n') return new_line(state);
    if (c == ' ' || c == '\t' || c == '\r') return take(), true;
    if (sees("\\\n")) return take(2), true;
    if (c == '#') return skip_line(), true;
    if (state.in_pattern) return pattern(state);
    if (c == end) return false;
    if (state.in_test && (c == '<' || c == '>' || c == '(' || c == ')' || c == '&' || c == '|'))
      return take(), true;
    if (c == '<' || c == '>' || sees("&>")) return redirection(), true;
    if (sees("((") && (state.expects_command || state.previous == "for")) return arithmetic(2), true;
    if (c == ';' || c == '|' || c == '&' || c == '(' || c == ')') return separator(state);
    one_word(state);
    return true;
  }

  bool new_line(State& state) {
    take();
    skip_documents();
    if (!state.awaits_in && !state.in_test && !state.in_pattern) next_command(state);
    return true;
  }

  static void next_command(State& state) {
    state.expects_command = true;
    state.in_prefix = false;
    state.names_function = false;
    state.previous.clear();
  }

  bool separator(State& state) {
    if (sees("()") || (peek() == '(' && state.names_function)) {
      define(state);
      return true;
    }
    if (state.cases > 0 && (sees(";;") || sees(";&"))) {
      while (peek() == ';' || peek() == '&') take();
      state.in_pattern = true;
      return true;
    }
    if (take() == '(') {
      list(')');
      if (!at_end()) take();
      state.expects_command = false;
      return true;
    }
    next_command(state);
    return true;
  }

  /// NAME () — the name was taken for a command just now.
  void define(State& state) {
    while (!at_end() && take() != ')') continue;
    if (!state.previous.empty()) scan_.functions.insert(state.previous);
    next_command(state);
  }

  bool pattern(State& state) {
    if (peek() == '(' || peek() == '|') return take(), true;
    if (peek() == ')') {
      take();
      state.in_pattern = false;
      next_command(state);
      return true;
    }
    if (ends_word(peek())) return take(), true;
    if (word().text == "esac") end_case(state);
    return true;
  }

  static void end_case(State& state) {
    state.in_pattern = false;
    state.cases = std::max(0, state.cases - 1);
    state.expects_command = false;
  }

  void one_word(State& state) {
    const ShellWord read = word();
    if (is_number(read.text) && (peek() == '<' || peek() == '>')) return;  // of a descriptor
    note_device(read);
    if (state.awaits_in && read.text == "in") {
      state.awaits_in = false;
      state.in_pattern = true;
    } else if (state.names_function) {
      scan_.functions.insert(read.text);
      next_command(state);
      state.previous = read.text;
    } else if (state.in_test) {
      state.in_test = read.text != "]]";
    } else if (state.expects_command) {
      command_word(state, read);
    } else {
      argument(state, read);
    }
  }

  void argument(const State& state, const ShellWord& read) {
    const auto equals = read.text.find('=');
    if (state.previous == "alias" && equals != std::string::npos)
      scan_.functions.insert(read.text.substr(0, equals));
    if (state.previous == "export" && read.text.starts_with("PATH=")) scan_.sets_path = true;
  }

  void command_word(State& state, const ShellWord& read) {
    if (state.in_prefix && read.text.starts_with('-')) {
      // command -v asks whether there is one; options with values are too many to know
      if (read.text != "--" && read.text != "-i" && read.text != "-p" && read.text != "-0" &&
          read.text != "-r")
        state.expects_command = false;
      return;
    }
    if (const auto name = assigned_name(read.text); name > 0) {
      if (read.text.substr(0, name) == "PATH") scan_.sets_path = true;
      return;
    }
    if (!read.is_quoted && read.is_literal && keyword(state, read.text)) return;
    state.expects_command = false;
    state.previous = read.is_literal ? read.text : "";
    if (read.is_literal && !is_definition()) found_command(state, read);
  }

  [[nodiscard]] bool is_definition() const {
    const auto next = rest().find_first_not_of(" \t");
    return next != std::string_view::npos && rest().substr(next).starts_with("()");
  }

  void found_command(State& state, const ShellWord& read) {
    if (read.text == "cd" || read.text == "pushd") changes_folder_ = true;
    if (!read.text.empty()) use(ShellUse::Kind::command, read.text, read.line);
    if (read.text == "[[") state.in_test = true;
    if (is_one_of(kPrefixes, read.text)) state.expects_command = state.in_prefix = true;
  }

  /// Whether `text` is a word of the language itself.
  static bool keyword(State& state, const std::string& text) {
    if (is_one_of(kBeforeCommands, text)) return true;
    if (text == "for" || text == "select" || text == "case" || text == "fi" || text == "done" ||
        text == "}") {
      state.expects_command = false;
      state.previous = text;
      state.awaits_in = text == "case";
      state.cases += text == "case" ? 1 : 0;
      return true;
    }
    if (text == "esac") end_case(state);
    if (text == "function") state.names_function = true;
    return text == "esac" || text == "function";
  }

  void note_device(const ShellWord& read) {
    if (read.is_literal && is_missing_device(read.text)) use(ShellUse::Kind::device, read.text, read.line);
  }

  void redirection() {
    if (sees("<(") || sees(">(")) return substitution();
    if (sees("<<<")) return take(3);
    if (sees("<<")) return document();
    bool writes = false;
    while (peek() == '<' || peek() == '>' || peek() == '&' || peek() == '|') writes |= take() == '>';
    skip_blanks();
    if (at_end() || ends_word(peek())) return;
    const ShellWord target = word();
    note_device(target);
    if (writes) note_write(target);
  }

  /// The first letters decide, so that "/tmp/$name" is known to be in /tmp.
  void note_write(const ShellWord& target) {
    const auto& path = target.text;
    if (path.empty() || path == "-" || is_number(path)) return;
    const bool is_allowed = path.starts_with("/tmp/") || path == "/tmp" || path.starts_with("/dev/") ||
                            path.starts_with("/proc/");
    if (is_allowed || (path.front() != '/' && changes_folder_)) return;
    use(ShellUse::Kind::write, path + (target.is_literal ? "" : "..."), target.line);
  }

  void substitution() {
    use(ShellUse::Kind::process_substitution, std::string(rest().substr(0, 2)), line());
    take(2);
    list(')');
    if (!at_end()) take();
  }

  void document() {
    take(2);
    const bool is_indented = peek() == '-';
    if (is_indented) take();
    skip_blanks();
    documents_.push_back({word().text, is_indented});
  }

  void skip_documents() {
    for (const auto& [end, is_indented] : std::exchange(documents_, {}))
      while (!at_end()) {
        auto read = take_line();
        while (is_indented && read.starts_with('\t')) read.remove_prefix(1);
        if (read == end) break;
      }
  }

  struct Document {
    std::string end;
    bool is_indented;
  };

  ShellScan& scan_;
  bool changes_folder_ = false;
  std::vector<Document> documents_;
};

}  // namespace

std::set<std::string> declared_needs(std::string_view text) {
  constexpr std::string_view kMark = "needs:";
  std::set<std::string> names;
  for (const auto raw : base::split(text, '\n')) {
    const auto whole = base::trim(raw);
    const auto line = base::trim(whole.substr(std::min(whole.find_first_not_of("#/-;%"), whole.size())));
    if (line.size() == whole.size() || !line.starts_with(kMark)) continue;
    for (const auto name : base::split(line.substr(kMark.size()), ' '))
      if (!base::trim(name).empty()) names.emplace(base::trim(name));
  }
  return names;
}

ShellScan scan_shell(std::string_view text) {
  ShellScan scan;
  Scanner(text, scan).all();
  scan.needs = declared_needs(text);
  return scan;
}

}  // namespace cli
