// SPDX-License-Identifier: Apache-2.0
// docs/scripts.md: what it says of locales and of /dev/shm.
#include "cli_run.h"
#include "support/doc_block.h"

#include <unistd.h>

#include <gtest/gtest.h>

namespace {

class ScriptsPageTest : public testing::Test {
 protected:
  Cli cli_;
};

TEST_F(ScriptsPageTest, LettersAreCountedWhereThereIsALocaleOfUtf8) {
  cli_.folder.write("length.sh", support::doc_block("scripts.md", "## Letters beyond ASCII"), 0755);
  EXPECT_EQ(cli_.invoke({"length.sh", "-d", "größe", "--env", "LC_ALL=C.UTF-8"}).out, "5\n");
  EXPECT_EQ(cli_.invoke({"length.sh", "-d", "größe", "--env", "LANG=xx_XX.UTF-8"}).out, "7\n");  // not there
}

TEST_F(ScriptsPageTest, WithoutDevShmPythonHasPipesAndNoLocks) {
  if (::access("/usr/bin/python3", X_OK) != 0)
    GTEST_SKIP() << "no /usr/bin/python3 to find the semaphores missing";
  cli_.folder.write("locks.py",
                    "#!/usr/bin/python3\n"
                    "import multiprocessing\n"
                    "def say(end): end.send('piped')\n"
                    "try: print(multiprocessing.Lock())\n"
                    "except OSError: print('no lock')\n"
                    "a, b = multiprocessing.Pipe()\n"
                    "multiprocessing.Process(target=say, args=(b,)).start()\n"
                    "print(a.recv())\n",
                    0755);
  const auto result = cli_.invoke({"--like-lambda", "--timeout", "60", "locks.py", "-d", "{}"});
  if (has(result.err, "The function sees this machine's folders")) GTEST_SKIP() << result.err;
  EXPECT_EQ(result.out, "no lock\npiped\n") << result.err;
}

}  // namespace
