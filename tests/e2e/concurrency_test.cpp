// SPDX-License-Identifier: Apache-2.0
// Sixteen invocations at a time in one bootstrap: what happens to one of them is nobody else's business.
#include "base/deadline.h"
#include "support/bootstrap_process.h"
#include "support/process_tools.h"

#include <sys/socket.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using support::Event;
using support::Reply;
using namespace std::chrono_literals;

constexpr int kManyWorkers = 16;
const std::map<std::string, std::string> kManaged{
    {"AWS_LAMBDA_MAX_CONCURRENCY", std::to_string(kManyWorkers)},
    {"AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances"},
    {"AWS_LAMBDA_LOG_FORMAT", "JSON"}};

class ConcurrencyTest : public testing::Test {
 protected:
  void start_script(const std::string& lines) {
    bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + lines, 0755);
    bootstrap_.start({.handler = "handler.sh", .arguments = {}, .environment = kManaged});
  }
  void start_function(const std::string& file) {
    bootstrap_.task_root.write("functions.sh", file, 0644);
    bootstrap_.start({.handler = "functions.handler", .arguments = {}, .environment = kManaged});
  }

  // Each runs, and has said so in a file of its own, before this returns.
  void run_on_all_workers(const std::function<Reply(int)>& reply) {
    ASSERT_TRUE(bootstrap_.api.wait_until_parked(kManyWorkers, 60s));
    for (int i = 0; i < kManyWorkers; ++i) bootstrap_.api.push_next(reply(i));
    for (int i = 0; i < kManyWorkers; ++i) ASSERT_GT(number_in("pid-" + std::to_string(i)), 0) << i;
  }
  static Event event(int number) {
    return {.id = "id-" + std::to_string(number), .body = std::to_string(number)};
  }
  static Reply plainly(int number) { return Reply::event(event(number)); }

  pid_t number_in(const std::string& name) {
    pid_t pid = -1;
    support::wait_for([&] { return static_cast<bool>(std::ifstream(bootstrap_.task_root / name) >> pid); },
                      60s);
    return pid;
  }

  using Posts = std::map<std::string, support::RecordedRequest>;

  // Lets them go; the answer of each by its id.
  Posts answers(int count = kManyWorkers) {
    bootstrap_.task_root.write("go", "");
    return posts(count);
  }
  Posts posts(int count) {
    Posts posts;
    for (int i = 0; i < count; ++i) {
      auto post = bootstrap_.wait_for_post();
      const auto begin = post.path.find("id-");
      if (begin == std::string::npos) continue;
      posts.emplace(post.path.substr(begin, post.path.find('/', begin) - begin), post);
    }
    return posts;
  }

  // All but `struck` have the answers that they would have had without it.
  static void expect_the_others_answered(const Posts& posts, int struck) {
    ASSERT_EQ(posts.size(), static_cast<std::size_t>(kManyWorkers));
    for (int i = 0; i < kManyWorkers; ++i) {
      if (i == struck) continue;
      const auto id = "id-" + std::to_string(i);
      EXPECT_TRUE(posts.at(id).path.ends_with("/response")) << posts.at(id).body;
      EXPECT_EQ(posts.at(id).body, id + " " + std::to_string(i) + "\n");
    }
  }

  support::BootstrapProcess bootstrap_;
};

// The number is the event. Says which process runs it, and waits until it may answer.
constexpr const char* kScript =
    "n=$(cat)\necho $$ >pid-$n.tmp && mv pid-$n.tmp pid-$n\nwhile [ ! -e go ]; do sleep 0.05; done\n"
    "echo \"$AWS_LAMBDA_REQUEST_ID $n\"\n";
// The same in a warm shell, whose number $$ is.
constexpr const char* kFunction =
    "handler() {\n  echo $$ >pid-$1.tmp && mv pid-$1.tmp pid-$1\n"
    "  while [ ! -e go ]; do sleep 0.05; done\n  echo \"$AWS_LAMBDA_REQUEST_ID $1\"\n}\n";

// What was written in one write, a message of the socket, each.
class Messages {
 public:
  Messages() {
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
    read_end_ = base::UniqueFd(ends[0]);
    write_end_ = base::UniqueFd(ends[1]);
    reader_ = std::thread([this] { read_all(); });
  }
  ~Messages() { finish(); }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  [[nodiscard]] int fd() const { return write_end_.get(); }

  // When the last writer has gone.
  const std::vector<std::string>& finish() {
    write_end_.reset();
    if (reader_.joinable()) reader_.join();
    return messages_;
  }

 private:
  void read_all() {
    std::string buffer(256 * 1024, '\0');
    for (ssize_t got = 0; (got = ::recv(read_end_.get(), buffer.data(), buffer.size(), 0)) > 0;)
      messages_.push_back(buffer.substr(0, static_cast<std::size_t>(got)));
  }

  base::UniqueFd read_end_;
  base::UniqueFd write_end_;
  std::vector<std::string> messages_;
  std::thread reader_;
};

// Ends of lines, where each is a JSON object with the id of a request: how many of each text there are.
std::map<std::string, int> count_noise(const std::string& log) {
  std::map<std::string, int> found;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto record = json::parse(line, nullptr, false);
    EXPECT_TRUE(record.is_object()) << line.substr(0, 200);
    if (!record.is_object()) continue;
    const auto message = record.value("message", "");
    const auto noise = message.find("noise ");
    if (noise != 0) continue;
    // "noise ID NUMBER …": the line knows whose it is, so that the record can be compared with it.
    const auto end = message.find(' ', 6);
    EXPECT_EQ(record.value("requestId", ""), message.substr(6, end - 6)) << line.substr(0, 200);
    ++found[message.substr(0, message.find(' ', end + 1))];
  }
  return found;
}

