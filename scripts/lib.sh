# shellcheck shell=sh
# Sourced by the scripts beside it, which set `root` to the top of the tree first.
# Everything a script says goes to stderr: stdout belongs to what it was asked for.

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

# build_release DIR TARGET: sets up, and builds a target of the release preset in that folder.
# shellcheck disable=SC2154 # root: see above
build_release() {
  mkdir -p "$1"
  "$root/scripts/setup" build
  say "building $2"
  under_lock "$root/build/release.lock" make_release "$1" "$2" >"$1/$2-build.log" 2>&1 || {
    tail -n 40 "$1/$2-build.log" >&2
    die "the build failed; all of its output is in $1/$2-build.log"
  }
}
make_release() { (cd "$root" && cmake --preset release -B "$1" && cmake --build "$1" --target "$2"); }
