// SPDX-License-Identifier: Apache-2.0
// The child of process tests: `target SUBCOMMAND ARGUMENTS...`. Plain system calls, so that what a test sees
// comes from the code under test. Ends with 64 on a wrong call.
#include "holding.h"
#include "hostile.h"
#include "refusal.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

extern char** environ;

namespace {

using Arguments = std::vector<std::string>;

constexpr int kUsage = 64;

long number(const std::string& text) {
  return std::strtol(text.c_str(), nullptr, 10);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

int print(const std::string& text) {
  return write_all(STDOUT_FILENO, text) ? 0 : 1;
}

void sleep_ms(long milliseconds) {
  timespec left{milliseconds / 1000, (milliseconds % 1000) * 1'000'000};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

bool write_bytes(int fd, long count) {
  const std::string block(64 * 1024, 'x');
  for (long left = count; left > 0;) {
    const auto size = std::min<std::size_t>(block.size(), static_cast<std::size_t>(left));
    if (!write_all(fd, std::string_view(block).substr(0, size))) return false;
    left -= static_cast<long>(size);
  }
  return true;
}

std::string read_bytes(std::size_t limit) {
  std::string bytes(std::min<std::size_t>(limit, 64 * 1024), '\0');
  const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

// "\x41" becomes "A"; every other character stands for itself.
std::string unescape(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\x") != 0 || i + 3 >= text.size()) {
      bytes += text[i];
      continue;
    }
    bytes += static_cast<char>(std::strtol(text.substr(i + 2, 2).c_str(), nullptr, 16));
    i += 3;
  }
  return bytes;
}

// exit N
int exit_with(const Arguments& arguments) {
  return static_cast<int>(number(arguments.at(0)));
}

// kill-self SIGNAL
int kill_self(const Arguments& arguments) {
  ::kill(::getpid(), static_cast<int>(number(arguments.at(0))));
  return 0;
}

// sleep MS
int sleep_for(const Arguments& arguments) {
  sleep_ms(number(arguments.at(0)));
  return 0;
}

// usleep-exit MICROSECONDS N
int usleep_exit(const Arguments& arguments) {
  ::usleep(static_cast<useconds_t>(number(arguments.at(0))));
  return static_cast<int>(number(arguments.at(1)));
}

// echo: stdin to stdout
int echo(const Arguments&) {
  for (std::string bytes = read_bytes(SIZE_MAX); !bytes.empty(); bytes = read_bytes(SIZE_MAX))
    if (!write_all(STDOUT_FILENO, bytes)) return 1;
  return 0;
}

// fill-memory MB: has so much, as fast as can be, and ends.
int fill_memory(const Arguments& arguments) {
  const std::size_t size = std::stoul(arguments[0]) * 1024 * 1024;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
  return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED ? 1 : 0;
}

// flood stdout|stderr BYTES
int flood(const Arguments& arguments) {
  const int fd = arguments.at(0) == "stderr" ? STDERR_FILENO : STDOUT_FILENO;
  return write_bytes(fd, number(arguments.at(1))) ? 0 : 1;
}

// fill-stdout: writes 4 MiB as who does not wait for room, once, and ends
int fill_stdout(const Arguments&) {
  const std::string bytes(4 * 1024 * 1024, 'x');
  ::fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
  return ::write(STDOUT_FILENO, bytes.data(), bytes.size()) > 0 ? 0 : 1;
}

// pipe-size: what the pipe holds that is stdout
int pipe_size(const Arguments&) {
  return print(std::to_string(::fcntl(STDOUT_FILENO, F_GETPIPE_SZ)));
}

// ignore-term MS: says "ready" once it does
int ignore_term(const Arguments& arguments) {
  ::signal(SIGTERM, SIG_IGN);
  print("ready\n");
  sleep_ms(number(arguments.at(0)));
  return 0;
}

// half-stdin: reads half of what stdin holds
int half_stdin(const Arguments&) {
  const off_t size = ::lseek(STDIN_FILENO, 0, SEEK_END);
  ::lseek(STDIN_FILENO, 0, SEEK_SET);
  for (off_t left = size / 2; left > 0;) {
    const std::string bytes = read_bytes(static_cast<std::size_t>(left));
    if (bytes.empty()) return 1;
    left -= static_cast<off_t>(bytes.size());
  }
  return 0;
}

// no-stdin: never reads it
int no_stdin(const Arguments&) {
  return 0;
}

// write-first BYTES: then reads all of stdin and says how much it was on stderr
int write_first(const Arguments& arguments) {
  if (!write_bytes(STDOUT_FILENO, number(arguments.at(0)))) return 1;
  std::size_t total = 0;
  for (std::string bytes = read_bytes(SIZE_MAX); !bytes.empty(); bytes = read_bytes(SIZE_MAX))
    total += bytes.size();
  return write_all(STDERR_FILENO, std::to_string(total)) ? 0 : 1;
}

// close-stdout MS
int close_stdout(const Arguments& arguments) {
  ::close(STDOUT_FILENO);
  sleep_ms(number(arguments.at(0)));
  return 0;
}

// print-fds: "0 1 2\n"
int print_fds(const Arguments&) {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return 1;
  std::vector<bool> open(1024);
  while (const dirent* entry = ::readdir(folder))
    if (std::isdigit(entry->d_name[0])) open.at(static_cast<std::size_t>(number(entry->d_name))) = true;
  open.at(static_cast<std::size_t>(::dirfd(folder))) = false;
  std::string line;
  for (std::size_t fd = 0; fd < open.size(); ++fd)
    if (open[fd]) line += (line.empty() ? "" : " ") + std::to_string(fd);
  return print(line + "\n");
}

// print-env: a line each
int print_env(const Arguments&) {
  std::string lines;
  for (char** entry = environ; *entry != nullptr; ++entry) lines += std::string(*entry) + "\n";
  return print(lines);
}

// print-signals: the lines SigBlk, SigIgn and SigCgt of /proc/self/status
int print_signals(const Arguments&) {
  FILE* status = std::fopen("/proc/self/status", "re");
  if (status == nullptr) return 1;
  std::string lines;
  char line[256];
  while (std::fgets(line, sizeof line, status) != nullptr)
    for (const char* key : {"SigBlk:", "SigIgn:", "SigCgt:"})
      if (std::strncmp(line, key, std::strlen(key)) == 0) lines += line;
  std::fclose(status);
  return print(lines);
}

// print-cwd
int print_cwd(const Arguments&) {
  char path[4096];
  return ::getcwd(path, sizeof path) != nullptr ? print(std::string(path) + "\n") : 1;
}

// print-args ...: a line each
int print_args(const Arguments& arguments) {
  std::string lines;
  for (const auto& argument : arguments) lines += argument + "\n";
  return print(lines);
}

// print-pgrp: "PID PGRP\n"
int print_pgrp(const Arguments&) {
  return print(std::to_string(::getpid()) + " " + std::to_string(::getpgrp()) + "\n");
}

// spawn-background MS [setsid]: prints the pid of a child that holds stdout and stderr for that long, and
// ends
int spawn_background(const Arguments& arguments) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (arguments.size() > 1) ::setsid();
    sleep_ms(number(arguments.at(0)));
    return 0;
  }
  return print(std::to_string(child) + "\n");
}

