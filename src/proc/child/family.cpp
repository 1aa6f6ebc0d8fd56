// SPDX-License-Identifier: Apache-2.0
#include "proc/child/family.h"

#include "base/io/unique_fd.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <thread>
#include <utility>

namespace proc {
namespace {

using base::Deadline;

// For what forks without end; all else has limits of its own.
constexpr auto kOpeningLimit = std::chrono::seconds(2);
constexpr auto kSweepLimit = std::chrono::seconds(5);
// A sweep takes one to three milliseconds, but for those that last: an answer may be 50 ms late.
constexpr auto kTurnLimit = std::chrono::milliseconds(20);
// From a start's entry to the first step of its child there is nothing that could hang, but a processor may
// be wanting.
constexpr auto kAnnouncePause = std::chrono::microseconds(50);
constexpr auto kStartPause = std::chrono::microseconds(200);
constexpr auto kAnnounceLimit = std::chrono::seconds(1);
// P_PIDFD, which glibc knows since 2.36.
constexpr auto kByPidfd = static_cast<idtype_t>(3);

// The usual case between two calls, known without looking into /proc.
bool have_no_children() {
  siginfo_t unused{};
  return ::waitid(P_ALL, 0, &unused, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == ECHILD;
}

std::vector<pid_t> present_children() {
  return have_no_children() ? std::vector<pid_t>() : children_of(::getpid());
}

std::string sentence_about(const Survivor& survivor) {
  return "process " + std::to_string(survivor.pid) + " (" + survivor.name +
         "), which was left running, cannot be ended: " + survivor.reason +
         ". Nobody waits for it: it keeps its memory and its files until it ends by itself";
}

}  // namespace

// One start, from before its child exists until that is known.
class Family::Start {
 public:
  explicit Start(Family& family) : family_(family) {
    const std::lock_guard lock(family_.mutex_);
    number_ = ++family_.start_count_;
    family_.starts_.insert(this);
  }
  ~Start() {
    const std::lock_guard lock(family_.mutex_);
    family_.starts_.erase(this);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  std::atomic<pid_t>& pid() { return pid_; }

  /// 0: not known yet.
  [[nodiscard]] pid_t announced() const { return pid_; }
  [[nodiscard]] unsigned long number() const { return number_; }

 private:
  Family& family_;
  unsigned long number_ = 0;
  std::atomic<pid_t> pid_ = 0;
};

// The right to sweep.
class Family::Turn {
 public:
  explicit Turn(Family& family) : family_(family) {
    std::unique_lock lock(family_.mutex_);
    has_ = family_.turn_ended_.wait_for(lock, kTurnLimit, [this] { return !family_.is_sweeping_; });
    (has_ ? family_.is_sweeping_ : family_.look_again_) = true;
  }
  ~Turn() {
    if (!has_) return;
    const std::lock_guard lock(family_.mutex_);
    family_.is_sweeping_ = false;
    family_.turn_ended_.notify_all();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  explicit operator bool() const { return has_; }

  /// Nobody has gone without: whoever gives up from now on finds that the turn is over. False: it goes on.
  bool end() {
    const std::lock_guard lock(family_.mutex_);
    if (std::exchange(family_.look_again_, false)) return false;
    family_.is_sweeping_ = has_ = false;
    family_.turn_ended_.notify_all();
    return true;
  }

 private:
  Family& family_;
  bool has_ = false;
};

// At those that a sweep is about to end: whether they keep the output of a call open. They may be another
// worker's, whom this one's next answer is not to wait for.
class Family::HolderLook {
 public:
  explicit HolderLook(Family& family) : family_(family), patience_(family.stop_fd_, kTurnLimit) {}

  void at(pid_t pid) {
    if (looks_left_ == 0) return;
    --looks_left_;
    for (const auto& output : family_.watched())
      if (!output->was_kept) output->was_kept = keeps_open(pid, output->file, patience_);
  }

