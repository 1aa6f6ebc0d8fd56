// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/spool.h"
#include "event/http/http.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace event_tests {

inline base::Spool spool_of(std::string_view text) {
  base::Spool spool;
  EXPECT_TRUE(spool.append(text).ok());
  return spool;
}

inline std::string text_of(const base::Spool& spool) {
  auto text = spool.text();
  EXPECT_TRUE(text.ok());
  return *text;
}

/// A GET that a Function URL has made an event of.
inline event::HttpRequest get(std::string path, std::string query = "") {
  event::HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  request.headers = {{"host", "example.com"}, {"x-forwarded-proto", "https"}, {"x-forwarded-port", "443"}};
  request.source_ip = "203.0.113.7";
  request.protocol = "HTTP/1.1";
  request.domain = "abc.lambda-url.us-east-1.on.aws";
  return request;
}

/// "name: value" with names in lower case, sorted: what is equal whatever gateway it goes through.
inline std::vector<std::string> multiset_of(const event::Headers& headers) {
  std::vector<std::string> lines;
  for (const auto& header : headers) {
    std::string name = header.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    lines.push_back(name + ": " + header.value);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace event_tests
