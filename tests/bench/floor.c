// SPDX-License-Identifier: Apache-2.0
// The floor: the least that any program can do to answer events of the Runtime API with the output of a
// child. One kept connection, one memfd for all events, vfork, exec, read, wait, post. It checks nothing,
// looks at no header but the request id and the length, and has no limits, logs, errors, deadlines or
// clean-up: a measure, no bootstrap. Built statically with -O2 by CMakeLists.txt beside it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

static char event[8 << 20];
static char answer[8 << 20];
static char id[128];
static char host[64];

static void fail(const char* what) {
  perror(what);
  exit(1);
}

static int connect_to_api(void) {
  snprintf(host, sizeof host, "%s", getenv("AWS_LAMBDA_RUNTIME_API"));
  char ip[64];
  int port = 0;
  if (sscanf(host, "%63[0-9.]:%d", ip, &port) != 2) fail("AWS_LAMBDA_RUNTIME_API");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  inet_pton(AF_INET, ip, &address.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
  if (connect(fd, (struct sockaddr*)&address, sizeof address) != 0) fail("connect");
  return fd;
}

// Receives one HTTP response into `event`; returns where its body begins, and its size in *size.
static char* receive(int fd, size_t* size) {
  size_t filled = 0, total = 0;
  char* body = NULL;
  while (!body || filled < total) {
    ssize_t got = recv(fd, event + filled, sizeof event - filled - 1, 0);
    if (got <= 0) exit(0);
    filled += (size_t)got;
    if (body) continue;
    event[filled] = 0;
    body = strstr(event, "\r\n\r\n");
    if (!body) continue;
    body += 4;
    *size = strtoul(strstr(event, "Content-Length: ") + 16, NULL, 10);
    total = (size_t)(body - event) + *size;
  }
  return body;
}

static void send_all(int fd, struct iovec* parts, int count) {
  while (count > 0) {
    ssize_t sent = writev(fd, parts, count);
    if (sent < 0) fail("writev");
    for (; count > 0 && (size_t)sent >= parts->iov_len; ++parts, --count) sent -= (ssize_t)parts->iov_len;
    if (count == 0) return;
    parts->iov_base = (char*)parts->iov_base + sent;
    parts->iov_len -= (size_t)sent;
  }
}

static char* next_event(int fd, size_t* size) {
  char request[256];
  int length = snprintf(request, sizeof request,
                        "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: %s\r\n\r\n", host);
  send_all(fd, &(struct iovec){request, (size_t)length}, 1);
  char* body = receive(fd, size);
  sscanf(strstr(event, "Request-Id: "), "Request-Id: %127s", id);
  return body;
}

static size_t run_child(const char* program, int input) {
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0) fail("pipe2");
  pid_t pid = vfork();
  if (pid == 0) {
    dup2(input, 0);
    dup2(out[1], 1);
    execve(program, (char*[]){(char*)program, NULL}, environ);
    _exit(127);
  }
  close(out[1]);
  size_t filled = 0;
  for (ssize_t got; (got = read(out[0], answer + filled, sizeof answer - filled)) > 0;) filled += (size_t)got;
  close(out[0]);
  int status = 0;
  if (waitpid(pid, &status, 0) != pid || status != 0) fail("the child");
  return filled;
}

static void post_answer(int fd, size_t size) {
  char head[512];
  int length = snprintf(head, sizeof head,
                        "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: %s\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                        id, host, size);
  send_all(fd, (struct iovec[]){{head, (size_t)length}, {answer, size}}, 2);
  receive(fd, &size);
}

int main(void) {
  int fd = connect_to_api();
  int input = memfd_create("event", MFD_CLOEXEC);
  for (;;) {
    size_t size = 0;
    char* body = next_event(fd, &size);
    if (pwrite(input, body, size, 0) != (ssize_t)size || ftruncate(input, (off_t)size) != 0) fail("memfd");
    lseek(input, 0, SEEK_SET);
    post_answer(fd, run_child(getenv("_HANDLER"), input));
  }
}
