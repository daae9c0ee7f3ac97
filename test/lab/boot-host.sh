#!/bin/sh
# One host from its layers to its own systemd, again after each reboot. Runs in a mount namespace of its own, so that its
# mounts end with it, and in cgroups of its own: two systemds in one would stop each other's services.
#   FOLDER LAYERS REPOSITORY MACHINE BRIDGE LOGIN HOME CGROUPS in the environment, nspawn's further options as arguments
set -eu
echo "$$ $(sed 's/.*) //' "/proc/$$/stat" | cut -d' ' -f20)" >"$FOLDER/pid"
for cgroup in $CGROUPS; do
  mkdir -p "$cgroup"
  echo $$ >"$cgroup/cgroup.procs"
done
# Hosts are thrown away, so nothing needs to reach the disk: dpkg syncs a lot.
mount -t overlay mlplay-lab -o "volatile,lowerdir=$LAYERS,upperdir=$FOLDER/upper,workdir=$FOLDER/work" "$FOLDER/root" ||
  mount -t overlay mlplay-lab -o "lowerdir=$LAYERS,upperdir=$FOLDER/upper,workdir=$FOLDER/work" "$FOLDER/root"
PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$FOLDER/root" /bin/sh -eu <"$FOLDER/set-up.sh"
# With --keep-unit, systemd-nspawn ends with 133 when its host wants to boot again.
code=133
while [ "$code" = 133 ]; do
  systemd-nspawn --quiet -D "$FOLDER/root" -M "$MACHINE" --register=no --keep-unit --boot \
    --network-bridge="$BRIDGE" --resolv-conf=off --bind-ro="$REPOSITORY:/repo" "$@" &
  echo "$! $(sed 's/.*) //' "/proc/$!/stat" | cut -d' ' -f20)" >"$FOLDER/pid"
  code=0
  wait "$!" || code=$?
done
exit "$code"
