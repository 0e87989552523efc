#!/usr/bin/env bash
# Everything that `make test` does, in the order of what fails soonest. FULL=1 runs every page in every mode.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export PYTEST_DISABLE_PLUGIN_AUTOLOAD=""
unset PYTHONDONTWRITEBYTECODE  # every process would compile the portal and rewrite the tests' assertions again

# The headless shell is the same browser without its windows, and costs two thirds of the processor time.
have_chromium() {
  for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}
install() { DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "$1" >/dev/null 2>&1; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
if ! have_chromium && may_install; then
  echo "Installing Chromium with apt-get …"
  apt-get update -qq >/dev/null
  install chromium-headless-shell || install chromium || true
fi
if ! have_chromium; then
  echo "Chromium is missing. Install it and run make test again: on Debian or Ubuntu  sudo apt-get install chromium" >&2
  exit 1
fi

# Firefox is Debian's; where it cannot be had its tests are left out, and the summary says so.
if ! command -v firefox-esr >/dev/null && ! command -v firefox >/dev/null && may_install; then
  echo "Installing Firefox with apt-get …"
  { apt-get update -qq >/dev/null 2>&1 && install firefox-esr; } || true
fi

# PostgreSQL, where its programs are installed, is started by the tests themselves in a temporary folder.
echo "== lint";      $bin/ruff check . ; $bin/ruff format --check --quiet .
echo "== types and contracts, side by side"
$bin/mypy & types=$!
trap 'kill "$types" 2>/dev/null || true' EXIT
$bin/lint-imports --no-cache
wait "$types"
trap - EXIT
began=$(date +%s)
took() { echo "$1 took $(( $(date +%s) - began )) seconds."; began=$(date +%s); }

# tests/hanging.py ends what hangs in a browser after a minute. Whatever hangs where that cannot reach is ended here.
hang=(-o faulthandler_timeout=320 -o faulthandler_exit_on_timeout=true)

echo "== unit and service tests"
$bin/pytest -m "not pages and not journey and not slow" -n 2 --dist loadfile --no-loadscope-reorder -p no:cacheprovider "${hang[@]}" "$@"
took "Unit and service tests"
# These wait for processes half of the time: three at once, the longest files first (tests/order.py).
echo "== tests that take longer: servers, databases, commands, scripts in a browser, whole stories"
$bin/pytest -m "slow and not pages and not journey" -n 3 --dist loadfile --no-loadscope-reorder -p no:cacheprovider "${hang[@]}" "$@"
took "Tests that take longer"
# What somebody waits for in a browser and what does not come in time, as on a machine with too much to do, is waited
# for once more, from the beginning, and the summary names it. What is there and wrong is never played again.
again=(--reruns 1
  --only-rerun "^AssertionError: (Locator|Page( title| URL)?) expected to (?!be hidden|be empty|have count '0')"
  --only-rerun '^TimeoutError: [^\n]*Timeout [0-9]+ms exceeded')
echo "== pages and journeys in a real browser"
$bin/pytest -m "pages or journey" -n 3 --dist loadgroup -p no:cacheprovider "${again[@]}" "${hang[@]}" "$@"
took "Pages and journeys"
