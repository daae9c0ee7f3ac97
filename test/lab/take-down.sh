#!/bin/sh
# Takes down the lab of one run folder: hosts, mounts, cgroups, bridge, files. Called when a test is done, by the reaper
# that outlives a killed one, by the sweep of the next, and by `npm run lab -- down`; whoever comes second waits.
set -u
folder=$1
[ -f "$folder/owner" ] || exit 0
exec 9>>"$folder.lock"
flock 9
trap 'rm -f "$folder.lock"' EXIT
[ -f "$folder/owner" ] || exit 0

# A pid alone is not enough: it may have been given to another program since.
alive() { [ -n "$2" ] && [ "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20)" = "$2" ]; }
each_host() { for host in "$folder"/hosts/*/; do [ -f "$host/pid" ] && read -r pid started <"$host/pid" && "$@"; done; }
end() { ! alive "$pid" "$started" || kill "-$1" "$pid" 2>/dev/null; }
count() { ! alive "$pid" "$started" || left=$((left + 1)); }

# In the order in which systemd itself would have it; ten seconds are plenty for hosts that nobody will miss.
each_host end TERM
tries=0
while left=0 && each_host count; [ "$left" -gt 0 ] && [ "$tries" -lt 100 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
each_host end KILL
if [ -f "$folder/cgroups" ]; then
  while read -r cgroup; do
    [ -d "$cgroup" ] || continue
    find "$cgroup" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do kill -KILL "$pid" 2>/dev/null; done
    tries=0
    until find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || [ "$tries" -ge 50 ]; do
      sleep 0.1
      tries=$((tries + 1))
    done
    rmdir "${cgroup%/*}" 2>/dev/null || true
  done <"$folder/cgroups"
fi
mounts() { cut -d' ' -f2 /proc/self/mounts | grep -F "$folder/" | sort -r; }
mounts | while read -r mount; do umount "$mount" 2>/dev/null || umount -l "$mount"; done
bridge=$(cat "$folder/bridge" 2>/dev/null)
[ -z "$bridge" ] || ! ip link show "$bridge" >/dev/null 2>&1 || ip link delete "$bridge"
# Never delete through a mount that would not go.
if [ -n "$(mounts)" ]; then
  echo "still mounted: $(mounts)" >&2
  exit 1
fi
rm -rf --one-file-system "$folder"
