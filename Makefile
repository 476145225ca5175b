# Penumbra. Needs git, make and Python 3.11, 3.12 or 3.13; everything else goes into .venv.

PORT ?= 8501
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_CUSTOM_COMPILE_COMMAND := make lock
# Streamlit runs each visitor in a thread, and glibc and Arrow keep memory for each: 15 MB less.
export MALLOC_ARENA_MAX := 2
# What arrays above 1 MB leave behind goes back to the system: 16 MB less after every page. Below
# that 6 MB may stay: fetched anew for each block of items, they take as long as what is computed.
export MALLOC_MMAP_THRESHOLD_ := 1048576
export MALLOC_TRIM_THRESHOLD_ := 6291456
export ARROW_DEFAULT_MEMORY_POOL := system
# OpenBLAS's threads wait by spinning: beside other work they cost fifteen times what they compute.
export OPENBLAS_NUM_THREADS := 1

.PHONY: help run test test-hard fuzz image test-image lint types audit sbom lock api bench screenshots film chromium postgresql clean

help:
	@echo "make run          the dashboard at http://localhost:$(PORT) (another port: make run PORT=9000)"
	@echo "make test         everything that is tested, in a real browser too"
	@echo "make test-hard    the same on one busy core, with the arithmetic of other processors (an hour or more)"
	@echo "make fuzz         a million damaged files, links and addresses (INPUTS=, SECONDS= per target, TARGETS=)"
	@echo "make image        the container's image, by Docker, Podman or Buildah (BASE=, BUILD_BASE=, IMAGE=, ENGINE=)"
	@echo "make test-image   starts that image and reviews a label in it, in a real browser"
	@echo "make lint types   ruff; mypy"
	@echo "make audit        known vulnerabilities of what is locked, as far as the index can be asked"
	@echo "make sbom         every package that runs, as build/penumbra.cdx.json"
	@echo "make bench        speed and memory, as ratios"
	@echo "make screenshots  the README's pictures, from the real pages; make film: its film"
	@echo "make api          docs/api.md, from the docstrings of penumbra/"
	@echo "make lock         the requirements, anew from pyproject.toml (needs uv; UPGRADE=--upgrade for newer ones)"
	@echo "make clean        remove .venv and what tools left behind"

run: .venv/serve.stamp
	$(PY) -m streamlit run app.py --server.port $(PORT)

# The tests of one file stay in one process, and so do all that import TensorFlow. What takes
# longest comes first (tests/conftest.py), so that neither process waits for the other at the end.
test: .venv/dev.stamp chromium postgresql
	$(PY) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder --durations 10

# One core beside a busy loop, and sums that round as on older processors: NumPy, OpenBLAS and
# oneDNN without AVX, LiteRT without XNNPACK. What a test may rely on holds here too.
test-hard: .venv/dev.stamp chromium postgresql
	@one=$$(command -v taskset >/dev/null && echo taskset -c 0); \
	$$one $(PY) -c 'while True: pass' & busy=$$!; trap "kill $$busy" EXIT; trap "exit 1" INT TERM; \
	NPY_DISABLE_CPU_FEATURES="$$($(PY) -c 'from numpy._core._multiarray_umath import __cpu_dispatch__ as names; print(*names)')" \
	OPENBLAS_CORETYPE=Nehalem ONEDNN_MAX_CPU_ISA=SSE41 TF_ENABLE_ONEDNN_OPTS=0 PENUMBRA_PLAIN_KERNELS=1 \
	$$one $(PY) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder --durations 10 $(TESTS)

# Each input in a watched worker; what fails is in /tmp/penumbra-fuzz, and the next run goes on there.
INPUTS ?= 1000000
fuzz: .venv/fuzz.stamp
	$(PY) -m tests.fuzz $(TARGETS) --inputs $(INPUTS) $(if $(SECONDS),--seconds $(SECONDS))

# Buildah needs no daemon: STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot make image.
IMAGE ?= penumbra
ENGINE ?= $(shell for each in docker podman; do $$each info >/dev/null 2>&1 && echo $$each && exit; done; \
	command -v buildah >/dev/null && echo buildah)
image:
	@test -n "$(ENGINE)" || { echo "make image needs Docker, Podman or Buildah." >&2; exit 1; }
	$(ENGINE) build $(if $(filter docker,$(ENGINE)),,--format docker) $(if $(BASE),--build-arg BASE=$(BASE)) \
	  $(if $(BUILD_BASE),--build-arg BUILD_BASE=$(BUILD_BASE)) $(IMAGE_OPTIONS) --tag $(IMAGE) .

