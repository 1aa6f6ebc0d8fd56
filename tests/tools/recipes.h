// SPDX-License-Identifier: Apache-2.0
// docs/tools.md is the one place where recipes stand; here are events for them, and what the real tools make
// of those, through the real bootstrap.
#pragma once

#include "base/text/base64.h"
#include "support/bootstrap_process.h"
#include "support/paths.h"
#include "support/process_tools.h"

#include <unistd.h>

#include <fstream>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tools {

using nlohmann::json;

/// One recipe in use.
struct Row {
  std::string recipe;  ///< its name on the page
  std::string event;
  std::string expected;                 ///< the answer, or what `probe` says of it
  std::vector<std::string> probe = {};  ///< a command that looks at the answer; kAnswer stands for its file
};
inline constexpr auto kAnswer = "ANSWER";

inline void PrintTo(const Row& row, std::ostream* out) {
  *out << row.recipe;
}

/// All rows, for the comparison with the page.
std::vector<Row> text_rows();
std::vector<Row> file_rows();
std::vector<Row> on_demand_rows();

/// What of the page stands in a block of JSON, by the bold words in front of it.
inline std::map<std::string, json> recipes_of_the_page() {
  std::ifstream page(support::source_dir() + "/docs/tools.md");
  std::map<std::string, json> recipes;
  std::string name;
  std::string block;
  bool is_json = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("**")) name = line.substr(2, line.find("**", 2) - 2);
    if (is_json && line == "```") recipes[name] = json::parse(block, nullptr, false);
    if (is_json) block += line + "\n";
    if (line == "```json") block.clear();
    is_json = line == "```json" || (is_json && line != "```");
  }
  return recipes;
}

/// The tool itself, behind env and its assignments.
inline std::string program_of(const json& recipe) {
  for (const auto& word : recipe.value("command", std::vector<std::string>()))
    if (word != "env" && word.find('=') == std::string::npos) return word;
  return "";
}

inline bool is_installed(const std::string& program) {
  return program.starts_with("./") || ::access(("/usr/bin/" + program).c_str(), X_OK) == 0 ||
         ::access(("/bin/" + program).c_str(), X_OK) == 0;
}

/// For tests of what a recipe and its tool make of an event.
class ToolsTest : public testing::Test {
 protected:
  /// Starts it as the package's shellstrap.json, in which /var/task is this test's. Skips where the tool is
  /// not there.
  void start(const std::string& recipe, std::map<std::string, std::string> more = {}) {
    const auto recipes = recipes_of_the_page();
    ASSERT_TRUE(recipes.contains(recipe)) << "docs/tools.md has no " << recipe;
    auto settings = recipes.at(recipe);
    const auto program = program_of(settings);
    if (!is_installed(program))
      GTEST_SKIP() << program << " is not installed; scripts/setup tools installs it";
    for (auto& word : settings["command"])
      if (word.get<std::string>().starts_with("/var/task/"))
        word = bootstrap_.task_root / word.get<std::string>().substr(10);
    bootstrap_.task_root.write("shellstrap.json", settings.dump());
    more["PATH"] = "/usr/bin:/bin";
    more["LC_ALL"] = "C.UTF-8";
    bootstrap_.start({.handler = "", .arguments = {}, .environment = std::move(more)});
  }

  std::string answer(const std::string& event) {
    const auto post = bootstrap_.invoke(event);
    EXPECT_EQ(post.header("Lambda-Runtime-Function-Error-Type").value_or("no error"), "no error")
        << post.body << "\n"
        << bootstrap_.log();
    return post.body;
  }

  void check(const Row& row) {
    ASSERT_NO_FATAL_FAILURE(start(row.recipe));
    if (IsSkipped()) return;
    const auto answered = answer(row.event);
    EXPECT_EQ(row.probe.empty() ? answered : probed(row.probe, answered), row.expected);
  }

  support::BootstrapProcess bootstrap_;

 private:
  std::string probed(std::vector<std::string> probe, const std::string& answered) {
    const auto file = folder_.write("answer", answered);
    for (auto& word : probe)
      if (word == kAnswer) word = file;
    const auto looked = support::run_tool(probe);
    return looked.out + (looked.state.success() ? "" : looked.err);
  }

  support::TempDir folder_;
};

inline std::string name_of_row(const testing::TestParamInfo<Row>& row) {
  std::string name;
  for (const char c : row.param.recipe) name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return name;
}

/// An HTTP event with a body that is no text.
inline std::string encoded_body(const std::string& base64, json more = json::object()) {
  more["body"] = base64;
  more["isBase64Encoded"] = true;
  return more.dump();
}
inline std::string body(const std::string& bytes, json more = json::object()) {
  return encoded_body(base::base64_encode(bytes), std::move(more));
}

inline constexpr auto kPdf = R"(%PDF-1.1
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 43>> stream
BT /F 24 Tf 20 40 Td (Hello from PDF) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
)";

}  // namespace tools