// spawn-flood: ends as soon as a child has begun to write to stdout, which it does until it is killed
int spawn_flood(const Arguments&) {
  int begun[2];
  if (::pipe(begun) != 0) return 1;
  if (::fork() == 0) {
    while (write_bytes(STDOUT_FILENO, 64 * 1024) && write_all(begun[1], "x")) continue;
    return 0;
  }
  char byte;
  return ::read(begun[0], &byte, 1) == 1 ? 0 : 1;
}

// spawn-wait MS: prints the pid of a child that sleeps, and waits for it
int spawn_wait(const Arguments& arguments) {
  const pid_t child = ::fork();
  if (child == 0) return sleep_for(arguments);
  print(std::to_string(child) + "\n");
  return ::waitpid(child, nullptr, 0) == child ? 0 : 1;
}

// adopt: an orphan below says "adopted" when its new parent is this process
int adopt(const Arguments&) {
  const pid_t self = ::getpid();
  if (const pid_t child = ::fork(); child != 0)
    return ::waitpid(-1, nullptr, 0) == child && ::wait(nullptr) > 0 ? 0 : 1;
  const pid_t middle = ::getpid();
  if (::fork() != 0) return 0;
  while (::getppid() == middle) sleep_ms(1);
  return print(::getppid() == self ? "adopted\n" : "lost\n");
}

