// SPDX-License-Identifier: Apache-2.0
// Ctrl-C ends shellstrap serve within a moment, whatever its clients do or leave undone.
#include "serve_run.h"
#include "support/raw_client.h"
#include "support/raw_socket.h"
#include "support/tasks.h"

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <regex>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;

// It takes 0.3 s, and 0.6 more where a runtime does not want to end; the rest is for slow machines. A silent
// client used to be waited for for 30 s, a busy one for ever.
constexpr auto kMoment = 8s;
const std::string kCall = "POST /2015-03-31/functions/fn/invocations HTTP/1.1\r\nHost: localhost\r\n";
const std::string kGet = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kEndless = "Content-Length: 999999999999\r\n\r\n";
const std::string kChunked = "Transfer-Encoding: chunked\r\n\r\n";

// Less than an answer leaves behind what the kernel takes for a peer that does not read (4 MB on Debian).
constexpr int kReceiveBuffer = 4096;

enum class Server { invoke_api, url, runtime_api };
enum class Then { nothing, sends_slowly, sends_without_end, reads_slowly };

struct Stuck {
  std::string name;
  Server server;
  std::string sends;
  Then then = Then::nothing;
};

/// Does as it is told on one connection until it is destroyed or the server has left.
class Client {
 public:
  Client(int port, const Stuck& stuck) : socket_(port, kReceiveBuffer) {
    socket_.send(stuck.sends);
    tasks_.run([this, then = stuck.then] { go_on(then); });
  }
  ~Client() { done_ = true; }

 private:
  void go_on(Then then) {
    const std::string piece = then == Then::sends_slowly ? "x" : std::string(65536, 'x');
    while (!done_ && then != Then::nothing) {
      if (then == Then::reads_slowly ? !socket_.read_some(1) : !socket_.send(piece)) return;
      if (then != Then::sends_without_end) std::this_thread::sleep_for(20ms);
    }
  }

  std::atomic<bool> done_ = false;
  support::RawClient socket_;
  support::Tasks tasks_;  // joined first
};

class StuckClientTest : public testing::TestWithParam<Stuck> {
 protected:
  /// In this order the two ports are on standard output; that of the Runtime API is in the log.
  Serve serve() {
    cli_.script("x.sh", R"(case $(cat) in *slow*) touch slow; exec sleep 300;; esac
                           head -c 6000000 /dev/zero | tr '\0' x | sed 's/.*/"&"/')");
    if (GetParam().server == Server::runtime_api)
      return Serve(cli_, {"--only-apis", "--runtime-api-port", "0"});
    if (GetParam().server == Server::url) return Serve(cli_, {"--url=0", "--timeout", "300", "x.sh"});
    return Serve(cli_, {"--timeout", "300", "x.sh"});
  }
  static int port_of(const Serve& server) {
    if (GetParam().server != Server::runtime_api) return server.port();
    std::smatch found;
    const auto log = server.log();
    return std::regex_search(log, found, std::regex("RUNTIME_API=127.0.0.1:(\\d+)")) ? std::stoi(found[1])
                                                                                     : 0;
  }

  Cli cli_;
};

