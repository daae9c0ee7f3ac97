#!/bin/sh
# What booting a fleet on this machine needs beside Node. As root it installs what is missing; otherwise it says so.
set -eu
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need mmdebstrap mmdebstrap
need systemd-nspawn systemd-container
need ip iproute2
need dpkg-scanpackages dpkg-dev
need ssh openssh-client
need nsenter util-linux
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing for the lab:$missing" >&2
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "the lab needs these packages:$missing" >&2
  exit 1
fi
