// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/deadline.h"

#include <chrono>

namespace api {

/// As soon as `fd` is readable (-1: never), an exchange has only `patience` left.
struct Hurry {
  int fd = -1;
  std::chrono::milliseconds patience{0};
};

/// The time that one exchange has, from connecting to the last byte of the answer: until a limit, which a
/// hurry can bring closer. Everything that talks to the Runtime API waits here, and asks here where the peer
/// never makes it wait. Borrows the hurry's descriptor; not synchronised.
class Allowance {
 public:
  explicit Allowance(base::Deadline limit, const Hurry& hurry = {}) : limit_(limit), hurry_(hurry) {}

  /// For a part of it that may take `most` at most.
  [[nodiscard]] Allowance at_most(std::chrono::milliseconds most) const {
    return Allowance(base::Deadline::earlier_of(limit_, base::Deadline::after(most)), hurry_);
  }

  /// Whether the time is up, at once. One system call where there is a hurry, so ask after work was done.
  bool used_up();

  /// Blocks until `fd` is ready for one of `events`, as poll(2) has them, or broke: what it is ready for. 0:
  /// the time was up before.
  short wait_for(int fd, short events);

  /// The hurry has set in.
  [[nodiscard]] bool hurried() const { return hurried_; }

 private:
  void note_hurry();

  base::Deadline limit_;
  Hurry hurry_;
  bool hurried_ = false;
};

}  // namespace api
