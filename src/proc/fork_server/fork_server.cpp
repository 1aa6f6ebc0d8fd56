// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server/fork_server.h"

#include "proc/child/family.h"
#include "proc/fork_server/fork_call.h"
#include "proc/tree/foreign_descriptor.h"
#include "proc/tree/process_tree.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace proc {
namespace {

using base::Deadline;
using base::SteadyClock;

constexpr int kNullNumber = 110;
constexpr int kLogNumber = 116;
constexpr int kOrderNumber = 117;
constexpr int kStatusNumber = 118;

// Between two looks whether somebody has stopped what we wait for.
constexpr auto kLook = std::chrono::milliseconds(20);
// For code of its own while it prepares: what hangs there hangs the shell by itself, too. Five seconds, in
// looks: where a processor is wanting, it is wanting for them, too.
constexpr int kOwnCodeLooks = 250;
// After SIGKILL a process ends at once, or hangs in the kernel.
constexpr auto kKillLimit = std::chrono::milliseconds(250);
// Between saying that it ends and ending a fork only tears itself down.
constexpr auto kExitLimit = std::chrono::milliseconds(100);
// As for a child: of the 300 ms that the service gives the end of an environment.
constexpr auto kStopGrace = std::chrono::milliseconds(200);
// Forks that end before they wait, one after the other, are no accident.
constexpr int kForkTries = 3;
// More than any server means to say while it prepares.
constexpr std::size_t kMostWords = 256;

// In the thread that uses the server, for good: telling one that has ended is then an error, and no copy of
// its end need be kept.
void make_broken_pipes_errors() {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
}

base::UniqueFd open_pidfd(pid_t pid) {
  return base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));  // always close-on-exec
}

std::vector<DescriptorMapping> descriptors_of(const ForkLane& lane, const Collector& log,
                                              const base::Pipe& orders, const base::Pipe& status, int null) {
  std::vector<DescriptorMapping> mappings{{1, null}, {2, null}, {kNullNumber, null}};
  lane.add_to(mappings);
  log.add_to(mappings);
  mappings.push_back({kOrderNumber, orders.read_end.get()});
  mappings.push_back({kStatusNumber, status.write_end.get()});
  return mappings;
}

bool is_about_a_fork(const StatusLine& line) {
  return line.word == "pid" || line.word == "end" || line.word == "bad" || line.word == "wait";
}

LaunchError launch_error(const base::Error& error) {
  return {error.message, error.code};
}

}  // namespace

std::variant<std::unique_ptr<ForkServer>, LaunchError> ForkServer::start(const Command& command,
                                                                         const std::vector<Output>& outputs,
                                                                         ByteSink& log, Family* family,
                                                                         bool keep_leftovers) {
  const Family::Opening opening(family);
  auto lane = ForkLane::open(outputs);
  auto log_pipe = Collector::open({{kLogNumber, &log}});
  auto orders = base::make_pipe();
  auto status = base::make_pipe();
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null.valid()) return LaunchError{"open /dev/null", errno};
  if (!lane) return launch_error(lane.error());
  if (!log_pipe) return launch_error(log_pipe.error());
  if (!orders) return launch_error(orders.error());
  if (!status) return launch_error(status.error());
  if (auto set = base::set_nonblocking(status->read_end.get()); !set) return launch_error(set.error());

  const auto descriptors = descriptors_of(*lane, *log_pipe, *orders, *status, null.get());
  auto child = family != nullptr ? family->start(command, descriptors) : Child::start(command, descriptors);
  if (auto* error = std::get_if<LaunchError>(&child)) return std::move(*error);
  std::get<Child>(child).put_first_in_line();
  make_broken_pipes_errors();
  log_pipe->close_child_ends();
  lane->outputs().close_child_ends();
  orders->read_end.reset();
  status->write_end.reset();
  std::unique_ptr<ForkServer> server(new ForkServer(std::get<Child>(std::move(child)), *std::move(lane),
                                                    *std::move(log_pipe), *std::move(orders),
                                                    *std::move(status)));
  server->keep_leftovers_ = keep_leftovers;
  server->family_ = family;
  return server;
}

ForkServer::ForkServer(Child server, ForkLane lane, Collector log, base::Pipe orders, base::Pipe status)
    : server_(std::move(server)),
      lane_(std::move(lane)),
      log_(std::move(log)),
      orders_(std::move(orders)),
      status_(std::move(status)) {}

ForkServer::~ForkServer() {
  kill_fork(SIGKILL);
  residents_.clear();
  call_start_ = {};
  if (!keep_leftovers_ && !server_has_ended()) sweep();
}

