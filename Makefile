# Two commands matter: `make demo` runs the main job, `make test` proves it. Both may be repeated.
SHELL := /bin/sh
BUILD := build
PROGRAM := $(BUILD)/placewright
PYTHON := build-python/bin/python
JOBS := $(shell nproc)

.PHONY: help deps build demo test test-all clang-digests sanitize fuzz fuzz-smoke bench docs format tidy clean
help:
	@echo "make demo      installs what is missing, builds, builds the embedded world, places the embedded catalogue"
	@echo "make test      builds and runs the default tests (unit, goldens, command line, kills)"
	@echo "make test-all  also clang, sanitizers, every golden, the full kill matrix"
	@echo "make fuzz-smoke  every fuzz target for FUZZ_SECONDS (60) each, JOBS at a time"
	@echo "make build     leaves the program at $(PROGRAM)"
	@echo "make bench     docs/benchmarks.md anew (installs the rivals)"

deps:
	@sh scripts/deps.sh

build:
	@sh scripts/deps.sh --check >/dev/null || sh scripts/deps.sh
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) -j $(JOBS)

demo: build
	@PLACEWRIGHT=$(PROGRAM) sh scripts/demo.sh

test: build
	@cd $(BUILD) && ctest --output-on-failure -j $(JOBS) -L unit
	@PLACEWRIGHT=$(abspath $(PROGRAM)) $(PYTHON) -m unittest discover -s tests/system -t tests/system -v

# The same goldens by a clang build: published bytes may not depend on the compiler.
clang-digests: build
	@PLACEWRIGHT_CLANG=1 sh scripts/deps.sh
	@cmake --preset clang -DPLACEWRIGHT_TESTS=OFF >/dev/null
	@cmake --build build-clang -j $(JOBS)
	@$(PYTHON) tests/system/compare_builds.py $(PROGRAM) build-clang/placewright

test-all: test clang-digests
	@PLACEWRIGHT=$(abspath $(PROGRAM)) PLACEWRIGHT_ALL=1 $(PYTHON) -m unittest discover -s tests/system -t tests/system -v
	@$(MAKE) --no-print-directory sanitize

# Unit tests and whole runs with the address and undefined behaviour sanitizers (the build of the fuzz targets), then
# with the thread sanitizer. Reports that are a third party's are listed in scripts/*.supp, with the reason.
SANITIZED := PYTHONPATH=tests/system $(PYTHON) tests/system/sanitized_run.py
sanitize: build
	@PLACEWRIGHT_FUZZ=1 sh scripts/deps.sh
	@cmake --preset fuzz -DPLACEWRIGHT_TESTS=ON >/dev/null && cmake --build build-fuzz -j $(JOBS)
	@export ASAN_OPTIONS=detect_odr_violation=0 ARROW_DEFAULT_MEMORY_POOL=system UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=$(abspath scripts/lsan.supp):print_suppressions=0; \
	  (cd build-fuzz && ctest --output-on-failure -L unit) && $(SANITIZED) build-fuzz/placewright
	@cmake --preset tsan >/dev/null && cmake --build build-tsan -j $(JOBS)
	@export ARROW_DEFAULT_MEMORY_POOL=system TSAN_OPTIONS=halt_on_error=1:suppressions=$(abspath scripts/tsan.supp); \
	  (cd build-tsan && ctest --output-on-failure -L unit) && $(SANITIZED) build-tsan/placewright

# Only the libraries that read bytes from outside are built again, by clang with its sanitizers.
fuzz:
	@PLACEWRIGHT_FUZZ=1 sh scripts/deps.sh
	@cmake --preset fuzz >/dev/null
	@cmake --build build-fuzz -j $(JOBS) --target fuzz

fuzz-smoke: fuzz
	@JOBS=$(JOBS) sh fuzz/run.sh

bench: build
	@cmake --preset release -DPLACEWRIGHT_BENCH=ON >/dev/null && cmake --build $(BUILD) -j $(JOBS) --target bench_kernels
	@sh bench/rivals.sh
	@bench/world

docs: build
	@$(PROGRAM) errors --markdown > docs/errors.md

format:
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

tidy: build
	@git ls-files 'src/*.cpp' 'apps/*.cpp' | xargs -P $(JOBS) -n 1 clang-tidy-14 -p $(BUILD) --quiet

clean:
	@rm -rf build build-debug build-clang build-tsan build-fuzz
