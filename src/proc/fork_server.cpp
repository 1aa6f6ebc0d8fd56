// SPDX-License-Identifier: Apache-2.0
#include "proc/fork_server.h"

#include "proc/family.h"
#include "proc/process_tree.h"
#include "proc/supervision.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace proc {
namespace {

using base::Deadline;
using base::SteadyClock;

constexpr int kLogNumber = 60;
constexpr int kGoNumber = 61;
constexpr int kStatusNumber = 63;

// A fork takes a millisecond; bash retries one that the kernel refuses after 1, 2, 4… seconds.
constexpr auto kForkLimit = std::chrono::seconds(5);
// From the end of a fork, which is certain, to the server's word about it, which takes it no time.
constexpr auto kReportLimit = std::chrono::seconds(1);
// Between saying that it ends and ending a fork only tears itself down.
constexpr auto kExitLimit = std::chrono::milliseconds(100);
// As for a child: of the 300 ms that the service gives the end of an environment.
constexpr auto kStopGrace = std::chrono::milliseconds(200);
constexpr auto kSweepLimit = std::chrono::seconds(5);
constexpr int kSignalBase = 128;

base::UniqueFd open_pidfd(pid_t pid) {
  return base::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));  // always close-on-exec
}

bool is_readable(int fd) {
  pollfd polled{fd, POLLIN, 0};
  return ::poll(&polled, 1, 0) > 0;
}

std::vector<DescriptorMapping> descriptors_of(const ForkLane& lane, const Collector& log,
                                              const base::Pipe& go, const base::Pipe& status, int null) {
  std::vector<DescriptorMapping> mappings{{0, null}, {1, null}, {2, null}};
  lane.add_to(mappings);
  log.add_to(mappings);
  mappings.push_back({kGoNumber, go.read_end.get()});
  mappings.push_back({kStatusNumber, status.write_end.get()});
  return mappings;
}

// Only as long as the fork has not ended: later its number may be another's. True: it was there.
bool kill_group(const ForkLane& lane, int signal) {
  if (lane.pid < 0 || is_readable(lane.pidfd.get())) return false;
  ::kill(-lane.pid, signal);
  if (::getpgid(lane.pid) != lane.pid) ::kill(lane.pid, signal);
  return true;
}

LaunchError launch_error(const base::Error& error) {
  return {error.message, error.code};
}

}  // namespace

// The current fork, from its event to its end.
class ForkServer::Call : public Subject {
 public:
  explicit Call(ForkServer& server) : server_(server), limit_(Deadline::after(kForkLimit)) {}

  [[nodiscard]] WakeFds wake_fds() const override {
    const int fork = exited_ ? -1 : lane().pidfd.get();
    return {server_.status_.read_end.get(), server_.server_.pidfd(), server_.log_fd(), fork};
  }

  [[nodiscard]] Deadline wake_at() const override {
    if (lost_) return Deadline::after({});
    return waits_for_server() ? limit_ : Deadline::never();
  }

  bool has_ended() override {
    const bool alone = server_.server_has_ended();  // asked first: its last words count
    server_.take_log();
    server_.take_status();
    if (server_.end_ || server_.reaped_ || lost_) return true;
    note_exit();
    if (alone) return lose("the shell that waits for it has ended");
    if (server_.broken_) return lose("the shell that waits for it answered oddly");
    if (waits_for_server() && limit_.passed()) return lose("the shell that waits for it does not answer");
    return false;
  }

  void signal_group(int signal) override {
    if (lane().pid < 0)
      lose("it had not been started yet");
    else if (!exited_ && kill_group(lane(), signal))
      signaled_ = true;
  }

  End finish() override {
    if (server_.end_) return {.state = ExitState::exited(*server_.end_)};
    if (server_.reaped_) return {.state = state_of(*server_.reaped_)};
    kill_group(lane(), SIGKILL);
    server_.broken_ = true;
    if (!server_.server_has_ended()) return {.state = ExitState::signaled(SIGKILL), .lost = lost_};
    const auto [state, usage] = server_.end_server();
    if (state.signal()) lost_.reset();  // when the system is out of memory, that is the fact to report
    return {.state = state, .usage = usage, .lost = lost_};
  }

