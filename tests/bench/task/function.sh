# shellcheck shell=bash
# Shell functions of the benchmark, for bootstrap and the curl loop alike.
handler() { printf '%s' "$1"; }

# Waits without needing the processor, as a handler does that calls a service.
nap() {
  sleep 0.05
  printf '%s' "$1"
}
