#!/bin/sh
# deps.sh [--check]: lists what the build needs and installs what is missing (Debian bookworm).
# --check only says whether something is missing (exit 1). Not root and not CI=1: prints the list and stops.
set -eu
cd "$(dirname "$0")/.."
packages="g++ cmake ninja-build make git python3 python3-pip python3-venv libgdal-dev gdal-bin libgeos-dev libproj-dev
  libyaml-cpp-dev nlohmann-json3-dev libssl-dev libcli11-dev libfmt-dev libzstd-dev zlib1g-dev libgtest-dev"
if [ "${PLACEWRIGHT_CLANG:-0}" = 1 ]; then packages="$packages clang-14"; fi
if [ "${PLACEWRIGHT_FUZZ:-0}" = 1 ]; then packages="$packages clang-14 libclang-rt-14-dev llvm-14"; fi
missing=
for package in $packages; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
arrow=third_party/arrow/pyarrow/include/arrow/api.h
[ -f "$arrow" ] || missing_arrow=1
cmp -s scripts/requirements.txt build-python/requirements.txt || missing_python=1
if [ -z "$missing" ] && [ -z "${missing_arrow:-}" ] && [ -z "${missing_python:-}" ]; then
  echo "deps: everything is there"
  exit 0
fi
[ -z "$missing" ] || echo "deps: Debian packages missing:$missing"
[ -z "${missing_arrow:-}" ] || echo "deps: Arrow C++ missing (comes from the pinned pyarrow wheel, 55 MB)"
[ -z "${missing_python:-}" ] || echo "deps: Python packages of the tests missing (scripts/requirements.txt)"
if [ "${1:-}" = --check ]; then exit 1; fi
if [ -n "$missing" ]; then
  if [ "$(id -u)" != 0 ] && [ "${CI:-0}" != 1 ]; then
    echo "deps: run as root: apt-get install --no-install-recommends$missing" >&2
    exit 1
  fi
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing
fi
[ -z "${missing_arrow:-}" ] || sh scripts/get_arrow.sh third_party/arrow
if [ -n "${missing_python:-}" ]; then
  python3 -m venv build-python
  build-python/bin/pip install -q --disable-pip-version-check --require-hashes --no-deps --only-binary=:all: -r scripts/requirements.txt
  cp scripts/requirements.txt build-python/
fi
echo "deps: installed"