 private:
  Family& family_;
  HolderPatience patience_;
  int looks_left_ = kMostHolderLooks;
};

Family::Family(int stop_fd, Warn warn) : stop_fd_(stop_fd), warn_(std::move(warn)) {
  for (const pid_t pid : present_children()) note(pid, {Standing::elder, process_stat(pid).start});
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::variant<Child, LaunchError> Family::start(const Command& command,
                                               const std::vector<DescriptorMapping>& descriptors) {
  Start start(*this);
  auto started = Child::start(command, descriptors, &start.pid());
  if (auto* child = std::get_if<Child>(&started)) {
    child->family_ = this;
    const std::lock_guard lock(mutex_);
    known_.insert(child->pid());
  }
  return started;
}

void Family::forget(pid_t pid) {
  const std::lock_guard lock(mutex_);
  if (const auto one = known_.find(pid); one != known_.end()) known_.erase(one);
}

// For a process that was found, and is held by a descriptor, before this is asked: if it is ours, its start
// was entered before it was found, so that it is known here, or has been reaped. A start that is entered
// later can be of another process only.
bool Family::is_ours(pid_t pid) {
  const auto patience = Deadline::after(kAnnounceLimit);
  std::unique_lock lock(mutex_);
  const auto latest = start_count_;
  const auto unannounced = [latest](const Start* start) {
    return start->announced() == 0 && start->number() <= latest;
  };
  while (!known_.contains(pid) && std::any_of(starts_.begin(), starts_.end(), unannounced)) {
    if (patience.passed()) return true;
    lock.unlock();
    std::this_thread::sleep_for(kAnnouncePause);
    lock.lock();
  }
  return known_.contains(pid) || std::any_of(starts_.begin(), starts_.end(),
                                             [pid](const Start* start) { return start->announced() == pid; });
}

// A number alone could be another's by now.
std::optional<Family::Standing> Family::standing_of(pid_t pid) {
  std::unique_lock lock(mutex_);
  const auto noted = spared_.find(pid);
  if (noted == spared_.end()) return std::nullopt;
  const auto spared = noted->second;
  lock.unlock();
  if (process_stat(pid).start != spared.start) return std::nullopt;
  return spared.standing;
}

// True: it was not noted yet.
bool Family::note(pid_t pid, Spared spared) {
  const std::lock_guard lock(mutex_);
  const auto [noted, is_new] = spared_.emplace(pid, spared);
  if (!is_new && noted->second.start == spared.start) return false;
  noted->second = spared;
  return true;
}

Family::Opening::Opening(Family* family) : family_(family) {
  if (family_ == nullptr) return;
  std::unique_lock lock(family_->mutex_);
  family_->opening_ended_.wait_for(lock, kOpeningLimit, [this] { return family_->openings_ < kOpenings; });
  ++family_->openings_;
}

Family::Opening::~Opening() {
  if (family_ == nullptr) return;
  const std::lock_guard lock(family_->mutex_);
  --family_->openings_;
  family_->opening_ended_.notify_one();
}

std::shared_ptr<const WatchedOutput> Family::watch(FileIdentity file) {
  const auto output = std::make_shared<WatchedOutput>(file);
  const std::lock_guard lock(mutex_);
  std::erase_if(watched_, [](const auto& known) { return known.expired(); });
  watched_.push_back(output);
  return output;
}

std::vector<std::shared_ptr<WatchedOutput>> Family::watched() {
  std::vector<std::shared_ptr<WatchedOutput>> alive;
  const std::lock_guard lock(mutex_);
  for (const auto& known : watched_)
    if (auto output = known.lock()) alive.push_back(std::move(output));
  return alive;
}

std::optional<unsigned long> Family::oldest_start() {
  const std::lock_guard lock(mutex_);
  std::optional<unsigned long> oldest;
  for (const auto* start : starts_) oldest = std::min(oldest.value_or(start->number()), start->number());
  return oldest;
}

bool Family::wait_for_starts(Deadline limit) {
  std::unique_lock lock(mutex_);
  const auto latest = start_count_;
  lock.unlock();
  for (auto oldest = oldest_start(); oldest && *oldest <= latest; oldest = oldest_start()) {
    if (limit.passed() || base::is_readable(stop_fd_)) return false;
    std::this_thread::sleep_for(kStartPause);
  }
  return true;
}

std::size_t Family::sweep() {
  if (have_no_children()) return 0;
  Turn turn(*this);
  if (!turn) return 0;
  const auto limit = Deadline::after(kSweepLimit);
  HolderLook look(*this);
  const auto spared = [this, &look](pid_t pid) {
    if (is_ours(pid) || standing_of(pid)) return true;
    look.at(pid);
    return false;
  };
  std::size_t killed = 0;
  do {
    const auto ended = end_below(::getpid(), spared, limit, stop_fd_);
    killed += ended.killed;
    leave_behind(ended.survivors);
    reap_strangers();
  } while (!turn.end() && !limit.passed());
  return killed;
}

void Family::leave_behind(const std::vector<Survivor>& survivors) {
  for (const auto& survivor : survivors)
    if (note(survivor.pid, {Standing::left_behind, survivor.start}) && warn_) warn_(sentence_about(survivor));
}

void Family::keep_strangers() {
  for (const pid_t pid : present_children())
    if (!is_ours(pid)) note(pid, {Standing::kept, process_stat(pid).start});
}

void Family::reap_ended() {
  if (!have_no_children()) reap_strangers();
}

void Family::reap_strangers() {
  const auto children = children_of(::getpid());
  if (children.empty()) return reap_unlisted();
  for (const pid_t pid : children)
    if (!is_ours(pid)) reap_stranger(pid);
}

// Without /proc nobody lists them. The kernel tells the first that has ended, until that is one who is waited
// for.
void Family::reap_unlisted() {
  siginfo_t ended{};
  while (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid != 0 &&
         !is_ours(ended.si_pid) && reap_stranger(ended.si_pid))
    continue;
}

// By descriptor: the number may have been reaped by another thread, and be a child's of ours, since it was
// read.
bool Family::reap_stranger(pid_t pid) {
  const base::UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
  if (!pidfd.valid() || is_ours(pid)) return false;
  const std::lock_guard lock(mutex_);
  siginfo_t ended{};
  const auto held = static_cast<id_t>(pidfd.get());
  if (::waitid(kByPidfd, held, &ended, WEXITED | WNOHANG) != 0 || ended.si_pid != pid) return false;
  spared_.erase(pid);
  return true;
}

void Family::end_all(Deadline limit) {
  if (have_no_children()) return;
  const auto spared = [this](pid_t pid) {
    const auto standing = standing_of(pid);
    return standing == Standing::elder || standing == Standing::left_behind;
  };
  end_below(::getpid(), spared, limit);
}

}  // namespace proc
