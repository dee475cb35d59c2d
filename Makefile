# Thin: every target calls one script or one CMake preset.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build test sanitize lint bench fuzz image clean

BUILD := cmake --build --preset

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: build ## Install what is missing, build, and start the server on 127.0.0.1:8080, data in ./data
	@exec build/release/pilothouse serve $(SERVE)

build: ## Build the release binary, build/release/pilothouse
	@tools/install-packages build
	@cmake --preset release -DPILOTHOUSE_BENCH=OFF >/dev/null
	@$(BUILD) release

test: ## Install what is missing, build, and run every test
	@tools/install-packages test
	@tools/clients/install >/dev/null
	@cmake --preset dev >/dev/null
	@$(BUILD) dev
	@ctest --test-dir build/dev --output-on-failure -j 2 $(TESTS)

sanitize: ## The tests again under ASan+UBSan, then under TSan
	@tools/install-packages test
	@tools/clients/install >/dev/null
	@for kind in asan tsan; do \
	    cmake --preset $$kind >/dev/null && $(BUILD) $$kind && \
	    ctest --test-dir build/$$kind --output-on-failure -j 2 $(TESTS) || exit 1; \
	done

lint: ## Layers, format, clang-tidy, coroutine rules, shell scripts
	@tools/install-packages lint
	@tools/lint

bench: ## Ratios against nginx, cost of a push, cold start
	@tools/install-packages bench
	@cmake --preset release -DPILOTHOUSE_BENCH=ON >/dev/null
	@$(BUILD) release
	@bench/run

fuzz: ## Fuzz each parser for a minute (SECONDS_EACH=60)
	@tools/install-packages test
	@tests/fuzz/run

image: ## Build the container image and start it once, with docker-compose
	@tools/try-image

clean: ## Remove what was built (never ./data)
	@rm -rf build
