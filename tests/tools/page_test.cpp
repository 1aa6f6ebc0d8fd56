// SPDX-License-Identifier: Apache-2.0
// docs/tools.md and the tests of its recipes say the same.
#include "tools/recipes.h"

#include <algorithm>
#include <set>

namespace tools {
namespace {

std::set<std::string> tested_recipes() {
  std::set<std::string> names{"curl", "curl, from S3", "hugo", "./exec"};  // in tests of their own
  for (const auto& rows : {text_rows(), file_rows(), on_demand_rows()})
    for (const auto& row : rows) names.insert(row.recipe);
  return names;
}

std::set<std::string> recipes_without_a_test() {
  auto names = std::set<std::string>();
  for (const auto& [name, recipe] : recipes_of_the_page())
    if (!tested_recipes().contains(name)) names.insert(name);
  return names;
}

}  // namespace

TEST(ToolsPageTest, EveryRecipeHasATest) {
  EXPECT_EQ(recipes_without_a_test(), std::set<std::string>());
}

TEST(ToolsPageTest, FortyToolsOrMoreHaveARecipe) {
  std::set<std::string> programs;
  for (const auto& [name, recipe] : recipes_of_the_page()) {
    ASSERT_TRUE(recipe.is_object()) << name << " is not JSON";
    programs.insert(program_of(recipe));
  }
  EXPECT_GE(programs.size(), 40U);
}

}  // namespace tools