 private:
  [[nodiscard]] ForkLane& lane() const { return server_.lane_; }

  // It has not forked yet, or has to say how the fork ended.
  [[nodiscard]] bool waits_for_server() const { return lane().pid < 0 || exited_; }

  void note_exit() {
    if (exited_ || lane().pid < 0 || !is_readable(lane().pidfd.get())) return;
    exited_ = true;
    limit_ = Deadline::after(kReportLimit);
  }

  bool lose(const char* reason) {
    lost_ = reason;
    return true;
  }

  // A shell folds signals into its status; who was signaled by us is not taken for a number that he chose.
  [[nodiscard]] ExitState state_of(int status) const {
    if (signaled_ && status > kSignalBase) return ExitState::signaled(status - kSignalBase);
    return ExitState::exited(status);
  }

  ForkServer& server_;
  Deadline limit_;
  bool exited_ = false;
  bool signaled_ = false;
  std::optional<std::string> lost_;
};

std::variant<std::unique_ptr<ForkServer>, LaunchError> ForkServer::start(const Command& command,
                                                                         const std::vector<int>& output_fds,
                                                                         ByteSink& log, Family* family,
                                                                         bool keep_leftovers) {
  auto lane = ForkLane::open(output_fds);
  auto log_pipe = Collector::open({{kLogNumber, &log}});
  auto go = base::make_pipe();
  auto status = base::make_pipe();
  const base::UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!lane) return launch_error(lane.error());
  if (!log_pipe) return launch_error(log_pipe.error());
  if (!go) return launch_error(go.error());
  if (!status) return launch_error(status.error());
  if (auto set = base::set_nonblocking(status->read_end.get()); !set) return launch_error(set.error());

  const auto descriptors = descriptors_of(*lane, *log_pipe, *go, *status, null.get());
  auto child = family != nullptr ? family->start(command, descriptors) : Child::start(command, descriptors);
  if (auto* error = std::get_if<LaunchError>(&child)) return std::move(*error);
  std::get<Child>(child).put_first_in_line();
  log_pipe->close_child_ends();
  std::unique_ptr<ForkServer> server(new ForkServer(std::get<Child>(std::move(child)), *std::move(lane),
                                                    *std::move(log_pipe), *std::move(go),
                                                    *std::move(status)));
  server->keep_leftovers_ = keep_leftovers;
  return server;
}

ForkServer::ForkServer(Child server, ForkLane lane, Collector log, base::Pipe go, base::Pipe status)
    : server_(std::move(server)),
      lane_(std::move(lane)),
      log_(std::move(log)),
      go_(std::move(go)),
      status_(std::move(status)) {}

ForkServer::~ForkServer() {
  kill_group(lane_, SIGKILL);
  residents_.clear();
  if (!keep_leftovers_ && !server_has_ended()) sweep();
}

ForkServer::Startup ForkServer::wait_until_ready(Deadline slow_at, const std::function<void()>& slow,
                                                 int stop_fd) {
  const auto ready = [this] { return !preparing_; };
  if (!await(ready, slow_at, stop_fd) && slow_at.passed() && !server_has_ended()) {
    slow();
    await(ready, Deadline::never(), stop_fd);
  }
  return take_startup(Deadline::never(), stop_fd);
}

ForkServer::Startup ForkServer::prepare_again(std::string_view message, Deadline limit, int stop_fd) {
  const bool told = let_prepare(message, limit);
  preparing_ = true;
  const bool ready = told && await([this] { return !preparing_; }, limit, stop_fd);
  if (ready && !lane_.clear()) broken_ = true;
  return take_startup(limit, stop_fd);
}

// A copy of a snapshot is slow at first: its memory is still on its way.
bool ForkServer::let_prepare(std::string_view message, Deadline limit) {
  if (!settle()) return false;
  kill_group(lane_, SIGKILL);
  if (!await([this] { return reaped_.has_value(); }, limit)) return false;
  if (!lane_.recycle() || !lane_.tell(message)) return false;
  ++sequence_;
  end_.reset();
  reaped_.reset();
  return base::write_all(go_.write_end.get(), "h").ok();
}

