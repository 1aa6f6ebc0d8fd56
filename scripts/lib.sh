# shellcheck shell=sh
# Sourced by the scripts beside it, which set `root` to the top of the tree first. Where the first argument of a script is
# --help, the comment at its head goes to stdout, and that is all.
# Everything else that a script says goes to stderr: stdout belongs to what it was asked for.

manual() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }
usage() {
  manual >&2
  exit 2
}
case ${1-} in
  --help | -h)
    manual
    exit 0
    ;;
esac

# The widest line that a log of a build or a terminal shows without breaking it.
columns=160

say() { printf '%s: %s\n' "$(basename -- "$0")" "$*" | fold -s -w "$columns" >&2; }
# What is meant to be copied stands on a line of its own, however long.
command_line() { printf '  %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 2
}

# ours PATH...: ends with a sentence where another user, mostly root, has left what this one cannot write. Of a path that
# is still to be made it is the folder above that counts.
ours() {
  [ "$(id -u)" != 0 ] || return 0
  for path in "$@"; do
    depth=99
    while [ ! -e "$path" ]; do path=$(dirname -- "$path") depth=0; done
    obstacle=$(find "$path" -maxdepth "$depth" \( -type d -o -type f \) ! -user "$(id -u)" ! -writable -print -quit \
      2>/dev/null) || true
    [ -z "$obstacle" ] || refuse_obstacle "$obstacle"
  done
}
# shellcheck disable=SC2154 # root: see above
refuse_obstacle() {
  user=$(id -un 2>/dev/null) || true # a number, where the user has no name
  say "$1 belongs to $(stat -c %U -- "$1"), and you are $user. Use a clone of your own, or make this one yours, as root:"
  command_line "chown -R $user $root"
  exit 2
}

# at_end COMMAND: runs it when this script ends, also where SIGINT, SIGTERM or SIGHUP ends it: dash alone runs no EXIT trap
# then. What runs in the foreground ends first.
at_end() {
  # shellcheck disable=SC2064 # the command as it is now
  trap "$1" EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# under_lock FILE COMMAND...: one at a time, also across concurrent runs of these scripts in one tree.
under_lock() {
  ours "$1"
  mkdir -p "$(dirname -- "$1")"
  lock=$1
  shift
  # Descriptor 9 is closed for the command, so that nothing it leaves running keeps the lock.
  (
    flock 9
    "$@" 9>&-
  ) 9>"$lock"
}

# pin NAME FILE: the value of `set(NAME value)` in a CMake file, which is the one place where pins stand.
# shellcheck disable=SC2154 # root: see above
pin() { sed -n "s/^set($1 \([^ )]*\)).*/\1/p" "$root/$2"; }

# venv_starts FOLDER: programs of a virtual environment name the Python in it by its path. Copied or moved along with a
# tree, they start that of the old place, and nothing where that is gone.
venv_starts() { [ -x "$(sed -n '1s/^#!//p' "$1/bin/pip" 2>/dev/null)" ]; }

# reporting WHAT PROGRESS LOG COMMAND...: runs COMMAND. Says, twice a minute, how far WHAT is: the function PROGRESS reads
# it out of LOG; where it finds nothing (`:` never does), the time must do.
reporting() {
  report "$1" "$2" "$3" &
  reporter=$!
  shift 3
  outcome=0
  "$@" || outcome=$?
  kill "$reporter" 2>/dev/null || true
  return "$outcome"
}

# Until it is killed, or this script has ended. Its sleep, which may outlive it, holds none of our descriptors.
report() {
  seconds=0
  interval=${REPORT_SECONDS:-30}
  while sleep "$interval" >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + interval))
    reached=$("$2" "$3" 2>/dev/null) || true
    say "$1: ${reached:-$seconds seconds so far}"
  done </dev/null
}

# What ninja's log says of its progress.
steps() { sed -n 's,^\[\([0-9]*\)/\([0-9]*\)\] .*,\1 of \2 steps,p' "$1" | tail -n 1; }

# configure PRESET FOLDER: a configuration that is there is as good as new unless a preset has changed: ninja sees to the
# rest.
# shellcheck disable=SC2154 # root: see above
configure() {
  [ -n "$(find "$2/build.ninja" -newer "$root/CMakePresets.json" 2>/dev/null)" ] ||
    (cd "$root" && cmake --preset "$1" -B "$2")
}

# show_failures LOG: what a compiler, or CMake, has to say, without ninja's progress and commands.
show_failures() {
  sed '/^\[[0-9]*\/[0-9]*\] /d; /^FAILED: /{n;d}' "$1" | fold -s -w "$columns" | head -n 200 >&2
  say "the build failed; all of its output is in $1"
}

# build_release DIR TARGET...: sets up, and builds targets of the release preset in that folder. Says how far it is where
# that takes long.
# shellcheck disable=SC2154 # root: see above
build_release() {
  ours "$1" "$root/build/release.lock"
  mkdir -p "$1"
  "$root/scripts/setup" build
  reporting building steps "$1/build.log" under_lock "$root/build/release.lock" make_release "$@" || {
    show_failures "$1/build.log"
    exit 2
  }
}
make_release() {
  folder=$1
  shift
  "$root/scripts/adopt-build" "$folder"
  { configure release "$folder" && cmake --build "$folder" --target "$@"; } >"$folder/build.log" 2>&1
}