ForkServer::Startup ForkServer::wait_until_ready(Deadline slow_at, const std::function<void()>& slow,
                                                 Deadline limit, int stop_fd) {
  const auto ready = [this] { return is_ready(); };
  if (!await(ready, Deadline::earlier_of(slow_at, limit), stop_fd) && slow_at.passed() &&
      !protocol_.is(State::broken) && !server_has_ended()) {
    slow();
    await(ready, limit, stop_fd);
  }
  return take_startup(limit, stop_fd);
}

ForkServer::Startup ForkServer::prepare_again(std::string_view message, Deadline limit, int stop_fd) {
  const bool told = let_prepare(message, limit);
  const bool ready = told && await([this] { return is_ready(); }, limit, stop_fd);
  if (!told || (ready && !lane_.clear())) protocol_.doubt();
  return take_startup(limit, stop_fd);
}

// A copy of a snapshot is slow at first: its memory is still on its way.
bool ForkServer::let_prepare(std::string_view message, Deadline limit) {
  if (!settle()) return false;
  kill_fork(SIGKILL);
  if (!await([this] { return protocol_.is(State::gone); }, limit)) return false;
  return lane_.recycle() && lane_.tell(message) && order(protocol_.order_hook());
}

bool ForkServer::is_ready() const {
  return !protocol_.is(State::preparing) && !protocol_.is(State::broken);
}

ForkServer::Startup ForkServer::take_startup(Deadline limit, int stop_fd) {
  Startup startup;
  const bool unready = !is_ready();
  startup.stopped = unready && base::is_readable(stop_fd);
  startup.stuck = unready && stuck_;
  startup.overdue = unready && !startup.stopped && !stuck_ && limit.passed();
  if (unready && !server_has_ended()) stop_server();
  log_.drain(Deadline::after({}));
  startup.said = std::exchange(said_, {});
  if (unready) startup.ended = end_server().state;
  return startup;
}

void ForkServer::stop_server() {
  server_.signal_group(SIGTERM);
  server_.signal_group(SIGCONT);
  if (!server_.wait_until(Deadline::after(kStopGrace))) server_.signal_group(SIGKILL);
}

RunResult ForkServer::run(const ForkInput& input, const RunOptions& options) {
  const auto started = SteadyClock::now();
  RunResult result = run_next(input, options);
  result.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - started);
  return result;
}

RunResult ForkServer::run_next(const ForkInput& input, const RunOptions& options) {
  if (!settle()) return {.ending = Lost{"nothing ran: its shell cannot fork any more"}};
  if (!lane_.outputs().aim(options.outputs)) return {.ending = LaunchError{"dup2", EINVAL}};
  call_start_ = process_time_now();
  unsettled_ = true;
  Call call(*this, input);
  return supervise(call, lane_.outputs(), options);
}

base::Status ForkServer::send(const ForkInput& input) {
  if (auto filled = lane_.fill(input); !filled) {
    if (auto cleared = lane_.clear(); !cleared) return cleared;
    return filled;
  }
  auto sent = lane_.send(protocol_.send(++calls_, input.part_count + 1));
  if (!sent) protocol_.doubt();
  return sent;
}

bool ForkServer::settle() {
  if (std::exchange(unsettled_, false) && !(end_last_fork() && clear_leftovers() && restore_outputs()))
    protocol_.doubt();
  if (!usable()) return false;
  if (!protocol_.is(State::gone)) return true;
  if (!fork_next()) protocol_.doubt();
  return usable();
}

// The pipes of the outputs are the same in each run: what one has switched there, as O_NONBLOCK, would cut
// the next one's answer. Ours are only the ends for reading; the others we borrow from the server.
bool ForkServer::restore_outputs() {
  const auto numbers = lane_.output_numbers();
  return std::all_of(numbers.begin(), numbers.end(),
                     [this](int number) { return make_plain(server_.pid(), server_.pidfd(), number); });
}

bool ForkServer::fork_next() {
  for (int tries = kForkTries; tries > 0 && protocol_.is(State::gone); --tries) {
    if (protocol_.fork() == ForkProtocol::kMostForks || !lane_.recycle()) return false;
    if (!order(protocol_.order_fork())) return false;
    await([this] { return protocol_.is(State::waiting) || protocol_.is(State::gone); },
          Deadline::after(kForkLimit));
  }
  return protocol_.is(State::waiting);
}

bool ForkServer::order(const std::string& text) {
  return base::write_all(orders_.write_end.get(), text).ok();
}

bool ForkServer::usable() {
  take_status();
  return !protocol_.is(State::broken) && !worn_ && !server_has_ended();
}