// 100 lines each, on both streams, some of them long, some in pieces.
constexpr const char* kNoisyHandler = R"(cat >/dev/null
i=0
long=$(head -c 20000 /dev/zero | tr '\0' 'x')
while [ $i -lt 100 ]; do
  printf 'noise %s' "$AWS_LAMBDA_REQUEST_ID" >&2
  case $i in
    *7) printf ' %s %s\n' $i "$long" >&2 ;;
    *) printf ' %s "quoted" \\ \377\n' $i >&2 ;;
  esac
  i=$((i + 1))
done
)";

}  // namespace

TEST_F(ConcurrencyTest, AKilledChildCostsItsCallAndFifteenAreAnswered) {
  start_script(kScript);
  run_on_all_workers(plainly);
  ::kill(number_in("pid-5"), SIGKILL);
  const auto posts = answers();
  expect_the_others_answered(posts, 5);
  EXPECT_EQ(posts.at("id-5").header("Lambda-Runtime-Function-Error-Type"), "Function.SignalKILL");
}

TEST_F(ConcurrencyTest, AKilledWarmShellCostsItsCallAndFifteenAreAnsweredAndItIsReplaced) {
  start_function(kFunction);
  run_on_all_workers(plainly);
  ::kill(number_in("pid-5"), SIGKILL);
  auto all = posts(1);  // before it may go on: the call itself is untouched, and could end well
  all.merge(answers(kManyWorkers - 1));
  expect_the_others_answered(all, 5);
  EXPECT_TRUE(all.at("id-5").path.ends_with("/error")) << all.at("id-5").body;
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(kManyWorkers, 60s));
  for (int i = 0; i < kManyWorkers; ++i) bootstrap_.api.push_event(event(i));
  expect_the_others_answered(answers(), -1);
}

TEST_F(ConcurrencyTest, AConnectionThatDiesDuringItsCallCostsNothing) {
  start_script(kScript);
  run_on_all_workers([](int i) {
    auto reply = plainly(i);
    return i == 5 ? reply.then_close().by_reset() : reply;
  });
  expect_the_others_answered(answers(), -1);
}

TEST_F(ConcurrencyTest, ALateCallIsEndedAndItsSlotIsFreeWhileTheOthersRunOn) {
  start_script(kScript);
  run_on_all_workers([](int i) {
    auto late = event(i);
    if (i == 5) late.deadline_ms = (base::unix_now() + 6s).count();
    return Reply::event(late);
  });
  const auto late = bootstrap_.wait_for_post();
  EXPECT_EQ(late.header("Lambda-Runtime-Function-Error-Type"), "Function.Timeout") << late.body;
  EXPECT_TRUE(support::wait_for([&] { return !support::is_alive(number_in("pid-5")); }));
  EXPECT_TRUE(bootstrap_.api.wait_until_parked(1, 60s));
  bootstrap_.api.push_event(event(5));
  expect_the_others_answered(answers(), -1);
}

TEST_F(ConcurrencyTest, WarmShellsAreStartedSideBySide) {
  // Each sources the file only to its end when all of them have begun.
  start_function(
      ": >begun-$$\nwhile set -- begun-*; [ $# -lt 16 ]; do sleep 0.05; done\n"
      "handler() { echo here; }\n");
  EXPECT_TRUE(bootstrap_.api.wait_until_parked(kManyWorkers, 90s)) << bootstrap_.log();
}

TEST_F(ConcurrencyTest, EveryLineOfSixteenNoisyHandlersIsValidAttributedAndThere) {
  start_script(kNoisyHandler);
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(kManyWorkers, 60s));
  for (int i = 0; i < kManyWorkers; ++i) bootstrap_.api.push_event(event(i));
  for (int i = 0; i < kManyWorkers; ++i) EXPECT_TRUE(bootstrap_.wait_for_post().path.ends_with("/response"));
  ASSERT_TRUE(bootstrap_.api.wait_until_parked(kManyWorkers, 60s));
  const auto found = count_noise(bootstrap_.log());
  EXPECT_EQ(found.size(), 100U * kManyWorkers);
  for (const auto& [text, times] : found) EXPECT_EQ(times, 1) << text;
}

// A reader that is held up costs lines, which are counted; here only the writes themselves are looked at.
TEST_F(ConcurrencyTest, NoWriteOfSixteenNoisyHandlersIsLongerThanReadersTakeOrTearsALine) {
  Messages messages;
  bootstrap_.task_root.write("handler.sh", "#!/bin/sh\n" + std::string(kNoisyHandler), 0755);
  bootstrap_.start(
      {.handler = "handler.sh", .arguments = {}, .environment = kManaged, .log_fd = messages.fd()});
  for (int i = 0; i < kManyWorkers; ++i) bootstrap_.api.push_event(event(i));
  for (int i = 0; i < kManyWorkers; ++i) bootstrap_.wait_for_post();
  bootstrap_.signal(SIGTERM);
  bootstrap_.wait_for_end();
  const auto& writes = messages.finish();
  EXPECT_GE(writes.size(), 16U);
  for (const auto& write : writes) {
    EXPECT_LE(write.size(), 64U * 1024);
    EXPECT_TRUE(write.ends_with('\n')) << write.substr(0, 200);
    count_noise(write);
  }
}
