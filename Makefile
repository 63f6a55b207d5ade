# SPDX-License-Identifier: MIT
# The commands of the house. `make` alone lists them.

PORT     ?= 8080
UPSTREAM ?= examples/offline_notes
WORKER   ?= /sw.js
DATA_DIR ?= build/run_data
PREFIX   ?= /usr/local
TEST_JOBS ?= $(shell nproc)

OFFSTAGE := build/release/bin/offstage

# Compilers keep their results when the tree is cloned to another path.
export CCACHE_BASEDIR ?= $(CURDIR)
export CCACHE_NOHASHDIR ?= 1

.PHONY: help build run test check bench format lint install clean

help:
	@echo 'make build     install what is needed (Debian packages) and build build/release/bin/offstage'
	@echo 'make run       build, then serve examples/offline_notes on http://127.0.0.1:8080'
	@echo '               PORT=8080  UPSTREAM=directory-or-URL  WORKER=/sw.js  DATA_DIR=build/run_data'
	@echo 'make test      build and run all tests but the long ones'
	@echo 'make check     everything: format, lint, headers, all tests, sanitizers'
	@echo 'make bench     build and run the benches; JSON in build/bench/results/'
	@echo 'make lint      the rules that need no compiler'
	@echo 'make format    format the C++ files'
	@echo 'make install   install program, library and CMake package (PREFIX=/usr/local)'
	@echo 'make clean     remove build/'

build:
	@tools/setup
	@mkdir -p build
	@cmake --preset release >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
	@cmake --build --preset release --target bin/offstage

run: build
	@exec $(OFFSTAGE) serve --gateway.port=$(PORT) --data-dir=$(DATA_DIR) \
	  --site.upstream=$(UPSTREAM) --site.service-worker=$(WORKER)

test:
	@tools/setup --tests
	@cmake --preset release
	@cmake --build --preset release
	@ctest --preset release -LE '^long$$' -j $(TEST_JOBS)

check:
	@tools/setup --tests
	@tools/check

bench:
	@tools/setup
	@cmake --preset bench
	@cmake --build --preset bench
	@tools/bench

lint:
	@tools/lint

format:
	@tools/format

install:
	@tools/setup
	@cmake --preset release
	@cmake --build --preset release
	@cmake --install build/release --prefix $(PREFIX)

clean:
	@rm -rf build
