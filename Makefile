# cloudbm: make alone lists what can be done here.
SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint bench shots golden generate fuzz kill clean packages assets check vet format fresh race staticcheck

TEMPL  := go tool -modfile=tools/templ/go.mod templ
# Packages with goroutines of their own; they are run a second time under the race detector, which needs a C compiler.
RACE   ?= ./blob ./jobs ./notices ./store ./web
# How long each fuzz target runs, and how often the long run kills.
FUZZTIME ?= 1m
KILLS    ?= 500
# Flags of the measurement, such as -cases 1000000 -o bench.txt.
BENCH    ?=

DEBIAN := chromium softhsm2 opensc openssl jq unzip xxd libnss3-tools poppler-utils qpdf fonts-noto-cjk fonts-cns11643-kai fonts-cns11643-sung postgresql gcc libc6-dev \
          apache2-bin libapache2-mod-auth-openidc

help: ## list these commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: assets build/cloudbm ## build and start the demonstration on this machine (data in ./data)
	./build/cloudbm demo

test: packages assets check race ## install what the tests need, check and test everything on SQLite and PostgreSQL
	CI=$(CI) go run ./store/storetest/cluster -- go test -p 2 -timeout 25m ./...

race: packages assets ## the packages with goroutines of their own, under the race detector
	@if ! command -v gcc >/dev/null; then echo "race: there is no C compiler here" >&2; [[ -z "$(CI)" ]]; exit; fi; set -x; \
	CI=$(CI) go run ./store/storetest/cluster -- go test -race -p 2 -timeout 10m $(RACE)

check: format fresh vet staticcheck # what can be said without running anything

format:
	@bad=$$(find . -name '*.go' -not -name '*_templ.go' -not -path '*/node_modules/*' -print0 | xargs -0 gofmt -l); \
	if [[ -n $$bad ]]; then echo "gofmt these: $$bad"; exit 1; fi

fresh:
	@tools/fresh.sh

vet: assets
	go vet ./...

staticcheck: assets
	go tool -modfile=tools/staticcheck/go.mod staticcheck ./...

lint: assets ## golangci-lint (its first build takes some minutes)
	go tool -modfile=tools/lint/go.mod golangci-lint run

bench: assets ## measure uploads, intake, forms, tiles, pages and verifying beside their anchors, in one run
	go run ./cmd/bench $(BENCH)

shots: packages assets ## walk through the pages in a browser and keep a picture of each in ./shots
	CLOUDBM_SHOTS=$(CURDIR)/shots go run ./store/storetest/cluster -- go test -count=1 -timeout 20m -run Walk ./story/...

golden: ## write the golden sheets of the case types and the pictures of their states again
	go test -count=1 ./catalog -update

generate: ## write the pages (*_templ.go) from their templates again
	$(TEMPL) generate

fuzz: ## every fuzz target, FUZZTIME (1m) each
	@for p in $$(go list ./...); do \
		for f in $$(go test -list '^Fuzz' $$p 2>/dev/null | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run='^$$' -fuzz="^$$f\$$" -fuzztime=$(FUZZTIME) $$p; \
		done; \
	done

kill: assets ## the long run: kill -9 the server KILLS (500) times while people work, then count
	CLOUDBM_KILLS=$(KILLS) go run ./store/storetest/cluster -- go test -count=1 -v -timeout 3h ./story/kill

clean: ## remove what was built; your data in ./data stays
	rm -rf build shots web/assets/node_modules
	find web/static/dist -type f -not -name README -delete
	rm -f pdf/fonts/*.ttf pdf/fonts/LICENSE_FONT

# ── what the above need ──

packages: ## install what the tests and the full demonstration need (Debian packages)
	@tools/packages.sh $(DEBIAN)

build/cloudbm: FORCE
	go build -o $@ ./cmd/cloudbm
FORCE:

SOURCES := $(wildcard web/assets/*.js web/assets/*.css web/assets/lib/*.js) tools/assets/main.go \
           $(filter-out %_test.go,$(wildcard say/*.go cms/*.go proof/*.go)) proof/bundle.txt cmd/verifywasm/main.go
MODULES := web/assets/node_modules/.package-lock.json
FONT    := pdf/fonts/NotoSansTC_400Regular.ttf

assets: web/static/dist/manifest.json $(FONT)

web/static/dist/manifest.json: $(MODULES) $(SOURCES)
	go run -C tools/assets .
$(FONT): | web/static/dist/manifest.json
	go run -C tools/assets .

$(MODULES): web/assets/package.json web/assets/package-lock.json
	@tools/packages.sh nodejs npm
	npm ci --prefix web/assets --ignore-scripts --no-audit --no-fund
	@touch $@
