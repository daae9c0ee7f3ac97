#!/bin/sh
# What the tests need beside Node: shells to conform to, tools to look with, a browser. As root it installs what is
# missing; otherwise it says so, and the tests that need it tell.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need busybox busybox
need dash dash
need bash bash
need curl curl
need pgrep procps
need openssl openssl
need ip iproute2
python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
if [ "${MLPLAY_E2E:-}" = 1 ]; then
  need chromium chromium
  need podman podman
  need runc runc
fi
# Only root can start an sshd with accounts of its own.
if [ "$(id -u)" = 0 ]; then
  need sshd openssh-server
  need ssh openssh-client
  need sudo sudo
  need doas opendoas
  need fish fish
  need tcsh tcsh
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing for the tests:$missing"
  # The tests start daemons of their own: what comes with a package stays down.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    trap 'rm -f $policy' EXIT
  fi
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  case "$missing" in *openssh-server*) [ ! -d /run/systemd/system ] || systemctl disable -q ssh ;; esac
else
  echo "the tests need these packages:$missing" >&2
  exit 1
fi
