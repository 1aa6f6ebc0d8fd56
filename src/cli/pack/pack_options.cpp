// SPDX-License-Identifier: Apache-2.0
#include "cli/pack/pack_options.h"

#include "cli/line/raw_texts.h"
#include "cli/line/verb_line.h"

#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace cli {
namespace {

// clang-format off: lines as they are printed
constexpr auto kDescription =
    "Makes the zip of a function's folder that Lambda takes: its files and bootstrap side by side, with\n"
    "run bits. The same files give the same bytes. First it looks through all of it as shellstrap check\n"
    "does; an error there ends it, and an older zip stays as it was.\n";

constexpr auto kEpilogue =
    "Never packed: .git, and at the top tests/, deploy.json and .shellstrapignore; the zip itself; and what\n"
    ".shellstrapignore names, a pattern a line as in .gitignore: * ? ** / ! and #. Links are refused.\n\n"
    "The zip's name goes to standard output, everything else to standard error.\n\n"
    "Exit status: 0 packed; 1 errors were found; 2 wrong usage, or the zip cannot be written.\n\n"
    "Examples:\n"
    "  shellstrap pack hello/ --handler hello.sh\n"
    "  shellstrap pack --layer --arch arm64 --output dist/hello.zip hello/";
// clang-format on

struct Parsed {
  PackOptions options;
  CheckWords words;
};

void describe(CLI::App& app, Parsed& parsed) {
  auto& options = parsed.options;
  parsed.words.options.package = ".";
  options.output = "function.zip";
  app.add_option("DIR", parsed.words.options.package, "the function's folder (default: the current one)");
  app.add_option("--output", options.output, "the zip (default: function.zip, here)")->option_text("FILE");
  app.add_flag("--layer", options.in_layer, "a layer of the function has the bootstrap: pack none");
  app.add_option("--bootstrap", options.bootstrap, "runtime to pack (default: that of --arch)")
      ->option_text("PATH");
  add_texts(app, "--with", parsed.words.options.layers,
            "a layer that the function has: what is in it counts as there; may be repeated")
      ->option_text("DIR|ZIP");
  add_check_options(app, parsed.words);
  app.set_help_flag("-h,--help", "this text");
  app.footer(kEpilogue);
}

std::string complete(Parsed& parsed) {
  if (auto wrong = complete(parsed.words); !wrong.empty()) return wrong;
  if (parsed.options.in_layer && !parsed.options.bootstrap.empty())
    return "give either --layer or --bootstrap, not both";
  parsed.options.check = std::move(parsed.words.options);
  return "";
}

}  // namespace

std::variant<PackOptions, int> parse_pack_options(const Arguments& arguments) {
  Parsed parsed;
  CLI::App app(kDescription, "shellstrap pack");
  describe(app, parsed);
  if (const auto status = parse_verb_line(app, arguments)) return *status;
  if (const auto wrong = complete(parsed); !wrong.empty()) return refuse(app, wrong);
  return std::move(parsed.options);
}

void show_pack_line(const LineReader& read) {
  Parsed parsed;
  CLI::App app(kDescription, "shellstrap pack");
  describe(app, parsed);
  read(app);
}

}  // namespace cli
