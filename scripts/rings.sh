# shellcheck shell=sh
# shellcheck disable=SC2154 # root, results, label: set by scripts/test, which sources this
# The rings of scripts/test: what each needs, how it is built, which tests it runs.

# A machine of arm64 makes its launchers with its own compiler.
cross_layers() { [ "$(uname -m)" = aarch64 ] || echo layers-arm64; }

# Packages by group (scripts/packages.txt). The inner loop stays light.
groups_of() {
  case $label:$1 in
    quick:*) echo build ;;
    *:tidy) echo build tidy ;;
    :dev) echo build test lint official-emulator foreign layers layers-test "$(cross_layers)" sandbox tools deploy examples ;;
    :release) echo build test official-emulator layers layers-test "$(cross_layers)" sandbox ;;
    :arm64) echo build test arm64 ;;
    *foreign*:*) echo build test foreign ;;
    *tools*:*) echo build test tools ;;
    *examples*:*) echo build test examples deploy ;;
    *browser*:*) echo build test browser ;;
    *deploy*:*) echo build test deploy ;;
    *layers*:*) echo build test layers layers-test "$(cross_layers)" sandbox ;;
    *:dev) echo build test lint official-emulator ;;
    *) echo build test official-emulator ;;
  esac
}

# Tests where --label does not say: lint looks at the sources, foreign programs at the wire, layers and deploy at scripts,
# tools at templates, so once is enough; tsan is for what has threads; of the release, the programs as they are shipped
# are what matters; of arm64, what a machine can do to them: the whole table of errors, the contract, the warm shell; of
# several workers, the promises to a handler.
selection_of() {
  case $label:$1 in
    :dev) ;;
    :tsan) echo -L threads ;;
    :release) echo -L e2e ;;
    :*workers) echo -R '^e2e\.' ;;
    :arm64) echo -R '^e2e\.(ErrorsTest|ContractTest|ShellFunctionTest)\.' ;;
    :*) echo -LE 'lint|foreign|layers|tools|browser|deploy|examples' ;;
    *) echo -L "$label" ;;
  esac
}

# The thread sanitizer of g++ 12 refuses kernels that spread addresses over more than 28 bits: no spreading for tsan.
prefix_of() {
  [ "$1" = tsan ] || return 0
  if setarch "$(uname -m)" -R true 2>/dev/null; then echo setarch "$(uname -m)" -R; fi
}

# What is built: all, or the programs with the tests that are selected.
target_of() {
  case $label:$1 in
    quick:dev) echo tests_quick ;;
    foreign:*) echo tests_foreign ;;
    layers:*) echo tests_layers ;;
    tools:*) echo tests_tools ;;
    examples:*) echo tests_examples ;;
    browser:*) echo tests_browser ;;
    deploy:*) echo tests_deploy ;;
    :tsan) echo tests_threads ;;
    :release) echo tests_e2e ;;
    *) echo all ;;
  esac
}

build() {
  cmake --preset "$1" >"$results/$1.configure.log" 2>&1 || {
    cat "$results/$1.configure.log" >&2
    return 1
  }
  # shellcheck disable=SC2046 # a list of words
  $(prefix_of "$1") cmake --build --preset "$1" --target "$(target_of "$1")" -- --quiet
}

# run_tests RING CTEST ARGS...
run_tests() {
  ring=$1
  shift
  # shellcheck disable=SC2046 # lists of words
  $(prefix_of "$ring") ctest $(selection_of "$ring") --no-tests=error --output-on-failure -j "$(nproc)" \
    --output-junit "$results/$ring.xml" "$@"
}

# Root hides faults: permissions, other users' processes, /proc of others. ctest wants a folder to write to, and gets
# one that has nothing but a way to the tests of the dev build.
run_unprivileged() {
  ring=$1
  shift
  folder=$root/build/dev/$ring
  rm -rf "$folder"
  mkdir -p "$folder"
  echo "subdirs(\"$root/build/dev/tests\")" >"$folder/CTestTestfile.cmake"
  [ "$(id -u)" != 0 ] || chown -R 993:990 "$folder"
  outcome=0
  # shellcheck disable=SC2046 # a list of words
  "$root/scripts/as-unprivileged" ctest --test-dir "$folder" $(selection_of "$ring") --no-tests=error \
    --output-on-failure -j "$(nproc)" --output-junit "$folder/$ring.xml" "$@" 2>"$results/$ring.stderr" || {
    outcome=$?
    cat "$results/$ring.stderr" >&2
  }
  [ ! -f "$folder/$ring.xml" ] || cp "$folder/$ring.xml" "$results/"
  return "$outcome"
}

# The bootstraps of the end-to-end tests with four workers each.
of_four_workers() {
  TESTED_WORKERS=4
  export TESTED_WORKERS
}

# The programs of dev's end-to-end tests, with another bootstrap under test.
run_arm64() {
  SHELLSTRAP_TEST_BOOTSTRAP=$root/tests/support/arm64-bootstrap
  SHELLSTRAP_TEST_TARGET=$root/tests/support/native-target
  export SHELLSTRAP_TEST_BOOTSTRAP SHELLSTRAP_TEST_TARGET
  run_tests arm64 --preset dev "$@"
}

# 77 in place of tests that cannot be: what the ring needs is out of reach, or this machine runs arm64 in every other ring.
set_up() {
  code=0
  if [ "$1" = arm64 ] && [ "$(uname -m)" = aarch64 ]; then
    echo "this machine is one of arm64: the other rings show what this one is for" >"$results/$1.stderr"
    return 77
  fi
  # shellcheck disable=SC2046 # a list of words
  "$root/scripts/setup" $(groups_of "$1") || code=$?
  [ "$code" != 77 ] || echo "scripts/setup cannot reach what it needs, and says above what that is" >"$results/$1.stderr"
  return "$code"
}

# run_ring RING CTEST ARGS...
run_ring() {
  set_up "$1" || return
  case $1 in
    unprivileged) build dev && run_unprivileged "$@" ;;
    workers) build dev && of_four_workers && shift && run_tests workers --preset dev "$@" ;;
    unprivileged-workers) build dev && of_four_workers && run_unprivileged "$@" ;;
    tidy) build tidy ;;
    release) build release && "$root/scripts/show-release" && run_tests release --preset "$@" ;;
    arm64) build release-arm64 && build dev && shift && run_arm64 "$@" ;;
    dev | asan | tsan) build "$1" && run_tests "$1" --preset "$@" ;;
    *) die "no preset '$1'; there are: dev unprivileged workers unprivileged-workers asan tsan release arm64 tidy" ;;
  esac
}
