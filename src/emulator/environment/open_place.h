// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/log/logger.h"
#include "base/result.h"
#include "emulator/broker/on_demand_broker.h"
#include "emulator/call/place.h"
#include "emulator/environment/function.h"
#include "emulator/http/http_server.h"

#include <memory>
#include <mutex>
#include <optional>

namespace emulator {

/// A place without a process: the Runtime API on a port of its own, where a runtime that somebody else has
/// started (a debugger, a container) asks for the calls. Calls wait until it does. It may be ended and
/// started again at any time.
class OpenPlace : public Place {
 public:
  struct Options {
    Function function;
    int port = 0;                       ///< of the Runtime API; 0: any free one
    base::Logger* api_trace = nullptr;  ///< where set, the conversation is told there; borrowed
  };
  /// `logger` is borrowed.
  static base::Result<std::unique_ptr<OpenPlace>> start(Options options, base::Logger& logger);
  ~OpenPlace() override { cancel(); }

  /// "127.0.0.1:PORT"
  [[nodiscard]] std::string address() const { return server_->address(); }

  Served serve(Event event) override;
  void cancel() override;

 private:
  OpenPlace(Options options, base::Logger& logger);
  HttpResponse answer(const HttpRequest& request);
  std::shared_ptr<Broker> broker();
  void renew_after_init_error(const std::shared_ptr<Broker>& failed);

  const Options options_;
  base::Logger& logger_;
  std::mutex mutex_;
  std::shared_ptr<Broker> broker_ = std::make_shared<OnDemandBroker>();
  bool cancelled_ = false;
  std::optional<HttpServer> server_;
};

}  // namespace emulator
