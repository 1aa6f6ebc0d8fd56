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

say() { echo "$(basename -- "$0"): $*" >&2; }
die() {
  say "$*"
  exit 2
}

# under_lock FILE COMMAND...: one at a time, also across concurrent runs of these scripts in one tree.
under_lock() {
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

# build_release DIR TARGET...: sets up, and builds targets of the release preset in that folder. Says how far it is where
# that takes longer than a moment.
# shellcheck disable=SC2154 # root: see above
build_release() {
  mkdir -p "$1"
  "$root/scripts/setup" build
  report_steps "$1/build.log" &
  reporter=$!
  built=yes
  under_lock "$root/build/release.lock" make_release "$@" || built=
  kill "$reporter" 2>/dev/null || true
  [ "$built" ] || {
    tail -n 40 "$1/build.log" >&2
    die "the build failed; all of its output is in $1/build.log"
  }
}

# A configuration that is there is as good as new unless a preset has changed: ninja sees to the rest.
make_release() {
  folder=$1
  shift
  {
    [ -n "$(find "$folder/build.ninja" -newer "$root/CMakePresets.json" 2>/dev/null)" ] ||
      (cd "$root" && cmake --preset release -B "$folder")
  } >"$folder/build.log" 2>&1 && cmake --build "$folder" --target "$@" >>"$folder/build.log" 2>&1
}

# report_steps LOG: until it is killed, or this script has ended, what ninja's log says of its progress. Its sleep, which
# may outlive it, holds none of our descriptors.
report_steps() {
  while sleep 10 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    steps=$(sed -n 's,^\[\([0-9]*\)/\([0-9]*\)\] .*,\1 of \2,p' "$1" 2>/dev/null | tail -n 1)
    [ -z "$steps" ] || say "built $steps"
  done </dev/null
}
