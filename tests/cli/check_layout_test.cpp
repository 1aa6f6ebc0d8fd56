// SPDX-License-Identifier: Apache-2.0
#include "check_run.h"
#include "zip_file.h"

namespace {

/// Zips whose names are not what they look like, and packages that are a folder too deep.
class CheckLayoutTest : public CheckTest {
 protected:
  [[nodiscard]] support::ToolResult check_zip(const std::vector<Zip>& entries,
                                              const std::vector<std::string>& options = {}) const {
    cli.folder.write("f.zip", zip_of(entries));
    return check(options, "f.zip");
  }

  static Zip named(const std::string& name, int host = 3) {
    Zip zip;
    zip.name = name;
    zip.host = host;
    return zip;
  }
};

TEST_F(CheckLayoutTest, BackslashesOfWindowsAreOneErrorAndTheHandlerIsFoundAllTheSame) {
  const std::vector<Zip> entries = {named("main.sh", 0), named("lib\\one.txt", 0), named("lib\\two.txt", 0)};
  const auto result = check_zip(entries, {"--handler", "lib/one.txt"});
  EXPECT_TRUE(result.out.starts_with("f.zip:1: error: has backslashes in 2 of its names, as of lib/one.txt"))
      << result.out;
  EXPECT_TRUE(has(result.out, ": 1 error, ")) << result.out;
  expect_nothing(check_zip({named("main.sh"), named("dev-disk\\x2d1.service")}));  // a name of Linux
}

TEST_F(CheckLayoutTest, ProgramsOfAZipFromWindowsHaveNoRunBitAndAreToldSo) {
  auto zip = named("bootstrap", 0);
  zip.data = std::string(
                 "\x7f"
                 "ELF\2\1",
                 6) +
             std::string(12, '\0') + number(62, 2) + std::string(44, '\0');
  zip.unpacked = static_cast<std::uint32_t>(zip.data.size());
  expect_one(check_zip({zip}, {"--arch", "x86_64"}), "bootstrap:1: error: ", "zips from Windows do not have");
}

TEST_F(CheckLayoutTest, ANameThatIsThereTwiceIsAnErrorAndSoIsAFileThatIsAFolder) {
  expect_one(check_zip({named("main.sh"), named("./main.sh")}), "main.sh:1: error: ", "in the package twice");
  expect_one(check_zip({named("main.sh"), named("main.sh/x"), named("main.sh/y")}),
             "main.sh:1: error: ", "a file and a folder");
  expect_nothing(check_zip({named("main.sh"), named("Main.sh")}));  // two files to Linux
}

TEST_F(CheckLayoutTest, NamesThatStartWithADotSlashOrHaveEmptyPartsAreTheSameNames) {
  expect_nothing(check_zip({named("./main.sh"), named("bin//tool")}, {"--handler", "bin/tool"}));
  expect_nothing(check_zip({named("./main.sh")}, {"--handler", "main.sh"}));
}

TEST_F(CheckLayoutTest, NamesThatLinuxOrTheServiceMayChangeAreFound) {
  expect_one(check_zip({named("gr\xfc\xdf.sh")}), "gr\xEF\xBF\xBD\xEF\xBF\xBD.sh:1: warning: ", "not UTF-8");
  expect_one(check_zip({named("x/" + std::string(256, 'n'))}, {"--handler", "cat"}),
             "x/" + std::string(256, 'n') + ":1: error: ", "more than 255 bytes");
}

TEST_F(CheckLayoutTest, AZipWithOneFolderOnTopIsTold) {
  expect_one(check_zip({named("function/main.sh")}), "f.zip:1: warning: ", "Pack what is in function/");
  expect_one(check_zip({named("function/main.sh")}, {"--handler", "main.sh"}),
             "--handler:1: error: ", "There is function/main.sh: pack what is in function/");
  expect_one(check_zip({named("function/bootstrap"), named("function/main.sh")}),
             "f.zip:1: error: ", "Lambda looks for it at the top");
  expect_one(check_zip({named("__MACOSX/._function"), named(".DS_Store"), named("function/main.sh")}),
             "f.zip:1: warning: ", "Pack what is in function/");
  expect_nothing(check_zip({named("function/main.sh")}, {"--handler", "function/main.sh"}));
  expect_nothing(check_zip({named("main.sh"), named("function/main.sh")}));
}

TEST_F(CheckLayoutTest, AFolderWithOneFolderOnTopIsToldTheSame) {
  cli.folder.write("parent/function/main.sh", "#!/bin/sh\n", 0755);
  expect_one(check({}, "parent"), "parent:1: warning: ", "Pack what is in function/");
}

TEST_F(CheckLayoutTest, ALayerThatIsAFolderTooDeepIsTold) {
  cli.folder.write("layer/opt/bin/tool", "#!/bin/sh\n", 0755);
  expect_one(check({"--layer", "layer"}), "layer:1: error: ", "/opt/opt");
}

TEST_F(CheckLayoutTest, AZip64IsReadAsAnyOther) {
  Zip wide;
  wide.is_wide = true;
  auto second = wide;
  second.name = "tool";
  second.data = "#!/bin/sh\njq .x\n";
  second.unpacked = static_cast<std::uint32_t>(second.data.size());
  expect_one(check_zip({wide, second}, {"--handler", "main.sh"}), "tool:2: warning: ", "jq may be missing");
  const auto whole = zip_of({wide, second});
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    cli.folder.write("f.zip", whole.substr(0, size));
    EXPECT_EQ(check({}, "f.zip").state, exited(2)) << size;
  }
}

}  // namespace
