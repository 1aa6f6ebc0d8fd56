// SPDX-License-Identifier: Apache-2.0
#include "check_run.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace {

using namespace std::string_literals;

/// Whether scripts get started as they are meant to be, and read as they are written.
class CheckTextTest : public CheckTest {};

/// Each of its characters in two bytes.
std::string wide(std::string_view text) {
  std::string bytes;
  for (const char c : text) bytes.append({c, '\0'});
  return bytes;
}

TEST_F(CheckTextTest, FindsAByteOrderMarkInScriptsAndInNothingElse) {
  for (const auto* text : {"\xEF\xBB\xBF#!/bin/sh\ncat\n",
                           "\xEF\xBB\xBF"
                           "cat\n"}) {
    write("main.sh", text, 0755);
    expect_one(check({"--handler", "main.sh"}), "main.sh:1: error: ", "byte order mark");
  }
  script("cat");
  write("data.json", "\xEF\xBB\xBF{}");
  write("module.py", "\xEF\xBB\xBFimport sys\n");  // which Python can read
  expect_nothing(check());
}

TEST_F(CheckTextTest, FindsScriptsInWideEncodingsAndReadsNothingElseIntoThem) {
  const auto text = wide("#!/bin/sh\r\njq .name >/var/x\r\n");
  for (const auto& bytes : {"\xFF\xFE" + text, text, "\xFE\xFF\0"s + text, "\0"s + text}) {
    write("main.sh", bytes, 0755);
    expect_one(check(), "main.sh:1: error: ", "is in UTF-16");
  }
  write("main.sh", "\xFF\xFE\0\0#\0\0\0!\0\0\0"s, 0755);
  expect_one(check(), "main.sh:1: error: ", "is in UTF-32");
  script("cat");
  write("names.txt", "\xFF\xFE" + wide("jq\n"));
  expect_nothing(check());
}

TEST_F(CheckTextTest, FindsAMissingFirstLineOfWhatIsStarted) {
  write("main.sh", "cat\n", 0755);
  expect_one(check(), "main.sh:1: warning: ", "no #! line");
  write("main.sh", "cat\n");
  ASSERT_EQ(::chmod((cli.folder / "package/main.sh").c_str(), 0644), 0);
  expect_nothing(check());  // may be for others to source
  expect_one(check({"--handler", "main.sh"}),
             "main.sh:1: warning: ", "no #! line, so it is run with /bin/sh");
  expect_one(check({"--env", "SHELLSTRAP_COMMAND=./main.sh x"}), "main.sh:1: warning: ", "no #! line");
  expect_one(check({"--env", "SHELLSTRAP_COMMAND=/var/task/main.sh x"}),
             "main.sh:1: warning: ", "no #! line");
}

TEST_F(CheckTextTest, AFileOfFunctionsNeedsNoFirstLineWhateverItsModes) {
  write("function.sh", "handler() { cat; }\n", 0755);  // as the AWS tutorial has it
  expect_nothing(check({"--handler", "function.handler", "--strict"}));
  expect_nothing(check({"--strict"}));
}

TEST_F(CheckTextTest, FindsMisspeltFirstLines) {
  for (const auto* line :
       {"# !/bin/bash", "#/bin/bash", "!#/bin/bash", "!/bin/bash", " #!/bin/bash", "\\#!/bin/bash",
        "#!!/bin/bash", "##!/bin/bash", "#1/bin/bash", "# /usr/bin/env bash"}) {
    write("main.sh", std::string(line) + "\ncat\n", 0755);
    expect_one(check(), "main.sh:1: error: ", "Write #!/");
  }
  for (const auto* line : {"# reads /bin/bash", "#########/bin/bash", "# /etc/passwd is read"}) {
    write("main.sh", std::string(line) + "\ncat\n", 0755);
    EXPECT_FALSE(has(check().out, ": error: ")) << line;
  }
}

TEST_F(CheckTextTest, FindsAFirstLineThatIsNotTheFirst) {
  for (const auto* before : {"\n", "# a licence\n", "# one\n\n# two\n"}) {
    write("main.sh", before + "#!/bin/bash\ncat\n"s, 0755);
    const auto line = 1 + std::ranges::count(std::string(before), '\n');
    expect_one(check(), "main.sh:" + std::to_string(line) + ": error: ", "looks at line 1 only");
  }
  write("main.sh", "cat <<X\n#!/bin/sh\nX\n", 0755);
  EXPECT_FALSE(has(check().out, ": error: "));
}

TEST_F(CheckTextTest, FindsFirstLinesThatNoKernelMakesSenseOf) {
  for (const auto& [line, part] : std::vector<std::pair<std::string, std::string>>{
           {"#!", "without an interpreter"},
           {"#!bash", "#!/usr/bin/env bash"},
           {"#!bin/sh", "not a whole path"},
           {"#!/usr/bin/env", "names no interpreter"},
           {"#!/usr/bin/env A=b bash", "names no interpreter"},
           {"#!/usr/bin/env bash -e", "#!/usr/bin/env -S bash -e"},
           {"#!/bin/bash -eu -o pipefail", "as one word"},
           {"#!/bin/sh -e # strict", "as one word"}}) {
    write("main.sh", line + "\ncat\n", 0755);
    expect_one(check(), "main.sh:1: error: ", part);
  }
  for (const auto* line : {"#!/bin/sh -", "#! /bin/bash -eu", "#!/usr/bin/env -S bash -e",
                           "#!/usr/bin/env -iS A=b bash", "#!/usr/bin/awk -f"}) {
    write("main.sh", std::string(line) + "\n", 0755);
    expect_nothing(check());
  }
}

