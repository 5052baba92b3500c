# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# plug.sh redir|gadget ROUNDS - unplug and replug under traffic in both directions
# shellcheck disable=SC1091
. ./lib.sh

rounds=$2
start_endpoint "$1"
modprobe mctp-usb

# flood: packets out as fast as they go; the sink and the source at the far end do the rest
traffic() {
	mctp-packet mctpusb0 flood 60 68 > /dev/null 2>&1 &
	out=$!
	emu flood on > /dev/null
}

round() {
	until_true 20 present || { echo "no link"; return 1; }
	ip link set mctpusb0 mtu "$mtu" up || return 1
	until_true 20 has_attr carrier 1 || { echo "no carrier"; return 1; }
	traffic
	# a different moment each time
	usleep $(((i * 7919) % 300000))
	case $((i % 4)) in
	0) ip link set mctpusb0 down ;;
	1) rmmod mctp_usb ;;
	2) usleep 1000 ;;
	3) intf=$(usb_interface) && echo "$intf" > /sys/bus/usb/drivers/mctp-usb/unbind ;;
	esac
	emu disconnect > /dev/null || return 1
	until_true 20 absent || { echo "link stays"; return 1; }
	wait "$out"
	modprobe mctp-usb
	emu spec "$spec" > /dev/null && emu connect > /dev/null
}

renamed() {
	ip link set mctpusb0 name other && ip link set other name mctpusb0 && both_ways
}

i=0
while [ $i -lt "$rounds" ]; do
	i=$((i + 1))
	# the round that connects chooses what the next one meets
	if [ $((i % 2)) = 0 ]; then spec=1.0 mtu=68; else spec=1.1 mtu=68; fi
	check "round $i" round || break
done
check "the last one works" link_up
check "packets both ways" both_ways
check "udev may rename it while it is up" renamed
emu disconnect
until_true 20 absent
check "module unloads" rmmod mctp_usb
finish