// byte-per MS COUNT: "." every MS
int byte_per(const Arguments& arguments) {
  for (long left = number(arguments.at(1)); left > 0; --left) {
    sleep_ms(number(arguments.at(0)));
    if (print(".") != 0) return 1;
  }
  return 0;
}

// stop-self: SIGSTOP
int stop_self(const Arguments&) {
  ::kill(::getpid(), SIGSTOP);
  return 0;
}

// leave-group MS: joins the group of a child of its own, says "ready" and sleeps
int leave_group(const Arguments& arguments) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody else would end it
    return sleep_for(arguments);
  }
  if (::setpgid(child, child) != 0 || ::setpgid(0, child) != 0) return 1;
  print("ready\n");
  return sleep_for(arguments);
}

// write-fd N TEXT
int write_fd(const Arguments& arguments) {
  return write_all(static_cast<int>(number(arguments.at(0))), unescape(arguments.at(1))) ? 0 : 1;
}

// stderr-exit TEXT N: \xNN stands for a byte
int stderr_exit(const Arguments& arguments) {
  if (!write_all(STDERR_FILENO, unescape(arguments.at(0)))) return 1;
  return static_cast<int>(number(arguments.at(1)));
}

// print-oom: /proc/self/oom_score_adj, once it is not 0 any more, or after a second
int print_oom(const Arguments&) {
  char score[16] = "0";
  for (int i = 0; i < 1000 && std::atoi(score) == 0; ++i) {
    FILE* file = std::fopen("/proc/self/oom_score_adj", "re");
    if (file == nullptr || std::fgets(score, sizeof score, file) == nullptr) return 1;
    std::fclose(file);
    sleep_ms(1);
  }
  return print(score);
}

struct Subcommand {
  const char* name;
  int (*run)(const Arguments&);
  std::size_t arguments;  // at least
};

constexpr Subcommand kSubcommands[] = {
    {"adopt", adopt, 0},
    {"byte-per", byte_per, 2},
    {"close-stdout", close_stdout, 1},
    {"continue-each-other", continue_each_other, 2},
    {"eat-memory", eat_memory, 0},
    {"echo", echo, 0},
    {"exit", exit_with, 1},
    {"fill-memory", fill_memory, 1},
    {"fill-stdout", fill_stdout, 0},
    {"flood", flood, 2},
    {"fork-bomb", fork_bomb, 3},
    {"half-stdin", half_stdin, 0},
    {"hold-exec", hold_exec, 2},
    {"ignore-term", ignore_term, 1},
    {"kill-self", kill_self, 1},
    {"leave-group", leave_group, 1},
    {"lose-head", lose_head, 1},
    {"no-stdin", no_stdin, 0},
    {"pipe-size", pipe_size, 0},
    {"print-args", print_args, 0},
    {"print-cwd", print_cwd, 0},
    {"print-env", print_env, 0},
    {"print-fds", print_fds, 0},
    {"print-oom", print_oom, 0},
    {"print-pgrp", print_pgrp, 0},
    {"print-signals", print_signals, 0},
    {"refuse", refuse, 3},
    {"sleep", sleep_for, 1},
    {"spawn-background", spawn_background, 1},
    {"spawn-flood", spawn_flood, 0},
    {"spawn-wait", spawn_wait, 1},
    {"spy", spy, 0},
    {"stderr-exit", stderr_exit, 2},
    {"stop-self", stop_self, 0},
    {"trace", trace, 1},
    {"usleep-exit", usleep_exit, 2},
    {"write-fd", write_fd, 2},
    {"write-first", write_first, 1},
};

}  // namespace

int main(int argc, char** argv) {
  const Arguments words(argv + 1, argv + argc);
  if (words.empty()) return kUsage;
  const Arguments arguments(words.begin() + 1, words.end());
  for (const auto& subcommand : kSubcommands)
    if (words[0] == subcommand.name)
      return arguments.size() < subcommand.arguments ? kUsage : subcommand.run(arguments);
  return kUsage;
}
