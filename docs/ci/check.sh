#!/bin/sh
# Holds what is checked out to its gate file, and compares it with another branch, run by run under the same seeds.
# Usage: sh check.sh [BRANCH [GATE-FILE [FOLDER]]]
# Exit code: that of evenkeel check. 0 all is well, 99 something is worse, 3 cannot be told yet, 2 something cannot be used.
set -eu
branch=${1:-origin/main}
gate=${2:-evenkeel.check.yaml}
folder=${3:-evenkeel-report}

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The other branch, in a folder of its own, asked the same questions: so this gate file, with that branch's strategies.
git worktree add --quiet --force --detach "$folder/base" "$branch"
trap 'git worktree remove --force "$folder/base"' EXIT
cp "$gate" "$folder/base/$gate"
(
  cd "$folder/base"
  npm ci --silent
  # That it misses a threshold itself (99, 3) is no reason not to compare.
  npx evenkeel check "$gate" --save-baseline "$folder/baseline.json" >"$folder/base.txt" || [ $? -eq 99 ] || [ $? -eq 3 ]
)

code=0
npx evenkeel check "$gate" --baseline "$folder/baseline.json" --format markdown --out "$folder/report.md" || code=$?
cat "$folder/report.md"
exit "$code"
