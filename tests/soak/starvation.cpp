// SPDX-License-Identifier: Apache-2.0
#include "starvation.h"

#include "support/process_tools.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <vector>

namespace soak {
namespace {

constexpr int kPercent = 4;
constexpr auto kRuns = std::chrono::milliseconds(4);
constexpr auto kStands = std::chrono::milliseconds(96);

// Itself first, and children behind their parents.
std::vector<pid_t> family_of(pid_t pid) {
  std::vector<pid_t> family{pid};
  for (const pid_t child : support::children_of(pid)) {
    const auto below = family_of(child);
    family.insert(family.end(), below.begin(), below.end());
  }
  return family;
}

}  // namespace

// What it starts meanwhile is where its parent is: the second time finds those of who was still outside.
Starvation::Starvation(pid_t bootstrap) : bootstrap_(bootstrap), group_(kPercent) {
  if (!group_.usable())
    std::fprintf(stderr, "soak: no quota (%s): stopping all processes for %lld of 100 ms instead\n",
                 group_.reason().c_str(), static_cast<long long>(kStands.count()));
  for (int i = 0; group_.usable() && i < 2; ++i)
    for (const pid_t pid : family_of(bootstrap_)) static_cast<void>(group_.add(pid));
}

void Starvation::lift() {
  if (is_stopped_) signal_all(SIGCONT);
  is_stopped_ = false;
}

void Starvation::act() {
  const auto now = base::SteadyClock::now();
  if (group_.usable() || now - since_ < (is_stopped_ ? kStands : kRuns)) return;
  since_ = now;
  is_stopped_ = !is_stopped_;
  signal_all(is_stopped_ ? SIGSTOP : SIGCONT);
}

// The bootstrap never runs beside a child of its own that we have stopped.
void Starvation::signal_all(int signal) {
  auto family = family_of(bootstrap_);
  if (signal == SIGCONT) std::reverse(family.begin(), family.end());
  for (const pid_t pid : family) ::kill(pid, signal);
}

}  // namespace soak
