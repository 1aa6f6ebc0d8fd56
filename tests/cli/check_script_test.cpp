// SPDX-License-Identifier: Apache-2.0
#include "cli/content/check_script.h"

#include "check_run.h"

#include <set>

namespace {

using cli::ShellUse;

std::set<std::string> words(std::string_view text, ShellUse::Kind kind) {
  std::set<std::string> found;
  for (const auto& use : cli::scan_shell(text).uses)
    if (use.kind == kind) found.insert(use.word);
  return found;
}

std::set<std::string> commands(std::string_view text) {
  return words(text, ShellUse::Kind::command);
}

using Names = std::set<std::string>;

TEST(ScanShellTest, CommandsAreTheFirstWordsWhereverCommandsBegin) {
  EXPECT_EQ(commands("a x | b && c || d; e & f\ng"), (Names{"a", "b", "c", "d", "e", "f", "g"}));
  EXPECT_EQ(commands("if a; then b; elif c; then d; else e; fi"), (Names{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(commands("while ! a; do { b; }; done; (c)"), (Names{"a", "b", "c"}));
  EXPECT_EQ(commands("X=1 Y=$(a) b \"$(c `d`)\" ${e:-$(f)}"), (Names{"a", "b", "c", "d", "f"}));
  EXPECT_EQ(commands("exec a b; command -v c; nohup d"), (Names{"exec", "a", "command", "nohup", "d"}));
  EXPECT_EQ(commands("2>/dev/null a >x; a 2>&1 | b"), (Names{"a", "b"}));
}

TEST(ScanShellTest, NothingElseIsACommand) {
  EXPECT_EQ(commands("# git\n echo 'git; git' \"| git\" \\; git"), Names{"echo"});
  EXPECT_EQ(commands("for git in git jq; do echo; done"), Names{"echo"});
  EXPECT_EQ(commands("case $x in git | jq) a ;; (*) b;; esac; c"), (Names{"a", "b", "c"}));
  EXPECT_EQ(commands("cat <<EOF\ngit $x\nEOF\na"), (Names{"cat", "a"}));
  EXPECT_EQ(commands("cat <<-'E'; b\n\tgit\n\tE\na"), (Names{"a", "b", "cat"}));
  EXPECT_EQ(commands("list=(git jq); ((i++)); echo $((git + 1))"), Names{"echo"});
  EXPECT_EQ(commands("[[ $a == git && $b > jq ]] && a"), (Names{"[[", "a"}));
  EXPECT_EQ(commands("$git x; \"$jq\"; x$y"), Names{});
}

TEST(DeclaredNeedsTest, StandInACommentOfAnyLanguage) {
  for (const auto* text : {"# needs: node jq", "// needs: node jq", "-- needs: jq node",
                           ";; needs: node jq\nx", "%needs: node jq", "x\n  #needs:  node  jq"})
    EXPECT_EQ(cli::declared_needs(text), (std::set<std::string>{"jq", "node"})) << text;
  for (const auto* text : {"needs: node", "x # needs: node", "# it needs: node", "", "//"})
    EXPECT_TRUE(cli::declared_needs(text).empty()) << text;
}

TEST(ScanShellTest, KnowsItsFunctionsAliasesAndDeclaredNeeds) {
  const auto scan =
      cli::scan_shell("# needs: git  flock\na() { x; }\nfunction b {\n y\n}\nalias c=z\nPATH=/x\n");
  EXPECT_EQ(scan.functions, (Names{"a", "b", "c"}));
  EXPECT_EQ(scan.needs, (Names{"git", "flock"}));
  EXPECT_TRUE(scan.sets_path);
}

TEST(ScanShellTest, WritesThatMayFailAreTheOnesOutsideTmp) {
  const auto writes = [](std::string_view text) { return words(text, ShellUse::Kind::write); };
  EXPECT_EQ(writes("a > out; b >> /var/x; c &>/opt/$y; d 2>err"),
            (Names{"out", "/var/x", "/opt/...", "err"}));
  EXPECT_EQ(writes("a >/tmp/x 2>&1; b >/dev/null; c >\"$f\"; d >&-; e <in; exec 9>\"$m.lock\""), Names{});
  EXPECT_EQ(writes("cd /tmp\na > out"), Names{});
}

TEST(ScanShellTest, WhatNeverEndsAndWhatIsNestedTooDeepIsLeft) {
  for (const char* text :
       {"'", "\"$(", "`", "${", "((", "a=(", "<(", "case", "cat <<X\n", ")", "}", "\\", "$", "a()"})
    EXPECT_LE(cli::scan_shell(text).uses.size(), 2U) << text;
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "$(";
  EXPECT_TRUE(commands(deep).empty());
  std::string braces;
  for (int i = 0; i < 100000; ++i) braces += "${x:-\"$((";
  EXPECT_TRUE(commands(braces).empty());
}

TEST_F(CheckTest, FindsACommandThatTheImageLacks) {
  script("cat |\n  jq .name");
  expect_one(check(), "main.sh:3: warning: ", "jq may be missing");
}

TEST_F(CheckTest, ALayerOrADeclarationBringsTheCommand) {
  script("jq .name");
  cli.folder.write("layer/bin/jq", "#!/bin/sh\n", 0755);
  expect_nothing(check({"--layer", "layer"}));
  script("# needs: jq\njq .name");
  expect_nothing(check());
}

TEST_F(CheckTest, FindsProcessSubstitution) {
  write("main.sh", "#!/bin/bash\ncat <(echo x)\n", 0755);
  expect_one(check(), "main.sh:2: warning: ", "/dev/fd");
}

TEST_F(CheckTest, FindsDevicesThatLambdaLacks) {
  script("read -r x </dev/tty");
  expect_one(check(), "main.sh:2: warning: ", "/dev/tty is missing on Lambda");
  script("cat /dev/fd/3");
  expect_one(check(), "main.sh:2: warning: ", "/dev/fd/3 is missing on Lambda");
  script("cat >/dev/shm/x");
  expect_one(check(), "main.sh:2: warning: ", "/dev/shm/x is missing on Lambda");
}

TEST_F(CheckTest, SaysNothingOfTheDevicesThatLambdaHas) {
  script(
      "cat /dev/stdin | tee /dev/stderr >/dev/stdout\necho x >>/dev/stderr 2>/dev/null </dev/zero\nhead -c1 "
      "/dev/urandom");
  expect_nothing(check());
}

TEST_F(CheckTest, FindsWritesOutsideTmp) {
  script("cat > state.json");
  expect_one(check(), "main.sh:2: warning: ", "only /tmp can be written to");
}

}  // namespace
