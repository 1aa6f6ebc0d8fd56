# shellcheck shell=bash
# The soak's handler as a function: does what the event's first letter says.
handler() {
  case $1 in
    n*) return 0 ;;
    k*) kill -KILL "$BASHPID" ;;
    t*) sleep 60 ;;
    d*) setsid sleep 61 >/dev/null 2>&1 & ;;
    o*) setsid sleep 62 & ;;
    x*)
      echo "it failed" >&2
      return 3
      ;;
  esac
  printf '%s %s' "$1" "$BASHPID"
}