TEST_F(CheckTextTest, AnInterpreterInAnotherFolderIsTold) {
  write("main.sh", "#!/usr/local/bin/bash\n", 0755);
  expect_one(check(), "main.sh:1: warning: ", "Write #!/usr/bin/env bash");
  write("main.sh", "#!/bin/bahs\n", 0755);
  expect_one(check(), "main.sh:1: warning: ", "its interpreter /bin/bahs may be missing");
}

TEST_F(CheckTextTest, FindsLineEndsWhereTheyMatter) {
  write("main.sh", "#!/bin/sh\rcat\r", 0755);
  expect_one(check(), "main.sh:1: error: ", "CR alone");
  write("main.sh", "#!/usr/bin/env tool\nx = 1\r\n", 0755);
  cli.folder.write("layer/bin/tool", "#!/bin/sh\n", 0755);
  expect_nothing(check({"--layer", "layer"}));  // its language may not mind
  write("main.sh", "#!/usr/bin/env tool\r\nx = 1\n", 0755);
  expect_one(check({"--layer", "layer"}), "main.sh:1: error: ", "CR LF");
}

TEST_F(CheckTextTest, ScriptsOfALayerAreLookedAtAsWell) {
  cli.folder.write("layer/bin/tool", "#!/usr/bin/perl\n", 0755);
  expect_one(check({"--layer", "layer"}), "layer/bin/tool:1: warning: ", "/usr/bin/perl may be missing");
  cli.folder.write("layer/bin/tool", "#!/opt/bin/python3\n", 0755);
  expect_one(check({"--layer", "layer"}), "layer/bin/tool:1: warning: ", "/opt/bin/python3 may be missing");
  cli.folder.write("second/bin/python3", "#!/bin/sh\n", 0755);
  expect_nothing(check({"--layer", "layer", "--layer", "second"}));
  cli.folder.write("layer/python/module.py", "#!/usr/bin/nothing\n", 0644);  // is imported
  expect_nothing(check({"--layer", "layer", "--layer", "second"}));
  cli.folder.write("layer/bin/tool", "#!/bin/sh\r\njq\n", 0755);
  expect_one(check({"--layer", "layer"}), "layer/bin/tool:1: error: ", "CR LF");
}

TEST_F(CheckTextTest, AHandlerOfAnotherLanguageWithoutFirstLineIsAnError) {
  for (const auto* name : {"nohash.py", "deep/nohash.rb", "index.JS"}) {
    write(name, "import sys\n");
    expect_one(check({"--handler", name}),
               std::string(name) + ":1: error: ", "has no #! line, so /bin/sh would run it");
    expect_one(check({"--env", std::string("SHELLSTRAP_COMMAND=./") + name}),
               std::string(name) + ":1: error: ", "has no #! line");
    expect_nothing(check({"--env", std::string("SHELLSTRAP_COMMAND=sh ") + name}));
  }
  write("data.json", "{}");
  expect_one(check({"--handler", "data.json"}), "data.json:1: error: ", "cannot be started");
}

TEST_F(CheckTextTest, ProgramsOfOtherSystemsAreNamed) {
  const std::string universal = "\xCA\xFE\xBA\xBE\0\0\0\2"s + std::string(40, '\0');
  for (const auto& bytes : {"\xCF\xFA\xED\xFE"s + std::string(40, '\0'), universal}) {
    write("tool", bytes, 0755);
    expect_one(check({"--arch", "arm64"}), "tool:1: error: ", "for macOS. Build it for Linux on arm64");
  }
  write("tool", "MZ" + std::string(58, '\0') + "\x40\0\0\0PE\0\0"s, 0755);
  expect_one(check(), "tool:1: error: ", "for Windows");
  std::filesystem::rename(cli.folder / "package/tool", cli.folder / "package/launcher.exe");
  expect_nothing(check());  // some packages bring one for whoever needs it
  expect_one(check({"--handler", "launcher.exe"}), "launcher.exe:1: error: ", "for Windows");
  std::filesystem::remove(cli.folder / "package/launcher.exe");
  write("Main.class", "\xCA\xFE\xBA\xBE\0\0\0\x3d"s + std::string(40, '\0'));
  expect_nothing(check());
}

TEST_F(CheckTextTest, ReadmesWithARunBitAreNotTakenForScripts) {
  for (const auto* name : {"README", "LICENSE", "README.md", "data.json", "notes.txt"})
    write(name, "text\n", 0755);
  expect_nothing(check({"--strict"}));
}

}  // namespace
