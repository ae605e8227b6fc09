#!/usr/bin/env bash
# Compares the consumer stream of this checkout with that of another commit, in alternating pairs of
# runs on the same machine, which must be otherwise idle:
#
#   bench/against.sh COMMIT [WORK [PAIRS [ENTRIES]]]
#
# WORK is a part of the names that the benchmark prints ("creates, read by list" by default), PAIRS
# the number of pairs (20), ENTRIES what one run streams (5000). Prints each pair, the medians, and
# the median of the ratios with the interval that contains it at 95 % (by order statistics, from 6
# pairs on).
set -eu
commit=${1:?the commit to compare with}
work=${2:-creates, read by list}
pairs=${3:-20}
entries=${4:-5000}
here=$(cd "$(dirname "$0")/.." && pwd)
other=$(mktemp -d)
trap 'git -C "$here" worktree remove --force "$other/checkout"; rm -rf "$other"' EXIT
git -C "$here" worktree add -q --detach "$other/checkout" "$commit"

rate() {
  (cd "$1" && mvn -q -B -Dstyle.color=never -Pbench test-compile -Dspotless.check.skip=true \
    -Dbench.entries="$entries" -Dbench.rounds=1 -Dbench.work="$work" 2> "$other/errors") \
    > "$other/run" || { cat "$other/run" "$other/errors" >&2; exit 1; }
  # the name of a work has blanks: the numbers begin where two blanks do
  grep -F -- "$work" "$other/run" | tail -1 | sed -E 's/.*[^ ]  +([0-9,]+)  +[0-9,]+  +[0-9.]+.*/\1/; s/,//g'
}

# builds both, and warms the machine up
rate "$other/checkout" > "$other/none"
rate "$here" > "$other/none"
printf '%-6s %12s %12s %8s\n' pair "$(git -C "$here" rev-parse --short "$commit")" here ratio
for pair in $(seq "$pairs"); do
  if [ $((pair % 2)) = 1 ]; then
    before=$(rate "$other/checkout")
    after=$(rate "$here")
  else
    after=$(rate "$here")
    before=$(rate "$other/checkout")
  fi
  echo "$before $after" >> "$other/pairs"
  awk -v p="$pair" -v b="$before" -v a="$after" 'BEGIN { printf "%-6d %12d %12d %8.3f\n", p, b, a, a / b }'
done
awk '
  function median(v, n) { return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2 }
  function sort(v, n,  i, j, t) {
    for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t }
  }
  { b[NR] = $1; a[NR] = $2; r[NR] = $2 / $1 }
  END {
    sort(b, NR); sort(a, NR); sort(r, NR)
    printf "median %12d %12d %8.3f", median(b, NR), median(a, NR), median(r, NR)
    k = int((NR - 1.96 * sqrt(NR)) / 2)
    if (NR >= 6) { k = k < 1 ? 1 : k; printf "  interval %.3f to %.3f", r[k], r[NR - k + 1] }
    print ""
  }' "$other/pairs"
