# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# guest.sh core|usb MODE [OPERATION..] - what each operation asks for fails, one request at a time
# shellcheck disable=SC1091
. ./lib.sh

insmod /guest/mctp-fail-hook.ko || exit 1
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
