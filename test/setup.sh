#!/bin/sh
# What the tests need beside Node: shells to conform to, tools to look with, a browser. It says what is missing and which
# tests that concerns; with MLPLAY_INSTALL=1, as root on Debian, it installs it.
set -eu
missing=
told=
lack() { missing="$missing $1"; told="$told
  $1: $2"; }
need() { command -v "$1" >/dev/null 2>&1 || lack "$2" "$3"; }
need busybox busybox 'shells and task types on busybox'
need dash dash 'shells and task types on dash'
need bash bash 'shells and task types on bash'
need curl curl 'http-check'
need pgrep procps 'what a cancelled run leaves behind'
need openssl openssl 'passwords and certificates'
need ip iproute2 'port-check and facts'
python3 -c 'import ensurepip' 2>/dev/null || lack python3-venv 'the comparison with Ansible and Jinja2'
if [ "${MLPLAY_E2E:-}" = 1 ]; then
  need chromium chromium 'the role in a browser'
  need podman podman 'connections to containers'
  need runc runc 'connections to containers'
fi
# Only root can start an sshd with accounts of its own.
if [ "$(id -u)" = 0 ]; then
  need sshd openssh-server 'all of test/shell/ssh'
  need ssh openssh-client 'all of test/shell/ssh'
  need sudo sudo 'become'
  need doas opendoas 'become by doas'
  need fish fish 'accounts with other login shells'
  need tcsh tcsh 'accounts with other login shells'
fi
if [ -z "$missing" ]; then
  :
elif [ "${MLPLAY_INSTALL:-}" = 1 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
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
  echo "these packages are missing, and the tests of what stands behind them will fail:$told" >&2
  echo "MLPLAY_INSTALL=1 npm test, as root on Debian, installs them" >&2
fi
if [ "${MLPLAY_E2E:-}" = 1 ] && [ "${MLPLAY_LONG:-}" = 1 ]; then
  # Minutes of compiling, for tests that run on request only.
  sh "$(dirname "$0")/e2e/programs.sh" pebble oauth2-proxy versitygw
fi
