#!/bin/busybox sh
# The first program of the virtual machine: the host's own / over 9p, read-only, with a layer in memory above it.
B=/bin/busybox
$B mount -t proc p /proc
$B mount -t sysfs s /sys
$B mount -t devtmpfs d /dev
for module in $($B cat /modules/order); do $B insmod "/modules/$module"; done
$B mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=512000,cache=loose host /host &&
  $B mount -t tmpfs t /over && $B mkdir /over/upper /over/work &&
  $B mount -t overlay -o lowerdir=/host,upperdir=/over/upper,workdir=/over/work o /new || $B poweroff -f
$B mount -t devtmpfs d /new/dev
$B mkdir -p /new/dev/pts
$B mount -t devpts x /new/dev/pts
$B mount -t proc p /new/proc
$B mount -t sysfs s /new/sys
$B mount -t tmpfs t /new/run
exec $B switch_root /new "$($B sed -n 's/.*guest=\([^ ]*\).*/\1/p' /proc/cmdline)"
