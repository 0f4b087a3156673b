# Sourced by tests/run and examples/run: packages, the virtual environment, messages.
# SPDX-License-Identifier: MIT

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build="$root/build"
venv="$build/venv"
mkdir -p "$build"

say() { printf '\n== %s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# need_packages PROBE PACKAGE... : packages that are needed where the command PROBE fails.
missing_packages=()
need_packages() {
  local probe=$1
  shift
  sh -c "$probe" >/dev/null 2>&1 || missing_packages+=("$@")
}

# Installs what need_packages collected: as root on a Debian, else it says what to install.
install_packages() {
  [ ${#missing_packages[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    die "These packages are missing; install them and try again: ${missing_packages[*]}"
  fi
  say "Installing ${missing_packages[*]}"
  {
    apt-get update -q &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        "${missing_packages[@]}"
  } >"$build/apt.log" 2>&1 || {
    tail -n 20 "$build/apt.log" >&2
    die "Installing packages failed; the whole log is $build/apt.log"
  }
  missing_packages=()
}

need_python() {
  need_packages "python3 -c 'import venv, ensurepip'" python3 python3-venv
  need_packages 'test -f "$(python3 -c "import sysconfig; print(sysconfig.get_paths()[\"include\"])")/Python.h"' \
    python3-dev
  need_packages "c++ --version" g++
}

# quietly LOG COMMAND... : runs the command, shows its output only if it fails.
quietly() {
  local log="$build/$1.log"
  shift
  "$@" >"$log" 2>&1 || {
    tail -n 60 "$log" >&2
    die "Failed: $*; the whole log is $log"
  }
}

# The virtual environment with the package of this tree, and what else is named.
make_venv() {
  [ -x "$venv/bin/python" ] || quietly venv python3 -m venv "$venv"
  quietly pip "$venv/bin/python" -m pip install --disable-pip-version-check -q "$@"
}
