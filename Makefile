# `make run` on a fresh machine is all it takes. Each target's comment is its line in `make help`.
.DEFAULT_GOAL := help
.PHONY: help run serve test browser screenshots fuzz bench forms check format docs migration lock clean runtime tools

PORT ?= 8000
EXAMPLES ?= 500
BIN := .venv/bin
UV_LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
export PYTHONUTF8 := 1
export m

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: runtime ## 示范 start the demo township on 127.0.0.1 (PORT=9000 for another port)
	@exec $(BIN)/tiaojie demo --port $(PORT)

serve: runtime ## 运行 serve the register at TIAOJIE_DATABASE_URL
	@exec $(BIN)/tiaojie serve

test: tools ## 测试 the whole suite, on SQLite and PostgreSQL (ARGS="-k words" for a part)
	@exec $(BIN)/pytest -n logical --maxprocesses 8 $(ARGS)

browser: tools ## 浏览器测试 the dashboard in Chromium before the demo (installs Chromium where it can)
	@CHROMIUM=$$(scripts/chromium.sh) && export CHROMIUM && exec $(BIN)/pytest tests/browser/dashboard.py $(ARGS)

screenshots: tools ## 看板图样 pictures of the dashboard at three widths in docs/img
	@CHROMIUM=$$(scripts/chromium.sh) && export CHROMIUM && exec $(BIN)/python -m tests.browser.pictures docs/img

fuzz: tools ## 乱测 made-up requests of every operation, anew each time, for as long as EXAMPLES=500 of each take
	@FUZZ_EXAMPLES=$(EXAMPLES) exec $(BIN)/pytest -n 2 --timeout 0 -rP tests/test_fuzz.py tests/test_fuzz_document.py $(ARGS)

bench: tools .venv-bench/installed ## 测速 the service beside a bare endpoint and Django (ARGS="--cases 20000 --rounds 2")
	@exec $(BIN)/python -m benchmarks $(ARGS)

.venv-bench/installed: requirements-bench.txt
	rm -rf .venv-bench && $(BIN)/python -m venv .venv-bench
	PIP_ONLY_BINARY=:all: .venv-bench/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r $<
	touch $@

check: tools ## 检查 layout, lint, types, import contracts, generated documents
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tiaojie docs --check

format: tools ## 排版 lay out the code and mend what can be mended by itself
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format

forms: tools ## 文书图样 pictures of the official forms in docs/img (needs LibreOffice)
	$(BIN)/python -m tests.form_images docs/img

docs: runtime ## 文档 write the generated documents anew
	$(BIN)/tiaojie docs

migration: tools ## 迁移 write a migration from the models (m="what it does")
	@test -n "$$m" || { echo '请写明内容 say what it does: make migration m="..."' >&2; exit 2; }
	$(BIN)/python -m tests.postgres sh -c '$(BIN)/alembic upgrade head && $(BIN)/alembic revision --autogenerate -m "$$m"'
	@$(BIN)/ruff check --fix --exit-zero --quiet migrations && $(BIN)/ruff format --quiet migrations

lock: tools ## 锁定 resolve the dependencies of pyproject.toml again (ARGS=--upgrade for newer ones)
	$(UV_LOCK) pyproject.toml --extra forms --group build $(ARGS) -o requirements.txt
	$(UV_LOCK) pyproject.toml --all-extras --group build --group dev $(ARGS) -c requirements.txt -o requirements-dev.txt
	$(UV_LOCK) --group bench $(ARGS) -c requirements.txt -o requirements-bench.txt

clean: ## 清理 remove the environment and caches; the registers in var/ stay
	rm -rf .venv .venv-bench .*_cache .coverage* .hypothesis
	find app tests migrations benchmarks -name __pycache__ -prune -exec rm -rf {} +

runtime:
	@scripts/environment.sh runtime

tools:
	@scripts/environment.sh dev
