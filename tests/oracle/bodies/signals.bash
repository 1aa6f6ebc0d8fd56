# shellcheck shell=bash disable=all
# Signals of a call to itself, and background jobs.

## TermEndsTheCall
handler() {
  echo begun
  kill -TERM $BASHPID
  echo not reached
}

## KillEndsTheCall
handler() {
  kill -KILL $BASHPID
  echo not reached
}

## SegvEndsTheCall
handler() {
  kill -SEGV $BASHPID
  echo not reached
}

## PipeEndsTheCall
handler() {
  kill -PIPE $BASHPID
  echo not reached
}

## IntEndsTheCall
handler() {
  kill -INT $BASHPID
  echo reached
}

## HupEndsTheCall
handler() {
  kill -HUP $BASHPID
  echo not reached
}

## Usr1EndsTheCall
handler() {
  kill -USR1 $BASHPID
  echo not reached
}

## TermRunsTheExitTrap
handler() {
  trap 'echo "exit $?"' EXIT
  kill -TERM $BASHPID
  echo not reached
}

## TermIsTrapped
handler() {
  trap 'echo "term $?"' TERM
  kill -TERM $BASHPID
  echo reached
}

## TermIsTrappedAndExits
handler() {
  trap 'exit 7' TERM
  kill -TERM $BASHPID
  echo not reached
}

## TermIsTrappedUnderErrexit
handler() {
  set -e
  trap 'echo term; false' TERM
  kill -TERM $BASHPID
  echo reached
}

## TermIsIgnored
handler() {
  trap '' TERM
  kill -TERM $BASHPID
  echo reached
}

## TermIsIgnoredByTheFile
trap '' TERM
handler() {
  trap -p TERM
  kill -TERM $BASHPID
  sh -c 'kill -TERM $$; echo ignored there too'
  echo reached
}

## UsrTrapOfTheFile
trap 'echo usr1' USR1
handler() {
  trap -p USR1
  kill -USR1 $BASHPID
  echo reached
}

## IntTrapOfTheFile
trap 'echo int' INT
handler() {
  trap -p INT
  kill -INT $BASHPID
  echo reached
}

## IntIsIgnoredByTheFile
trap '' INT
handler() {
  kill -INT $BASHPID
  echo reached
}

## ChldTrap
handler() {
  trap 'echo chld' CHLD
  /bin/true
  echo end
}

## ChldTrapOfTheFile
trap 'echo chld >&2' CHLD
handler() {
  /bin/true
  (exit 3)
  echo end
}

## KilledProgram
handler() {
  bash -c 'kill -9 $BASHPID'
  echo "status $?"
}

## KilledProgramAsTheLastCommand
handler() {
  sh -c 'kill -TERM $$'
}

## KilledSubshellUnderErrexit
set -e
handler() {
  (kill -9 $BASHPID)
  echo not reached
}

## KilledStageOfAPipeline
set -o pipefail
handler() {
  bash -c 'kill -9 $BASHPID' | cat
}

## BrokenPipe
set -o pipefail
handler() {
  yes | head -n 1
}

## SignalsAreDefault
handler() {
  grep -E '^Sig(Ign|Blk)' /proc/self/status
}

## GroupIsSignalled
handler() {
  trap 'echo usr1' USR1
  kill -USR1 0
  echo end
}

## WaitForAJob
handler() {
  (exit 6) &
  wait $!
  echo "status $?"
}

## WaitForAJobUnderErrexit
set -e
handler() {
  (exit 6) &
  wait $!
  echo "not reached"
}

## WaitForAll
handler() {
  (exit 6) &
  (exit 7) &
  wait
  echo "status $?"
}

## WaitForTheNext
handler() {
  (exit 6) &
  wait -n
  echo "status $?"
  wait -n
  echo "status $?"
}

## WaitForAllWithoutAny
handler() {
  wait
  echo "status $?"
  wait -n
  echo "status $?"
}

## WaitForWhatIsNoChild
handler() {
  wait 1
  echo "status $?"
}

## Jobs
handler() {
  jobs
  until [[ -e go ]]; do sleep 0.01; done &
  jobs
  : >go
  wait $!
  echo "status $?"
  rm go
}

## JobIsKilled
handler() {
  sleep 30 &
  kill -9 $!
  wait $!
  echo "status $?"
}

## JobOfTheFileIsWaitedFor
(exit 3) &
handler() {
  wait
  echo "status $?"
}

## MonitorMode
handler() {
  set -m
  (exit 3) &
  wait $!
  echo "status $?"
}

## MonitorModeOfTheFile
set -m
handler() {
  echo "$-"
  (exit 3) &
  wait $!
  echo "status $?"
}

## Disown
handler() {
  sleep 0.1 &
  disown
  jobs
  wait
  echo "status $?"
}

## LateWriter
handler() {
  (sleep 0.3; echo late) &
  echo body
}

## LateWriterToStandardError
handler() {
  (sleep 0.3; echo late >&2) &
  return 3
}

## BackgroundReadsNothing
handler() {
  cat &
  wait
  echo "end"
}

## ProcessSubstitutionIsRead
handler() {
  cat <(echo one) <(echo two)
}

## ProcessSubstitutionInALoop
set -e
handler() {
  while read -r line; do echo "got $line"; done < <(echo one; echo two; exit 3)
  echo end
}

## ProcessSubstitutionIsWaitedFor
handler() {
  : < <(exit 3)
  wait $!
  echo "status $?"
}

## Coproc
handler() {
  coproc { read -r x; echo "got $x"; }
  echo hi >&"${COPROC[1]}"
  read -r y <&"${COPROC[0]}"
  echo "$y"
}

## WriteToAProcessSubstitution
handler() {
  { echo hi; exit 4; } > >(cat >/dev/null)
}
