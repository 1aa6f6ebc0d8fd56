#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A page that shows how far a long task is, while it runs: no script, just an answer that is not finished yet. Needs
# SHELLSTRAP_INVOKE_MODE=stream; see docs/streaming.md. PROGRESS_COMMAND is the task: a shell command for each step,
# with its number in STEP.
set -eu

steps=${PROGRESS_STEPS:-5}
command=${PROGRESS_COMMAND:-sleep 1}

printf 'Content-Type: text/html; charset=utf-8\nCache-Control: no-store\n\n'
cat <<EOF
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A long task</title>
<style>
  body { font: 16px sans-serif; margin: 3em; max-width: 34em }
  #bar { background: #eee; border-radius: 4px }
  #bar div { background: #2a7; border-radius: 4px; height: 1.2em; width: 0 }
</style>
<h1>A long task</h1>
<div id="bar"><div></div></div>
<ol>
EOF

# Each rule overrides the one before, so the bar grows while the page loads.
STEP=0
while [ "$STEP" -lt "$steps" ]; do
  STEP=$((STEP + 1))
  export STEP
  started=$(date +%s)
  sh -c "$command" >&2
  printf '<li>Step %s of %s took %s s<style>#bar div { width: %s%% }</style>\n' \
    "$STEP" "$steps" "$(($(date +%s) - started))" "$((100 * STEP / steps))"
done

printf '</ol>\n<p>Done.\n'
