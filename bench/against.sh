#!/usr/bin/env bash
# Compares the consumer stream of this checkout with that of another commit, in alternating rounds on
# the same machine, which must be otherwise idle:
#
#   bench/against.sh COMMIT [WORK [ROUNDS [ENTRIES]]]
#
# WORK is a part of the names that the benchmark prints ("creates, read by list" by default; "" for
# all), ROUNDS the number of pairs (20), ENTRIES what one round streams (5000). Both are compiled once.
# Prints each pair, the medians, and the median of the ratios with the interval that contains it at
# 95 % (by order statistics, from 6 pairs on). MVN is the Maven to run ("mvn -o" without a network).
set -eu
commit=${1:?the commit to compare with}
here=$(cd "$(dirname "$0")/.." && pwd)
other=$(mktemp -d)
trap 'git -C "$here" worktree remove --force "$other/checkout"; rm -rf "$other"' EXIT
git -C "$here" worktree add -q --detach "$other/checkout" "$commit"
(cd "$other/checkout" && ${MVN:-mvn} -q -B test-compile -Dspotless.check.skip=true)
cd "$here"
${MVN:-mvn} -q -B -Pbench test-compile -Dspotless.check.skip=true -Dbench.against="$other/checkout" \
  -Dbench.work="${2-creates, read by list}" -Dbench.rounds="${3:-20}" -Dbench.entries="${4:-5000}"
