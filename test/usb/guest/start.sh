#!/bin/bash
# What runs in the virtual machine: drivers, udevd with our own rules, then the cases. Ends by switching it off.
exec </dev/ttyS0 >/dev/ttyS0 2>&1
trap '/bin/busybox poweroff -f' EXIT
word() { sed -n "s/.*$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run TMPDIR=/run
export NODE_COMPILE_CACHE=$(word compiled)
cd "$(word repository)" || exit 1
ip link set lo up
modprobe -d "$(word modules)" -a xhci_pci vhci-hcd usbhid hid_generic evdev cdc-acm ftdi_sio usblp virtio_net
ip addr add 10.0.2.15/24 dev eth0 && ip link set eth0 up
# A user as on a gateway, who has only the rights that our rules give.
grep -q ^holdfast: /etc/group || echo holdfast:x:970: >>/etc/group
grep -q ^holdfast: /etc/passwd || echo holdfast:x:970:970::/run:/bin/false >>/etc/passwd
mkdir -p /etc/udev/rules.d
cp systemd/70-holdfast-readers.rules /etc/udev/rules.d/
/lib/systemd/systemd-udevd --daemon
stty -F /dev/ttyS1 raw -echo
node_modules/.bin/node --no-warnings test/usb/guest/main.ts "$(word only)" </dev/ttyS1 >/dev/ttyS1