TEST_P(StuckClientTest, DoesNotHoldUpCtrlC) {
  auto server = serve();
  const Client client(port_of(server), GetParam());
  // Connections are taken in their order: behind an answer the stuck one is in a thread's hands.
  support::HttpConnection next(port_of(server));
  next.send("GET /2018-06-01/ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
  if (GetParam().server != Server::url) {
    ASSERT_TRUE(next.receive());
  }
  if (has(GetParam().sends, "slow")) {
    ASSERT_TRUE(support::wait_for([&] { return std::ifstream(cli_.folder / "slow").good(); }));
  }
  if (has(GetParam().name, "Read")) {
    ASSERT_TRUE(support::wait_for([&] { return has(server.log(), "REPORT RequestId"); })) << server.log();
  }
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(server.stop(SIGINT), exited(130)) << server.log();
  EXPECT_LT(std::chrono::steady_clock::now() - before, kMoment);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StuckClientTest,
    testing::Values(
        Stuck{"SaysNothing", Server::invoke_api, ""}, Stuck{"HalfALine", Server::invoke_api, "POST /2015"},
        Stuck{"HalfAHead", Server::invoke_api, kCall},
        Stuck{"DripsAHead", Server::invoke_api, kCall + "X-A: ", Then::sends_slowly},
        Stuck{"FloodsAHead", Server::invoke_api, kCall + "X-A: ", Then::sends_without_end},
        Stuck{"HalfABody", Server::invoke_api, kCall + kEndless + "{"},
        Stuck{"DripsABody", Server::invoke_api, kCall + kEndless + "\"", Then::sends_slowly},
        Stuck{"FloodsABody", Server::invoke_api, kCall + kEndless + "\"", Then::sends_without_end},
        Stuck{"HalfAChunk", Server::invoke_api, kCall + kChunked + "fff\r\n{"},
        Stuck{"DripsAChunk", Server::invoke_api, kCall + kChunked + "ffffffff\r\n", Then::sends_slowly},
        Stuck{"HalfAChunkSize", Server::invoke_api, kCall + kChunked + "f"},
        Stuck{"HalfATrailer", Server::invoke_api, kCall + kChunked + "0\r\nX-A"},
        Stuck{"WaitsForItsAnswer", Server::invoke_api, kCall + "Content-Length: 6\r\n\r\n\"slow\""},
        Stuck{"SendsAheadAndWaits", Server::invoke_api,
              kCall + "Content-Length: 6\r\n\r\n\"slow\"" + kCall + "Content-Length: 2\r\n\r\n{"},
        Stuck{"DoesNotReadItsAnswer", Server::invoke_api, kCall + "Content-Length: 2\r\n\r\n{}"},
        Stuck{"ReadsItsAnswerByteByByte", Server::invoke_api, kCall + "Content-Length: 2\r\n\r\n{}",
              Then::reads_slowly},
        Stuck{"OnTheUrlHalfABody", Server::url, "POST / HTTP/1.1\r\nHost: localhost\r\n" + kEndless + "{"},
        Stuck{"OnTheUrlDripsABody", Server::url, "POST / HTTP/1.1\r\nHost: localhost\r\n" + kEndless + "{",
              Then::sends_slowly},
        Stuck{"OnTheUrlDoesNotRead", Server::url, kGet},
        Stuck{"OnTheUrlReadsByteByByte", Server::url, kGet, Then::reads_slowly},
        Stuck{"RuntimeWaitsForAnEvent", Server::runtime_api,
              "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: localhost\r\n\r\n"},
        Stuck{
            "RuntimeIsInTheMiddleOfAnAnswer", Server::runtime_api,
            "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nHost: localhost\r\n" + kEndless + "{",
            Then::sends_slowly},
        Stuck{"RuntimeIsInTheMiddleOfAStream", Server::runtime_api,
              "POST /2018-06-01/runtime/invocation/1/response HTTP/1.1\r\nHost: localhost\r\n"
              "Lambda-Runtime-Function-Response-Mode: streaming\r\n" +
                  kChunked + "fff\r\n{"}),
    [](const auto& tested) { return tested.param.name; });

/// An extension polls as long as it is there, and not every client of an environment ends with it.
TEST(StuckExtensionTest, DoesNotHoldUpCtrlC) {
  Cli cli;
  cli.script("runtime", "echo $AWS_LAMBDA_RUNTIME_API >address; exec sleep 300");
  Serve server(cli, {"--bootstrap", (cli.folder / "runtime"), "x"});
  support::HttpConnection caller(server.port());
  caller.send(kCall + "Content-Length: 2\r\n\r\n{}");
  std::string address;
  ASSERT_TRUE(
      support::wait_for([&] { return static_cast<bool>(std::ifstream(cli.folder / "address") >> address); }));
  const int port = std::stoi(address.substr(address.find(':') + 1));
  support::HttpConnection extension(port);
  const auto registered =
      extension.exchange("POST", "/2020-01-01/extension/register", "{}", "Lambda-Extension-Name: a\r\n");
  ASSERT_TRUE(registered);
  const std::string name = "Lambda-Extension-Identifier: ";
  const auto id = registered->head.substr(registered->head.find(name), name.size() + 36);
  extension.send("GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: localhost\r\n" + id + "\r\n\r\n");
  const Client half(port, {"", Server::runtime_api, "POST /2018-06-01/runtime/init/error HTTP/1.1\r\n"});
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(server.stop(SIGINT), exited(130)) << server.log();
  EXPECT_LT(std::chrono::steady_clock::now() - before, kMoment);
}

}  // namespace
