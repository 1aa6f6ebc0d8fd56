// SPDX-License-Identifier: Apache-2.0
#include "base/environment.h"

#include <array>

#include <gtest/gtest.h>

using base::Environment;

namespace {

Environment sample() {
  const std::array<const char*, 6> strings = {"A=1",     "EMPTY=", "A=second", "no-equals-sign",
                                              "=hidden", nullptr};
  return Environment::from(strings.data());
}

}  // namespace

TEST(EnvironmentTest, TheFirstOfTwoEqualNamesWinsAsInGetenv) {
  EXPECT_EQ(sample().get("A"), "1");
}

TEST(EnvironmentTest, AnEmptyValueIsNotAnAbsentOne) {
  EXPECT_EQ(sample().get("EMPTY"), "");
  EXPECT_EQ(sample().get("MISSING"), std::nullopt);
}

TEST(EnvironmentTest, EntriesThatAreNoVariablesAreDropped) {
  EXPECT_EQ(sample().strings(), (std::vector<std::string>{"A=1", "EMPTY="}));
}

TEST(EnvironmentTest, APrefixOfANameIsNotTheName) {
  auto environment = sample();
  environment.set("LONGER", "x");
  EXPECT_EQ(environment.get("LONG"), std::nullopt);
  environment.unset("LONG");
  EXPECT_EQ(environment.get("LONGER"), "x");
}

TEST(EnvironmentTest, SettingReplacesAndKeepsValuesWithEqualsSigns) {
  auto environment = sample();
  environment.set("A", "x=y=z");
  EXPECT_EQ(environment.get("A"), "x=y=z");
  EXPECT_EQ(environment.strings().size(), 2U);
}

TEST(EnvironmentTest, UnsetByPrefixTakesTheWholeFamily) {
  auto environment = sample();
  environment.set("_FAMILY_A", "1");
  environment.set("_FAMILY_B", "2");
  environment.unset_prefix("_FAMILY");
  EXPECT_EQ(environment.strings(), (std::vector<std::string>{"A=1", "EMPTY="}));
}

TEST(EnvironmentTest, NullIsAnEmptyEnvironment) {
  EXPECT_TRUE(Environment::from(nullptr).strings().empty());
}
