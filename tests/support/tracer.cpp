// SPDX-License-Identifier: Apache-2.0
#include "support/tracer.h"

#include "support/process_target.h"

#include <unistd.h>

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace support {

Tracer::Tracer(Hold hold) : order_(*base::make_pipe()), answer_(*base::make_pipe()) {
  auto started =
      proc::Child::start(target_command({"trace", hold == Hold::in_exit ? "exit" : "zombie"}),
                         {{0, order_.read_end.get()}, {1, answer_.write_end.get()}, {2, STDERR_FILENO}});
  if (auto* child = std::get_if<proc::Child>(&started))
    process_.emplace(std::move(*child));
  else
    ADD_FAILURE() << "no tracer";
  answer_.write_end.reset();
}

bool Tracer::seize(pid_t pid) {
  const auto order = std::to_string(pid) + "\n";
  if (::write(order_.write_end.get(), order.data(), order.size()) < 0) return false;
  char answer[16];
  const ssize_t got = ::read(answer_.read_end.get(), answer, sizeof answer);
  return got > 0 && std::string_view(answer, static_cast<std::size_t>(got)) == "held\n";
}

void Tracer::let_go() {
  process_.reset();
}

}  // namespace support
