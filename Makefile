# The front door. `make demo` and `make test` set up what they need on a Debian machine with Rust, Node and Python.

CARGO ?= cargo
BOLAO := target/quick/bolao

# What the page is made of, the rules that it runs included.
PAGE := web/dist/index.html
PAGE_CRATES := answers browser headers ledger openings receipts replay rulebook wallet work
PAGE_SOURCES := $(wildcard crates/node/api/tests/it/snapshots/*description*.snap) $(shell find web $(PAGE_CRATES:%=crates/rules/%) Cargo.lock \
	-type f -not -path '*/node_modules/*' -not -path 'web/dist/*' -not -path 'web/src/rules/pkg/*' \
	-not -name schema.d.ts -not -path 'crates/*/*/tests/*' 2>/dev/null)

.PHONY: help page build dist dist-test demo simulate faults test test-arm test-gpu screenshots bench book fuzz lint probes setup clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: ## Install the tools that building needs, where they are missing
	@sh scripts/setup.sh build

page: $(PAGE) ## The web page, which the program embeds: web/dist

$(PAGE): $(PAGE_SOURCES)
	@sh scripts/setup.sh page
	@sh scripts/page.sh build

build: setup page ## Build the program: target/quick/bolao
	@echo "== building bolao (the first time takes some minutes)"
	BOLAO_VERSION="$$(sh scripts/version.sh program)" $(CARGO) build --profile quick --locked -p bolao

dist: ## What is handed out for Linux, in dist/: a static program, a Debian package, what an image is made of
	@sh scripts/dist.sh

dist-test: ## Makes that twice, which must give the same bytes, then installs, runs and removes it (Debian, as root)
	@sh scripts/dist-test.sh

demo: build ## A real tournament played by several nodes, before your eyes
	$(BOLAO) demo

simulate: build ## Who can cheat in which pool: 1,000 seeds of mixed faults, 10 of each attacker, with controls (about an hour)
	$(BOLAO) simulate faults --nodes 6 --seeds 1000
	$(BOLAO) simulate --nodes 6 --seeds 10

faults: build ## Real nodes whose networks, disks and machines fail, with a table at the end: wants root (up to an hour)
	@sh scripts/setup.sh test
	@sh scripts/faults.sh

test: setup page ## Every test
	@sh scripts/setup.sh test
	@sh scripts/test.sh

screenshots: build ## A picture of every page in e2e/screenshots, on a phone and on a desk, light and dark
	@sh scripts/setup.sh test
	cd e2e && npm ci --no-audit --no-fund --silent && BOLAO=$(CURDIR)/$(BOLAO) npm run --silent screenshots

test-gpu: ## Tests of mining on a GPU, or on a slow one in software: wants Debian's libvulkan1 and mesa-vulkan-drivers
	@sh scripts/test-gpu.sh

test-arm: ## Tests of mining on ARM, in an emulator: wants gcc-aarch64-linux-gnu, qemu-user and Rust's library for it
	@sh scripts/test-arm.sh

bench: setup ## Every benchmark, with ratios to something real in the same run
	@sh scripts/bench.sh

book: ## The documents as a site, in target/book/html
	@sh scripts/book.sh

fuzz: setup ## Half a minute of fuzzing for each decoder of bytes from elsewhere (needs a nightly compiler)
	@sh scripts/fuzz.sh

lint: setup page ## Formatting, clippy, house rules, the page's types and style, docs, licences and sources
	@sh scripts/setup.sh lint
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) clippy --package bolao --no-default-features --locked -- -D warnings
	$(CARGO) test --quiet --package bolao-house --locked
	@sh scripts/page.sh check
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked
	PATH="$(CURDIR)/.tools/pip/bin:$(CURDIR)/.tools/bin:$$PATH" $(CARGO) deny --locked --all-features check licenses bans sources

probes: setup ## Compile the examples of changes in tests/probes, which CONTRIBUTING.md explains
	@sh scripts/probes.sh

advisories: setup ## Known holes in dependencies, from a database that is fetched
	@sh scripts/setup.sh lint
	PATH="$(CURDIR)/.tools/pip/bin:$(CURDIR)/.tools/bin:$$PATH" $(CARGO) deny --locked --all-features check advisories

clean: ## Remove everything that was built
	$(CARGO) clean
	rm -rf dist e2e/node_modules web/node_modules web/dist web/src/rules/pkg