test-image: .venv/dev.stamp chromium
	@if [ -z "$(ENGINE)" ]; then echo "test-image is skipped: there is no Docker, Podman or Buildah here."; \
	else $(MAKE) image && PENUMBRA_ENGINE=$(ENGINE) PENUMBRA_IMAGE=$(IMAGE) $(PY) -m pytest tests/image; fi

lint: .venv/dev.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: .venv/dev.stamp
	$(PY) -m mypy core examples ui pages models commands penumbra app.py navigation.py cli.py

audit: .venv/dev.stamp
	$(PY) -m bench.audit

sbom: .venv/dev.stamp
	$(PY) -m bench.sbom

bench: .venv/dev.stamp chromium
	$(PY) -m bench
	$(PY) -m bench.million --browser
	$(PY) -m bench.visitors
	$(PY) -m bench.any_study

screenshots: .venv/dev.stamp chromium
	$(PY) -m bench.screenshots

film: .venv/dev.stamp chromium
	$(PY) -m bench.film

api: .venv/dev.stamp
	$(PY) -m bench.api

lock:
	uv pip compile -q $(UPGRADE) --generate-hashes --universal --python-version 3.11 --no-annotate --all-extras --group test pyproject.toml -o requirements-dev.txt
	uv pip compile -q $(UPGRADE) --generate-hashes --universal --python-version 3.11 --no-annotate -c requirements-dev.txt --group pyproject.toml:fuzz -o requirements-fuzz.txt
	uv pip compile -q $(UPGRADE) --generate-hashes --universal --python-version 3.11 --no-annotate -c requirements-dev.txt --extra train pyproject.toml -o requirements.txt
	uv pip compile -q $(UPGRADE) --generate-hashes --universal --python-version 3.11 --no-annotate -c requirements-dev.txt pyproject.toml -o requirements-serve.txt

clean:
	rm -rf .venv .venv.incomplete .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An installation that was cut short leaves .venv.incomplete behind, and the next one starts anew:
# pip takes a package for installed as soon as its metadata is there.
define install
	@if [ -e .venv.incomplete ] || ! $(PY) -m pip --version >/dev/null 2>&1; then \
	  $(find_python) && touch .venv.incomplete && echo "Making .venv with $$found" && \
	  "$$found" -m venv --clear .venv; fi
	@touch .venv.incomplete
	$(PY) -m pip install --requirement $<
	@touch $@ && rm -f .venv.incomplete
endef

.venv/serve.stamp: requirements-serve.txt
	$(install)

.venv/dev.stamp: requirements-dev.txt
	$(install)
	@touch .venv/serve.stamp

.venv/fuzz.stamp: requirements-fuzz.txt .venv/dev.stamp
	$(PY) -m pip install --requirement $<
	@touch $@

# On the PATH is not enough: a version manager may have a name there that runs nothing.
define find_python
found=; for name in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
  if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
    if "$$name" -c 'import ensurepip, venv' 2>/dev/null; then found=$$name; break; fi; \
    bare=$$name; fi; done; \
if [ -z "$$found" ] && [ -n "$$bare" ]; then \
  echo "$$bare has no venv module. Debian and Ubuntu: apt-get install $$bare-venv" >&2; exit 1; fi; \
if [ -z "$$found" ]; then \
  echo "Penumbra needs Python 3.11, 3.12 or 3.13, and none is on the PATH. Name one with: make run PYTHON=/path/to/python3.13" >&2; exit 1; fi
endef

# One of $CHROMIUM, the PATH's and Playwright's own; else Playwright's download, else the system's package.
chromium: .venv/dev.stamp
	@$(PY) -m bench.browser >/dev/null 2>&1 \
	|| { echo "No Chromium found: downloading one." && PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=15000 $(PY) -m playwright install chromium && $(PY) -m bench.browser >/dev/null; } \
	|| { $(call apt,chromium) && $(PY) -m bench.browser >/dev/null; } \
	|| { echo "The tests need a Chromium: install one, or name it with CHROMIUM=/path/to/chromium" >&2; exit 1; }

# Without it the tests on PostgreSQL are skipped, and say so.
postgresql:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || $(call apt,postgresql) \
	|| echo "PostgreSQL is not installed: what needs it is skipped." >&2

define apt
{ command -v apt-get >/dev/null && \
  if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi && \
  echo "Installing the package $(1)." && $$sudo apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends $(1) >/dev/null; }
endef
