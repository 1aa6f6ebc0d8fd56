# shellcheck shell=sh
# shellcheck disable=SC2154 # root, results, label, quota: set by scripts/test, which sources this
# The rings of scripts/test: what each needs, how it is built, which tests it runs.

all_rings='dev unprivileged workers unprivileged-workers asan asan-programs tsan arm64 release release-programs'

# A machine of arm64 makes its launchers with its own compiler.
cross_layers() { [ "$(uname -m)" = aarch64 ] || echo layers-arm64; }

# Packages by group (scripts/packages.txt). The inner loop stays light.
groups_of() {
  case $label:$1 in
    quick:*) echo build ;;
    *:tidy) echo build tidy ;;
    :dev) echo build test lint official-emulator foreign layers layers-test "$(cross_layers)" sandbox tools deploy examples browser ;;
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
# tools at templates, so once is enough; another user makes no difference to what is pure, nor to how much memory grows;
# tsan is for what has threads; of the release, the programs as they are shipped are what matters; of arm64, what a
# machine can do to them: the whole table of errors, the contract, the warm shell; of several workers, the promises to a
# handler, and as another user those of them that have to do with processes, signals and files. The official emulator's
# managed instances need root.
# The end-to-end tests are compiled for dev alone: asan-programs and release-programs run them with other programs.
selection_of() {
  case $label:$1 in
    :dev) [ -z "$quota" ] || echo -R '^e2e\.' ;;
    :asan) echo -L 'quick|e2e' -E '^e2e\.' ;;
    :asan-programs) echo -R '^e2e\.' -E '^e2e\..*RefusedCallTest' ;;
    :tsan) echo -L threads ;;
    :release) echo -L e2e -E '^(e2e|cli)\.' ;;
    :release-programs) echo -R '^(e2e|cli)\.' ;;
    :workers) echo -R '^e2e\.' ;;
    :unprivileged-workers) echo -R "^e2e\.($processes_and_files)Test\." ;;
    :arm64) echo -R '^e2e\.(ErrorsTest|ContractTest|ShellFunctionTest)\.' ;;
    :*) echo -LE 'lint|model|foreign|layers|tools|browser|deploy|examples' -E '^(event|fuzz|soak|concurrency)\.|ManagedOfficialEmulator' ;;
    *) echo -L "$label" ;;
  esac
}
processes_and_files='Child|ForkBomb|Signals|EndingSignal|Watchdog|Deadline|FirstProcess|Hooks|Tmpdir|ShellFunction'
processes_and_files="$processes_and_files|Concurrency|Workers"

# Tests that wait for a process, or for a limit to pass, leave room for others.
jobs() { if [ -n "$quota" ]; then echo 8; else echo $((2 * $(nproc))); fi; }

# The thread sanitizer of g++ 12 refuses kernels that spread addresses over more than 28 bits: no spreading for tsan.
prefix_of() {
  [ "$1" = tsan ] || return 0
  if setarch "$(uname -m)" -R true 2>/dev/null; then echo setarch "$(uname -m)" -R; fi
}

# What is built: all, or the programs with the tests that are selected, as a list of targets.
target_of() {
  case $label:$1 in
    quick:dev) echo tests_quick ;;
    foreign:*) echo tests_foreign ;;
    layers:*) echo tests_layers ;;
    tools:*) echo tests_tools ;;
    examples:*) echo tests_examples ;;
    browser:*) echo tests_browser ;;
    deploy:*) echo tests_deploy ;;
    :asan) echo bootstrap shellstrap word-count tests_quick cli_tests soak concurrency ;;
    :tsan) echo tests_threads ;;
    :release) echo bootstrap shellstrap word-count soak concurrency ;;
    *) echo all ;;
  esac
}

# build PRESET
build() {
  log=$results/$1.build.log
  mkdir -p "$root/build/$1"
  "$root/scripts/adopt-build" "$root/build/$1"
  reporting "building $1" steps "$log" make_preset "$1" || {
    show_failures "$log"
    return 1
  }
}

