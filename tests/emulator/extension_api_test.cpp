// SPDX-License-Identifier: Apache-2.0
#include "emulator/runtime_api/extension_api.h"

#include "support/http_client.h"

#include <optional>
#include <string>

#include <gtest/gtest.h>

namespace {

using namespace emulator;
using support::HttpConnection;

const std::string kRegister = "/2020-01-01/extension/register";
const std::string kNextEvent = "/2020-01-01/extension/event/next";

class ExtensionApiTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = HttpServer::start(with_extensions([](const HttpRequest&) {
                                       return HttpResponse{418, {}, "inner", "text/plain"};
                                     }),
                                     {});
    ASSERT_TRUE(started.ok());
    server_.emplace(*std::move(started));
  }

  // "POST" to the registration with these header lines.
  std::string register_with(const std::string& headers, const std::string& body) {
    HttpConnection client(server_->port());
    const auto answer = client.exchange("POST", kRegister, body, headers);
    if (!answer) return "none";
    if (answer->status != 200) return std::to_string(answer->status) + " " + answer->body;
    const std::string name = "Lambda-Extension-Identifier: ";
    const auto start = answer->head.find(name);
    if (start == std::string::npos) return "no identifier";
    return answer->head.substr(start + name.size(), answer->head.find('\r', start) - start - name.size());
  }

  std::optional<HttpServer> server_;
};

}  // namespace

TEST_F(ExtensionApiTest, ARegistrationIsAnsweredWithAnIdentifierOfItsOwn) {
  const auto one = register_with("Lambda-Extension-Name: a\r\n", "{\"events\":[]}");
  const auto other = register_with("Lambda-Extension-Name: b\r\n", "{}");
  EXPECT_EQ(one.size(), 36U) << one;
  EXPECT_EQ(other.size(), 36U) << other;
  EXPECT_NE(one, other);
}

TEST_F(ExtensionApiTest, WhoHasNoNameOrWantsEventsIsRefused) {
  EXPECT_TRUE(register_with("", "{}").starts_with("403 {\"errorMessage\":\"the name"));
  EXPECT_TRUE(register_with("Lambda-Extension-Name: a\r\n", "{\"events\":[\"INVOKE\"]}")
                  .starts_with("403 {\"errorMessage\":\"extensions get no events"));
}

TEST_F(ExtensionApiTest, ItsNextEventNeverComesAndHoldsNobodyUp) {
  const auto identifier = register_with("Lambda-Extension-Name: a\r\n", "{\"events\":[]}");
  {
    HttpConnection client(server_->port());
    client.send("GET " + kNextEvent +
                " HTTP/1.1\r\nHost: localhost\r\nLambda-Extension-Identifier: " + identifier + "\r\n\r\n");
  }
  server_->stop();  // waits for the handlers
}

TEST_F(ExtensionApiTest, AnUnknownIdentifierIsRefused) {
  HttpConnection client(server_->port());
  client.send("GET " + kNextEvent +
              " HTTP/1.1\r\nHost: localhost\r\nLambda-Extension-Identifier: nobody\r\n\r\n");
  const auto answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
}

TEST_F(ExtensionApiTest, EverythingElseIsTheInnersMatter) {
  HttpConnection client(server_->port());
  EXPECT_EQ(client.exchange("GET", "/2018-06-01/ping", "")->body, "inner");
}
