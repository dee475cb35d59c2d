# Thin: every target calls one script or one CMake preset.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run build test sanitize lint bench fuzz image cluster cluster-stop clean

BUILD := cmake --build --preset
# Three keep two cores busy, since many tests wait for a server longer than they work; and three control planes at
# once are what a small machine bears.
CTEST := ctest --output-on-failure -j 3

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: build ## Install what is missing, build, and start the server on 127.0.0.1:8080, data in ./data
	@exec build/release/pilothouse serve $(SERVE)

build: ## Build the release binary, build/release/pilothouse
	@tools/install-packages build
	@cmake --preset release -DPILOTHOUSE_BENCH=OFF >/dev/null
	@$(BUILD) release

test: ## Install what is missing, build, and run every test
	@tools/install-packages test
	@tools/clients/install >/dev/null
	@cmake --preset dev $(CONFIGURE) >/dev/null
	@$(BUILD) dev
	@$(CTEST) --test-dir build/dev $(TESTS)

sanitize: ## The tests again under ASan+UBSan, then those with threads under TSan
	@tools/install-packages test
	@tools/clients/install >/dev/null
	@cmake --preset asan $(CONFIGURE) >/dev/null && $(BUILD) asan
	@$(CTEST) --test-dir build/asan -LE 'cluster|slow' $(TESTS)
	@cmake --preset tsan $(CONFIGURE) >/dev/null && $(BUILD) tsan --target threads
	@$(CTEST) --test-dir build/tsan -L threads $(TESTS)

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

cluster: ## Start a Kubernetes control plane in build/cluster, to try releases with
	@tools/install-packages cluster
	@tests/e2e/control_plane start build/cluster
	@echo 'Pods run, their containers do nothing. A client, by the variable KUBECONFIG: '
	@echo '  KUBECONFIG=$(CURDIR)/build/cluster/admin.kubeconfig helm list --all-namespaces'
	@echo 'To end it: make cluster-stop (what was installed stays); to forget it: rm -r build/cluster'

cluster-stop: ## End the control plane of make cluster
	@tests/e2e/control_plane stop build/cluster

clean: ## Remove what was built (never ./data)
	@[ ! -s build/cluster/ports ] || tests/e2e/control_plane stop build/cluster
	@rm -rf build