# shellcheck disable=SC2046 # lists of words
make_preset() {
  { configure "$1" "$root/build/$1" && $(prefix_of "$1") cmake --build --preset "$1" --target $(target_of "$1"); } >"$log" 2>&1
}

# What ctest's log says of its progress.
tests_done() {
  awk '
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / { split($1, counts, "/"); failed += /\*\*\*/ && !/\*\*\*Skipped/ }
    END { if (counts[1]) print counts[1] " of " counts[2] " tests, " failed + 0 " failed" }' "$1"
}

# True of arguments of ctest that ask for more than its results.
is_wordy() {
  for word in "$@"; do
    case $word in -V | -VV | --verbose | --extra-verbose | -N | --show-only*) return 0 ;; esac
  done
  return 1
}

# digested RING COMMAND...: runs ctest, and shows what scripts/digest-tests leaves of its output.
digested() {
  ring=$1 log=$results/$1.log
  shift
  reporting "$ring" tests_done "$log" logged "$@" && code=0 || code=$?
  [ ! -f "$log" ] || "$root/scripts/digest-tests" "$log"
  fold -s -w "$columns" "$results/$ring.stderr" >&2
  return "$code"
}
logged() { if is_wordy "$@"; then "$@"; else "$@" >"$log"; fi 2>"$results/$ring.stderr"; }

# run_tests RING CTEST ARGS...
run_tests() {
  ring=$1
  shift
  # shellcheck disable=SC2046 # lists of words
  digested "$ring" ${quota:+"$root/scripts/with-quota" "$quota"} $(prefix_of "$ring") ctest $(selection_of "$ring") \
    --no-tests=error --output-on-failure -j "$(jobs)" --output-junit "$results/$ring.xml" "$@"
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
  failed=0
  # shellcheck disable=SC2046 # a list of words
  digested "$ring" ${quota:+"$root/scripts/with-quota" "$quota"} "$root/scripts/as-unprivileged" \
    ctest --test-dir "$folder" $(selection_of "$ring") --no-tests=error --output-on-failure -j "$(jobs)" \
    --output-junit "$folder/$ring.xml" "$@" || failed=$?
  [ ! -f "$folder/$ring.xml" ] || cp "$folder/$ring.xml" "$results/"
  return "$failed"
}

# The bootstraps of the end-to-end tests with four workers each.
of_four_workers() {
  TESTED_WORKERS=4
  export TESTED_WORKERS
}

# run_programs RING CTEST ARGS...: dev's end-to-end tests, with the programs of another preset under test.
run_programs() {
  ring=$1
  shift
  TESTED_PROGRAMS=$root/build/${ring%-programs}
  export TESTED_PROGRAMS
  run_tests "$ring" --preset dev "$@"
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

# What only the tests need is loaded and unpacked while the compiler is at work.
run_dev() {
  "$root/scripts/setup" build || return
  set_up dev &
  installing=$!
  built=0
  build dev || built=$?
  wait "$installing" && [ "$built" = 0 ] && run_tests dev --preset "$@"
}

# run_ring RING CTEST ARGS...
run_ring() {
  [ "$1" = dev ] || set_up "$1" || return
  case $1 in
    dev) run_dev "$@" ;;
    unprivileged) build dev && run_unprivileged "$@" ;;
    workers) build dev && of_four_workers && shift && run_tests workers --preset dev "$@" ;;
    unprivileged-workers) build dev && of_four_workers && run_unprivileged "$@" ;;
    tidy) build tidy ;;
    release) build release && "$root/scripts/show-release" && run_tests release --preset "$@" ;;
    arm64) build release-arm64 && build dev && shift && run_arm64 "$@" ;;
    asan-programs | release-programs) build dev && build "${1%-programs}" && run_programs "$@" ;;
    asan | tsan) build "$1" && run_tests "$1" --preset "$@" ;;
    *) die "no ring '$1'; there are: $all_rings tidy" ;;
  esac
}
