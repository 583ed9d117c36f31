# make demo    a real cluster in the embedded lab, from nothing
# make check   what CI runs: lint, build, unit, golden, SSH and cluster tests
# make help    the rest

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build release bench demo demo-down test cluster-test lint format golden check clean

# Which inventory the demo uses; empty: the current Kubernetes where the release pages answer, else Debian's.
INVENTORY ?=
PROVISION := .build/release/provision
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := Package.swift Sources Tests

# Libraries and tools that the build and the tests need, and those that the lab needs.
BUILD_PACKAGES := libssh2-1-dev libssl-dev pkg-config
TEST_PACKAGES := openssh-server openssh-client openssl sudo haproxy shellcheck curl csh fish
LAB_PACKAGES := debootstrap systemd-container iproute2 iptables nftables procps
# Kubernetes is built from Debian's source package where no release page can be reached.
KUBERNETES_PACKAGES := dpkg-dev golang-1.19-go golang-github-modern-go-reflect2-dev rsync make

PACKAGES := $(BUILD_PACKAGES) $(TEST_PACKAGES) $(LAB_PACKAGES) $(KUBERNETES_PACKAGES)

# Every step says how long it took.
TIMED := .ci/timed
STARTED := $(shell date +%s)

help: ## this text
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-14s %s\n", $$1, $$2}'

setup: ## install what apt must give, where something is missing
	@SUDO=$(SUDO) $(TIMED) 'apt packages' .ci/apt $(PACKAGES)

build: setup ## debug build, warnings are errors
	@$(TIMED) 'build (debug)' swift build --build-tests

release: setup ## the release binary
	@$(TIMED) 'build (release)' swift build -c release --static-swift-stdlib --product provision

demo: release ## a real cluster of the hard way's own topology in the embedded lab
	@PROVISION=$(PROVISION) INVENTORY=$(INVENTORY) STARTED=$(STARTED) .ci/demo

demo-down: ## remove the demo's machines
	@for i in $(or $(INVENTORY),Inventory/lab.yaml Inventory/lab-debian.yaml); do $(PROVISION) lab down --inventory $$i; done

test: build ## unit, golden and loopback SSH tests
	@$(TIMED) 'unit and golden tests' swift test --skip-build --skip 'ClusterTests|SSHTests'
	@$(TIMED) 'SSH tests against a real sshd' swift test --skip-build --filter SSHTests

cluster-test: build release ## the full topology in the lab, by the release binary; many checks share it
	@PROVISION=$(PROVISION) $(TIMED) 'cluster tests' .ci/cluster-test

bench: release ## what a thousand certificates cost, and a run on many hosts that changes nothing
	@PROVISION=$(PROVISION) .ci/bench
	@PROVISION=$(PROVISION) .ci/bench-ssh

lint: ## the strict format check, by the one configuration
	@$(TIMED) lint swift format lint --strict --parallel --recursive --configuration .swift-format $(SOURCES)

format: ## rewrite the sources in the house format
	swift format --in-place --parallel --recursive --configuration .swift-format $(SOURCES)

golden: build ## rewrite the golden files; review their diff as the behaviour change
	UPDATE_GOLDEN=1 swift test --skip-build --filter 'TemplatesTests|CoreTests'

check: setup lint build test cluster-test ## everything that CI runs
	@echo "all checks passed in $$(($$(date +%s) - $(STARTED))) s"

clean: ## remove build products
	rm -rf .build
