// SPDX-License-Identifier: Apache-2.0
#include "emulator/environment/memory_report.h"

#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace emulator;

class MemoryReportTest : public testing::Test {
 protected:
  HttpResponse answer(const std::string& method, const std::string& path,
                      std::vector<HttpHeader> headers = {}) {
    HttpRequest request;
    request.method = method;
    request.path = path;
    request.headers = std::move(headers);
    return api_(request);
  }

  int status_ = 200;
  std::vector<std::size_t> told_;
  HttpHandler api_ = with_memory_reports(
      [this](const HttpRequest&) {
        HttpResponse response;
        response.status = status_;
        return response;
      },
      [this](std::size_t kib) { told_.push_back(kib); });
};

TEST_F(MemoryReportTest, EventsAskForIt) {
  const auto event = answer("GET", "/2018-06-01/runtime/invocation/next");
  ASSERT_EQ(event.headers.size(), 1U);
  EXPECT_EQ(event.headers[0].name, "Shellstrap-Wants-Memory");
  EXPECT_TRUE(answer("POST", "/2018-06-01/runtime/invocation/a/response").headers.empty());
  status_ = 403;
  EXPECT_TRUE(answer("GET", "/2018-06-01/runtime/invocation/next").headers.empty());
}

TEST_F(MemoryReportTest, OnlyANumberIsAFigure) {
  for (const char* text : {"38700", "0", "", "-1", "1e3", "12x", "99999999999999999999999"})
    answer("POST", "/2018-06-01/runtime/invocation/a/error", {{"shellstrap-peak-memory-kib", text}});
  EXPECT_EQ(told_, std::vector<std::size_t>{38700});
}

}  // namespace