bool ForkServer::forks_itself() const {
  return process_stat(lane_.pid).parent == server_.pid();
}

bool ForkServer::end_last_fork() {
  const auto gone = [this] { return protocol_.is(State::gone); };
  if (await(gone, Deadline::after(kExitLimit))) return true;
  kill_fork(SIGKILL);
  await([this, &gone] { return gone() || fork_has_ended(); }, Deadline::after(kKillLimit));
  return fork_has_ended() && await(gone, Deadline::after(kForkLimit));
}

Child::Ended ForkServer::end_server() {
  protocol_.doubt();
  return server_.reap();
}

bool ForkServer::await(const std::function<bool()>& condition, Deadline limit, int stop_fd) {
  for (auto look_at = Deadline::after(kLook);;) {
    take_log();
    take_status();
    if (condition()) return true;
    if (protocol_.is(State::broken) || limit.passed() || server_has_ended()) break;
    if (look_at.passed()) {
      look_after();
      look_at = Deadline::after(kLook);
    }
    std::array<pollfd, 5> polled{{{status_.read_end.get(), POLLIN, 0},
                                  {server_.pidfd(), POLLIN, 0},
                                  {log_fd(), POLLIN, 0},
                                  {fork_has_ended() ? -1 : lane_.pidfd.get(), POLLIN, 0},
                                  {stop_fd, POLLIN, 0}}};
    const int timeout = Deadline::earlier_of(limit, look_at).poll_timeout();
    if (::poll(polled.data(), polled.size(), timeout) > 0 && polled.back().revents != 0) break;
  }
  take_status();  // its last words
  return condition();
}

// What waits for nobody of its own accord, and yet stands still, was stopped from outside.
void ForkServer::look_after() {
  if (protocol_.is(State::preparing)) limit_preparation();
  continue_server();
}

// With it the fork that has not said yet that it waits.
void ForkServer::continue_server() const {
  continue_if_stopped(server_.pid());
  if (protocol_.is(State::forking))
    for (const pid_t pid : newcomers()) continue_if_stopped(pid);
}

void ForkServer::limit_preparation() {
  const bool is_own_code = sourcing_ && has_descriptor(server_.pid(), kStatusNumber);
  own_code_looks_ = is_own_code ? own_code_looks_ + 1 : 0;
  stuck_ = own_code_looks_ > kOwnCodeLooks;
  if (stuck_) protocol_.doubt();
}

void ForkServer::continue_if_stopped(pid_t pid) {
  if (process_stat(pid).state == 'T') ::kill(pid, SIGCONT);
}

void ForkServer::take_status() {
  while (const auto text = lines_.next(status_.read_end.get())) take(*text);
}

void ForkServer::take(const std::string& text) {
  const auto line = parse_status_line(text);
  const bool is_protocol = line && is_about_a_fork(*line);
  if (protocol_.is(State::preparing) && !is_protocol)
    return take_preparation(line.value_or(StatusLine{text}));
  if (!line) return protocol_.doubt();
  protocol_.hear(*line, line->word == "wait" && (lane_.pid > 0 ? fork_has_ended() : newcomers().empty()));
  if (line->word == "pid" && protocol_.is(State::waiting)) meet_fork(line->value);
}

void ForkServer::take_preparation(const StatusLine& line) {
  sourcing_ |= line.word == "sourcing";
  if (said_.size() < kMostWords) said_.push_back(line);
}

void ForkServer::meet_fork(pid_t pid) {
  own_code_looks_ = 0;
  lane_.pid = pid;
  lane_.pidfd = open_pidfd(pid);
  if (!lane_.pidfd.valid() && errno != ESRCH) protocol_.doubt();  // it cannot be told from one that has ended
  residents_.clear();
  for (const pid_t child : children_of(server_.pid()))
    if (child != pid) residents_.emplace(child, process_stat(child).start);
}

bool ForkServer::fork_has_ended() const {
  return lane_.pid > 0 && (!lane_.pidfd.valid() || base::is_readable(lane_.pidfd.get()));
}

// Only as long as the fork has not ended: later its number may be another's.
void ForkServer::kill_fork(int signal) const {
  if (lane_.pid <= 0 || fork_has_ended()) return;
  ::kill(-lane_.pid, signal);
  if (::getpgid(lane_.pid) != lane_.pid) ::kill(lane_.pid, signal);
}

void ForkServer::take_log() {
  log_.drain(Deadline::after({}));
}

int ForkServer::log_fd() const {
  std::array<pollfd, 2> entries{};
  log_.watch(entries);
  return entries[0].fd;
}

}  // namespace proc
