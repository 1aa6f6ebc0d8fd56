// SPDX-License-Identifier: Apache-2.0
#include "api/connection/single_request.h"

#include "base/version.h"

#include <cstddef>
#include <string_view>

namespace api {
namespace {

constexpr std::size_t kLongestBody = std::size_t{8} * 1024;

}  // namespace

SingleAnswer exchange_once(const Endpoint& endpoint, HttpRequest request) {
  SingleAnswer answer;
  request.path.insert(0, endpoint.prefix);
  request.receiver = [&](int, std::string_view piece) {
    answer.body.append(piece.substr(0, kLongestBody - answer.body.size()));
    return answer.body.size() < kLongestBody;
  };
  answer.head = HttpConnection(endpoint, "shellstrap/" + std::string(base::version())).exchange(request);
  return answer;
}

}  // namespace api
