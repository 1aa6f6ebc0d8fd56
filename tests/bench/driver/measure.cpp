// SPDX-License-Identifier: Apache-2.0
#include "bench/driver/measure.h"

#include "bench/driver/statistics.h"

#include <algorithm>
#include <memory>

namespace bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::size_t kWarmUpCalls = 10;
constexpr Milliseconds kWarmUpTime{300};
constexpr std::size_t kFewestCalls = 3;  // a turn of less has no median to speak of

// A contestant under way, and what is known of it.
struct Entry {
  Row row;
  std::unique_ptr<Running> running;
  std::size_t calls_per_turn = 0;
};

template <class Work>
void unless_failed(Entry& entry, Work work) {
  if (!entry.row.failure.empty()) return;
  try {
    work();
  } catch (const Failed& failed) {
    entry.row.failure = failed.why;
    entry.running.reset();
  }
}

// Returns what one call takes with the pause before it.
Milliseconds warm_up(Running& running, const std::string& event, const Load& load) {
  const auto started = Clock::now();
  Milliseconds last{};
  for (std::size_t i = 0; i < kWarmUpCalls && Clock::now() - started < kWarmUpTime; ++i) {
    const auto before = Clock::now();
    running.call(event, load.gap);
    last = Clock::now() - before;
  }
  return last;
}

void start(Entry& entry, const Contestant& contestant, const std::string& event, const Load& load,
           std::size_t rounds, const Place& place) {
  entry.row.contestant = contestant.name;
  unless_failed(entry, [&] {
    entry.running = std::make_unique<Running>(contestant, place);
    entry.running->wait_for_first_polls();
    const auto each = warm_up(*entry.running, event, load);
    const auto turn = Milliseconds(load.budget) / static_cast<double>(rounds);
    entry.calls_per_turn = std::max(kFewestCalls, static_cast<std::size_t>(turn / each));
  });
}

std::vector<double> times_of(Running& running, const std::string& event, const Load& load,
                             std::size_t calls) {
  std::vector<double> times;
  for (std::size_t i = 0; i < calls; ++i)
    times.push_back(Milliseconds(running.call(event, load.gap)).count());
  return times;
}

void take_turn(Entry& entry, const std::string& event, const Load& load) {
  auto& times = entry.row.rounds.emplace_back();
  unless_failed(entry, [&] { times = times_of(*entry.running, event, load, entry.calls_per_turn); });
}

void finish(Entry& entry) {
  unless_failed(entry, [&] {
    entry.row.peak_memory = entry.running->peak_memory();
    entry.row.calls = entry.running->calls();
    entry.row.cpu_per_call =
        Milliseconds(entry.running->family_cpu_time()).count() / static_cast<double>(entry.row.calls);
  });
}

// Why it failed stands in its rows of the table.
std::optional<Milliseconds> cold_start(const Contestant& contestant, const Place& place) try {
  return Running(contestant, place).wait_for_first_polls();
} catch (const Failed&) {
  return std::nullopt;
}

}  // namespace

std::string event_of(std::size_t size) {
  const std::string begin = "{\"message\":\"";
  const std::string end = "\"}";
  std::string event = begin;
  for (std::size_t i = 0; event.size() + end.size() < size; ++i) event += static_cast<char>('a' + i % 26);
  return event + end;
}

Block measure(const std::vector<Contestant>& contestants, const Load& load, std::size_t rounds,
              const Place& place) {
  const auto event = event_of(load.event_size);
  std::vector<Entry> entries(contestants.size());
  for (std::size_t i = 0; i < contestants.size(); ++i)
    start(entries[i], contestants[i], event, load, rounds, place);
  for (std::size_t round = 0; round < rounds; ++round) {
    for (auto& entry : entries) take_turn(entry, event, load);
    std::reverse(entries.begin(), entries.end());
  }
  if (rounds % 2 == 1) std::reverse(entries.begin(), entries.end());

  Block block{load, {}};
  for (auto& entry : entries) {
    finish(entry);
    block.rows.push_back(std::move(entry.row));
  }
  compare(block);
  return block;
}

std::vector<double> times_of_one_life(const Contestant& contestant, const Load& load, std::size_t calls,
                                      const Place& place) {
  const auto event = event_of(load.event_size);
  Running running(contestant, place);
  running.wait_for_first_polls();
  warm_up(running, event, load);
  return times_of(running, event, load, calls);
}

std::map<std::string, double> measure_cold_starts(std::vector<Contestant> contestants, std::size_t starts,
                                                  const Place& place) {
  std::map<std::string, std::vector<double>> times;
  for (std::size_t i = 0; i < starts; ++i) {
    std::erase_if(contestants, [&](const Contestant& contestant) {
      const auto time = cold_start(contestant, place);
      if (time) times[contestant.name].push_back(time->count());
      return !time;
    });
    std::reverse(contestants.begin(), contestants.end());
  }
  std::map<std::string, double> medians;
  for (const auto& [name, all] : times) medians[name] = median(all);
  return medians;
}

}  // namespace bench
