#!/bin/sh
# run.sh [target ...]: every fuzz target (or those named) for FUZZ_SECONDS, JOBS at a time. Fails when one crashes, leaks,
# takes 10 s for an input or 2 GiB; the input is then kept in build-fuzz/found/ and the command that repeats it printed.
set -eu
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-60}
jobs=${JOBS:-$(nproc)}
[ $# -gt 0 ] || set -- $(ls fuzz/*.cpp | sed 's|fuzz/||; s|\.cpp||')

memory=/dev/shm
[ -w "$memory" ] || memory=${TMPDIR:-/tmp}
scratch=$(mktemp -d "$memory/placewright-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
mkdir -p build-fuzz/found build-fuzz/logs build-fuzz/grown

# Runs one target; its own scratch folder, so that files of two targets never meet.
cat > "$scratch/one.sh" <<'ONE'
name=$1
mkdir -p "$SCRATCH/$name" build-fuzz/grown/$name
dictionary=
[ ! -f fuzz/dictionaries/$name.dict ] || dictionary=-dict=fuzz/dictionaries/$name.dict
log=build-fuzz/logs/$name.log
if TMPDIR=$SCRATCH/$name build-fuzz/fuzz/fuzz_$name $dictionary -max_total_time=$SECONDS_EACH -timeout=10 -rss_limit_mb=2048 \
  -max_len=16384 -print_final_stats=1 -artifact_prefix=build-fuzz/found/$name- build-fuzz/grown/$name fuzz/corpus/$name > $log 2>&1
then state=passed; else state=FAILED; echo "$name" >> "$SCRATCH/failed"; fi
runs=$(sed -n 's/^stat::number_of_executed_units: *//p' $log)
cover=$(sed -n 's/.*cov: \([0-9]*\).*/\1/p' $log | tail -n 1)
printf '%-20s %12s executions %8s edges   %s\n' "$name" "${runs:-?}" "${cover:-?}" "$state"
[ $state = passed ] || { grep -m 3 -e 'LAW BROKEN' -e 'ERROR:' -e 'runtime error' $log; echo "  log: $log"; }
rm -rf "$SCRATCH/$name"
ONE

# Arrow and GDAL are not instrumented: their memory must come from malloc for an overrun to be seen.
export ARROW_DEFAULT_MEMORY_POOL=system
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_odr_violation=0:allocator_may_return_null=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/scripts/lsan.supp:print_suppressions=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
export SCRATCH="$scratch" SECONDS_EACH="$seconds"
printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh "$scratch/one.sh"
if [ -s "$scratch/failed" ]; then
  echo "fuzz: failed: $(sort "$scratch/failed" | tr '\n' ' ')"
  echo "fuzz: repeat one with TMPDIR=\$(mktemp -d) build-fuzz/fuzz/fuzz_NAME build-fuzz/found/NAME-..."
  exit 1
fi
echo "fuzz: all passed"
