# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# guest.sh core|usb [EVERY [OPERATION]] - allocations of each operation fail, one at a time
# shellcheck disable=SC1091
. ./lib.sh

if [ "$1" = core ]; then
	modprobe tun
	modprobe mctp 2> /dev/null
	ip link set lo up
else
	start_endpoint redir
	modprobe mctp-usb
	until_true 20 present || { echo "not ok 1 - no link"; exit 1; }
	exec 8>&- 9<&-
fi
mctp-fail "$@"
status=$?
# what the console was not shown
dmesg -n 5
exit $status
