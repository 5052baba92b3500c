#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
# /init of secure-boot's machine: see which modules the kernel takes, power off.
#
# ttyS0: console, ttyS1: results. /etc/boot has ENROLLED (y if the key is in MokList), KEY (the key's
# identifier), MODULES (names of those under test) and BEFORE (how many results there are already).

bb=/bin/busybox
$bb mkdir -p /proc /sys /dev /tmp
$bb mount -t proc proc /proc
$bb mount -t sysfs sysfs /sys
# most kernels have done this already
$bb mount -t devtmpfs dev /dev 2> /dev/null
$bb --install -s /bin
export PATH=/bin
# kmod's: by name this busybox takes its own, whatever PATH says
modprobe=/usr/bin/modprobe
mount -t securityfs securityfs /sys/kernel/security
$modprobe efivarfs
mount -t efivarfs efivarfs /sys/firmware/efi/efivars
stty -F /dev/ttyS1 raw -echo
exec < /dev/null > /dev/ttyS1 2>&1

# shellcheck source-path=SCRIPTDIR source=../vm/guest/lib.sh
. /guest/lib.sh
# shellcheck disable=SC1091
. /etc/boot
# shellcheck disable=SC2034 # lib.sh goes on from there
tests=$BEFORE

secure_boot_on() {
	dmesg | grep -i 'secure boot'
	cat /sys/kernel/security/lockdown
	dmesg | grep -q 'secureboot: Secure boot enabled' &&
		grep -qE '\[(integrity|confidentiality)\]' /sys/kernel/security/lockdown
}

key_known() {
	dmesg | grep 'X.509'
	dmesg | grep -q "Loaded X.509 cert .*: $KEY'"
}

# not by way of the firmware's db
key_from_mok() {
	key_known && dmesg | grep -q 'Loading X.509 certificate: UEFI:MokListRT'
}

# refused WHY COMMAND..: the module is not loaded, for that reason says the kernel
refused() {
	why=$1
	shift
	lines=$(dmesg | wc -l)
	"$@" > /tmp/refused 2>&1 && echo "it was loaded" >> /tmp/refused
	dmesg | tail -n +$((lines + 1)) >> /tmp/refused
	cat /tmp/refused
	grep -q 'Key was rejected by service' /tmp/refused && grep -qE "$why" /tmp/refused
}

# diag STATUS PATTERN: mctp-usb-diag says it
diag() {
	status=0
	/usr/bin/mctp-usb-diag > /tmp/diag || status=$?
	cat /tmp/diag
	[ $status = "$1" ] && grep -q "$2" /tmp/diag
}

none_loaded() {
	lsmod
	for m in $MODULES; do
		! lsmod | grep -q "^$m " || return 1
	done
}

all_loaded() {
	lsmod
	for m in $MODULES; do
		lsmod | grep -q "^$m " || return 1
	done
}

# O, out of tree, is what they are. E would be a signature that was not good, F force.
only_out_of_tree() {
	grep -H . /proc/sys/kernel/tainted /sys/module/*/taint
	for m in $MODULES; do
		[ "$(cat "/sys/module/$m/taint")" = O ] || return 1
	done
	# the whole kernel's E and F
	[ $(($(cat /proc/sys/kernel/tainted) & (8192 | 2))) = 0 ]
}

# the firmware has written to this port as well
printf '\ninit: begin\n'
dmesg | grep -E "Linux version|Kernel is locked down|secureboot: |X.509 cert .*$KEY" | cut -c 1-110 | sed 's/^/# /'
if [ "$ENROLLED" = y ]; then
	check "enrolled: Secure Boot is on" secure_boot_on
	check "enrolled: the kernel has the key from MokList" key_from_mok
	check "enrolled: mctp-usb-diag sees that it is" diag 0 'the key of DKMS is enrolled'
	# what is accepted below is so for its signature
	check "enrolled: a module without signature is refused" refused 'Loading of unsigned module is rejected' \
		$modprobe -d /unsigned mctp-usb &&
		sed 's/^/# /' /tmp/refused
	check "enrolled: modprobe mctp-usb" $modprobe mctp-usb
	check "enrolled: loaded are $MODULES" all_loaded
	check "enrolled: mctp-usb-diag sees that they were taken" diag 0 'and took mctp_usb'
	check "enrolled: no taint but out-of-tree" only_out_of_tree
else
	check "not enrolled: Secure Boot is on" secure_boot_on
	check_not "not enrolled: the kernel does not have the key" key_known
	check "not enrolled: mctp-usb-diag says it, and what to do" diag 1 'mokutil --import /var/lib/dkms/mok.pub'
	check "not enrolled: mctp-usb is refused for its key" refused \
		'Loading of module with unavailable key is rejected' $modprobe mctp-usb &&
		sed 's/^/# /' /tmp/refused
	check "not enrolled: nothing of it is loaded" none_loaded
fi
echo "init: end"
[ $failures = 0 ] || dmesg > /dev/ttyS0
sleep 0.2
poweroff -f
