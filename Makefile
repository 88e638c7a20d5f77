# capt: everything a developer or a visitor needs. `make` alone prints this list.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

NODE_VERSION := $(shell cat .nvmrc)
NODE_PACKAGE := node-linux-$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x64)
# The project runs on its own Node; the machine's Node only has to be able to run npm.
export PATH := $(CURDIR)/.node/node_modules/.bin:$(PATH)

.PHONY: help
help: ## Print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  \033[36mmake %-17s\033[0m %s\n", $$1, $$2}'

.PHONY: install
install: packages node_modules/.installed ## Install what is missing: Debian packages, Node, npm packages

# First of all: npm and what follows it may need them.
.PHONY: packages
packages:
	@bootstrap/packages.sh

.node/.installed-$(NODE_VERSION): | packages
	@echo "installing Node $(NODE_VERSION) into .node"
	@npm install --prefix .node --no-save --ignore-scripts --no-progress --loglevel=error $(NODE_PACKAGE)@$(NODE_VERSION)
	@touch $@

# npm on an older Node silently drops optional packages, so npm itself runs on the pinned Node.
node_modules/.installed: package.json package-lock.json .node/.installed-$(NODE_VERSION)
	@echo "installing npm packages"
	@npm ci --ignore-scripts --no-progress --loglevel=error
	@touch $@

.PHONY: test
test: install ## Run every check: lint, types, unit and integration tests on a real Kubernetes API, machines in QEMU
	@bootstrap/packages.sh test
	@node test/run.ts

.PHONY: unit
unit: install ## Run lint, types and unit tests only
	@node test/run.ts lint types unit

.PHONY: installer
installer: install ## Make kernel and initramfs of the OS that installs machines (ARGS="--out images")
	@src/cli/capt.sh installer build $(ARGS)

.PHONY: e2e
e2e: install ## Install machines in QEMU over the network, undisturbed and disturbed (root)
	@bootstrap/packages.sh e2e
	@npm run --silent test:e2e

.PHONY: soak
soak: install ## Run the fault suites with many seeds (SEEDS=20)
	@node test/soak.ts

.PHONY: bench
bench: install ## Run the benchmarks and print ratios against their peers
	@npm run --silent bench:kube

.PHONY: generate
generate: install ## Rewrite config/crd and docs/api.md from src/api
	@npm run --silent generate

.PHONY: format
format: install ## Format and fix what the linter can fix
	@npm run --silent format

.PHONY: quickstart
quickstart: install ## From an empty clone to a running cluster on a virtual rack (ARGS="--machines 4 --firmware uefi")
	@bootstrap/packages.sh quickstart
	@src/cli/capt.sh quickstart $(ARGS)

.PHONY: demo-scale
demo-scale: install ## After make quickstart: one worker more, one less, its disk looked at from outside
	@src/cli/capt.sh quickstart demo scale $(ARGS)

.PHONY: demo-upgrade
demo-upgrade: install ## After make quickstart: another template, the worker is rolled without a spare host
	@src/cli/capt.sh quickstart demo upgrade $(ARGS)

.PHONY: clean-quickstart
clean-quickstart: ## End what make quickstart has started, and remove its files (what was built stays)
	@src/cli/capt.sh quickstart down --purge $(ARGS)

.PHONY: clean
clean: ## Remove what make put into this folder (caches outside it stay)
	@rm -rf .node node_modules .capt coverage