ForkServer::Startup ForkServer::take_startup(Deadline limit, int stop_fd) {
  Startup startup;
  startup.stopped = preparing_ && stop_fd >= 0 && is_readable(stop_fd);
  startup.overdue = preparing_ && !startup.stopped && limit.passed();
  if (preparing_ && !server_has_ended()) stop_server();
  log_.drain(Deadline::after({}));
  startup.said = std::exchange(said_, {});
  if (preparing_) startup.ended = end_server().state;
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
  if (!settle()) return {.ending = Lost{"it cannot be started any more"}};
  if (!lane_.outputs().aim(options.outputs)) return {.ending = LaunchError{"dup2", EINVAL}};
  if (const auto sent = lane_.send(input); !sent) return {.ending = launch_error(sent.error())};
  unsettled_ = true;
  Call call(*this);
  return supervise(call, lane_.outputs(), options);
}

bool ForkServer::settle() {
  if (!std::exchange(unsettled_, false)) return usable();
  const bool ready = end_last_fork() && clear_leftovers() && lane_.recycle().ok() && fork_next();
  if (!ready) broken_ = true;
  return usable();
}

bool ForkServer::fork_next() {
  ++sequence_;
  end_.reset();
  reaped_.reset();
  if (!base::write_all(go_.write_end.get(), "g")) return false;
  return await([this] { return lane_.pid > 0; }, Deadline::after(kForkLimit));
}

bool ForkServer::usable() {
  take_status();
  return !broken_ && !worn_ && !server_has_ended();
}

bool ForkServer::forks_itself() const {
  return process_stat(lane_.pid).parent == server_.pid();
}

bool ForkServer::end_last_fork() {
  const auto reaped = [this] { return reaped_.has_value(); };
  if (await(reaped, Deadline::after(kExitLimit))) return true;
  kill_group(lane_, SIGKILL);
  return await(reaped, Deadline::after(kReportLimit));
}

bool ForkServer::clear_leftovers() {
  if (!keep_leftovers_) return sweep();
  worn_ = !strangers().empty();
  return !worn_;
}

bool ForkServer::sweep() {
  const auto spared = [this](pid_t pid) { return residents_.contains(pid); };
  const auto ended = end_below(server_.pid(), spared, Deadline::after(kSweepLimit));
  swept_ += ended.killed;
  return ended.complete;
}

std::vector<pid_t> ForkServer::strangers() const {
  auto children = children_of(server_.pid());
  std::erase_if(children, [this](pid_t pid) { return residents_.contains(pid); });
  return children;
}

Child::Ended ForkServer::end_server() {
  broken_ = true;
  return server_.reap();
}

bool ForkServer::await(const std::function<bool()>& condition, Deadline limit, int stop_fd) {
  for (;;) {
    take_log();
    take_status();
    if (condition()) return true;
    if (broken_ || limit.passed() || server_has_ended()) break;
    std::array<pollfd, 4> polled{{{status_.read_end.get(), POLLIN, 0},
                                  {server_.pidfd(), POLLIN, 0},
                                  {log_fd(), POLLIN, 0},
                                  {stop_fd, POLLIN, 0}}};
    if (::poll(polled.data(), polled.size(), limit.poll_timeout()) > 0 && polled[3].revents != 0) break;
  }
  take_status();  // its last words
  return condition();
}

void ForkServer::take_status() {
  while (const auto text = lines_.next(status_.read_end.get())) {
    const auto line = parse_status_line(*text);
    if (line)
      take(*line);
    else
      broken_ = true;
  }
}

void ForkServer::take(const StatusLine& line) {
  if (line.word == "pid")
    take_pid(line);
  else if (preparing_)
    said_.push_back(line);
  else if (line.sequence == sequence_ && line.word == "end")
    end_ = line.value;
  else if (line.sequence == sequence_ && line.word == "wait")
    reaped_ = line.value;
  else
    broken_ = true;
}

void ForkServer::take_pid(const StatusLine& line) {
  if (line.value <= 0 || line.sequence != sequence_ || lane_.pid > 0) {
    broken_ = true;
    return;
  }
  if (std::exchange(preparing_, false))
    for (const pid_t pid : strangers()) residents_.insert(pid);
  residents_.erase(line.value);
  lane_.pid = line.value;
  lane_.pidfd = open_pidfd(line.value);
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
