// SPDX-License-Identifier: Apache-2.0
#include "handler/program/languages.h"

#include "base/text/text.h"

#include <algorithm>
#include <array>

namespace handler {
namespace {

constexpr std::array kLanguages = {
    Language{".py", "Python", "#!/usr/bin/env python3"},
    Language{".pl", "Perl", "#!/usr/bin/env perl"},
    Language{".rb", "Ruby", "#!/usr/bin/env ruby"},
    Language{".js", "JavaScript", "#!/usr/bin/env node"},
    Language{".mjs", "JavaScript", "#!/usr/bin/env node"},
    Language{".cjs", "JavaScript", "#!/usr/bin/env node"},
    Language{".ts", "TypeScript", "#!/usr/bin/env -S deno run"},
    Language{".mts", "TypeScript", "#!/usr/bin/env -S deno run"},
    Language{".php", "PHP", "#!/usr/bin/env php"},
    Language{".lua", "Lua", "#!/usr/bin/env lua"},
    Language{".tcl", "Tcl", "#!/usr/bin/env tclsh"},
    Language{".r", "R", "#!/usr/bin/env Rscript"},
    Language{".jl", "Julia", "#!/usr/bin/env julia"},
    Language{".awk", "AWK", "#!/usr/bin/awk -f"},
    Language{".sed", "sed", "#!/usr/bin/sed -f"},
    Language{".jq", "jq", "#!/usr/bin/env -S jq -f"},
    Language{".fish", "fish", "#!/usr/bin/env fish"},
    Language{".csh", "C shell", "#!/usr/bin/env csh"},
    Language{".tcsh", "C shell", "#!/usr/bin/env tcsh"},
    Language{".ps1", "PowerShell", "#!/usr/bin/env pwsh"},
    Language{".groovy", "Groovy", "#!/usr/bin/env groovy"},
    Language{".exs", "Elixir", "#!/usr/bin/env elixir"},
    Language{".clj", "Clojure", "#!/usr/bin/env -S clojure -M"},
    Language{".scm", "Scheme", "#!/usr/bin/env guile"},
    Language{".bat", "a batch file of Windows", ""},
    Language{".cmd", "a batch file of Windows", ""},
    Language{".go", "Go source", ""},
    Language{".rs", "Rust source", ""},
    Language{".c", "C source", ""},
    Language{".h", "C source", ""},
    Language{".cc", "C++ source", ""},
    Language{".cpp", "C++ source", ""},
    Language{".java", "Java source", ""},
    Language{".kt", "Kotlin source", ""},
    Language{".cs", "C# source", ""},
    Language{".swift", "Swift source", ""},
    Language{".scala", "Scala source", ""},
    Language{".hs", "Haskell source", ""},
    Language{".tsx", "TypeScript source", ""},
    Language{".jsx", "JavaScript source", ""},
    Language{".json", "JSON", ""},
    Language{".yaml", "YAML", ""},
    Language{".yml", "YAML", ""},
    Language{".toml", "TOML", ""},
    Language{".xml", "XML", ""},
    Language{".html", "HTML", ""},
    Language{".css", "CSS", ""},
    Language{".sql", "SQL", ""},
    Language{".md", "Markdown", ""},
    Language{".csv", "a table", ""},
};

}  // namespace

const Language* language_of(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return nullptr;
  const auto found = std::ranges::find_if(kLanguages, [&](const Language& language) {
    return base::equal_ignoring_case(language.suffix, name.substr(dot));
  });
  return found == kLanguages.end() ? nullptr : &*found;
}

std::string no_shebang_fault(const Language& language, std::string_view name) {
  const auto what = "is " + std::string(language.name) + " by its name, ";
  if (language.shebang.empty())
    return what + "which cannot be started. Name the program that is made of it, or the script that reads it";
  return what + "but has no #! line, so /bin/sh would run it. Make line 1 " + std::string(language.shebang) +
         ", or set SHELLSTRAP_COMMAND to its interpreter and " + std::string(name);
}

}  // namespace handler
