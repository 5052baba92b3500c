# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# faults.sh redir|gadget - whatever a device or a user does, the link comes back; on any kernel
# shellcheck disable=SC1091
. ./lib.sh

front=$1

# --- failing transfers -----------------------------------------------------
play() { emu play "$@"; }

# fails_for_long: the IN pipe fails at every attempt until the driver resets the device
fails_for_long() {
	emu play "$1*1000" > /tmp/played
	grep -q 'reset the device' /tmp/played || { cat /tmp/played; return 1; }
}

carrier_lost() {
	before=$1
	until_true 20 has_attr carrier 1 && [ "$(attr carrier_down_count)" -gt "$before" ]
}

in_status() {
	name=$1 xfer=$2 which=$3
	# xHCI tries some errors again itself, a varying number of times
	check "$name: counted as ${which}" grown "rx_$which" play "$xfer"
	check "$name: link works" both_ways
}

in_halt_with_traffic() {
	emu flood on > /dev/null
	n=0
	while [ "$n" -lt 5 ]; do
		emu stall in > /dev/null || return 1
		before=$(counter rx_packets)
		until_true 5 at_least rx_packets $((before + 100)) || return 1
		n=$((n + 1))
	done
	emu flood off > /dev/null
	at_least rx_halts 5
}

# packets SEQ..: one to the endpoint for each, marked with it
packets() {
	for seq in "$@"; do
		mctp-packet mctpusb0 send "010908C85A0200$seq" || return 1
	done
}

sent_all() {
	for seq in "$@"; do
		until_true 5 sent_over "010908C85A0200$seq" || { echo "packet $seq is missing"; emu got; return 1; }
	done
}

# One packet meets the halt, those behind it wait and are sent
out_halt() {
	emu got on > /dev/null
	emu got clear > /dev/null
	lost=$(counter tx_lost_packets)
	emu stall out || return 1
	packets 01 02 03 04 05 06 07 08 || return 1
	until_true 5 sent_over 010908C85A020008 || { emu got; return 1; }
	[ $(($(counter tx_lost_packets) - lost)) -le 1 ] || return 1
	sent_all 05 06 07 08
}

# Each packet fails, and its sender takes his time for the next one
out_fails_for_long() {
	requests=$(counter reset_requests)
	for seq in 31 32 33 34 35 36 37 38; do
		until_true 10 has_attr carrier 1 || return 1
		emu stall out || return 1
		packets "$seq"
		sleep 0.4
	done
	until_true 10 at_least reset_requests $((requests + 1))
}

# --- a peer that takes nothing ---------------------------------------------
silence() {
	emu got on > /dev/null
	emu got clear > /dev/null
	emu silent out || return 1
	packets 11 12 13 14
	until_true 16 at_least tx_stalls 1 || return 1
	has_attr carrier 1 || return 1
	emu silent off
	sent_all 11 12 13 14
}

# more than the rings and the queue hold: senders get errors, nothing breaks
silence_with_flood() {
	emu silent on || return 1
	timeout 5 mctp-packet mctpusb0 flood 3 68 > /dev/null 2>&1
	emu silent off
	both_ways
}

down_with_work_pending() {
	emu silent on || return 1
	packets 21 22 23
	ip link set mctpusb0 down || return 1
	emu silent off
	link_up && both_ways
}

# --- resets ----------------------------------------------------------------
user_reset() {
	down=$(attr carrier_down_count) index=$(attr ifindex)
	moved resets 1 usb-reset "$(usb_device)" || return 1
	carrier_lost "$down" && has_attr ifindex "$index"
}

# what a daemon sees
carrier_told() {
	/usr/bin/ip monitor link dev mctpusb0 > /tmp/monitor &
	monitor=$!
	sleep 0.5
	usb-reset "$(usb_device)"
	until_true 10 has_attr carrier 1
	sleep 0.5
	kill "$monitor"
	grep -q NO-CARRIER /tmp/monitor || { cat /tmp/monitor; return 1; }
}

reset_in_traffic() {
	emu flood on > /dev/null
	mctp-packet mctpusb0 flood 4 68 > /dev/null 2>&1 &
	flood=$!
	n=0
	while [ "$n" -lt 5 ]; do
		usb-reset "$(usb_device)" || return 1
		until_true 10 has_attr carrier 1 || return 1
		emu flood on > /dev/null
		n=$((n + 1))
	done
	wait "$flood"
	emu flood off > /dev/null
	both_ways
}

# --- going away ------------------------------------------------------------
replug() {
	emu disconnect > /dev/null && until_true 10 absent && emu connect > /dev/null && link_up
}

rebind() {
	intf=$(usb_interface)
	echo "$intf" > /sys/bus/usb/drivers/mctp-usb/unbind
	absent || return 1
	echo "$intf" > /sys/bus/usb/drivers/mctp-usb/bind
	link_up && both_ways
}

remove_module() {
	emu flood on > /dev/null
	mctp-packet mctpusb0 flood 2 68 > /dev/null 2>&1 &
	flood=$!
	sleep 0.5
	rmmod mctp_usb || return 1
	wait "$flood"
	emu flood off > /dev/null
	link_up && both_ways
}

# --- other devices ---------------------------------------------------------
# device KEY=VALUE..: the same endpoint with these descriptors
device() {
	emu disconnect > /dev/null
	until_true 10 absent || return 1
	emu descriptor default "$@" > /dev/null && emu connect > /dev/null
}

refused() {
	lines=$(said 'not an MCTP interface')
	device "$@" || return 1
	until_true 10 more_said "$lines" || { dmesg | tail -n 5; return 1; }
	sleep 0.2
	[ "$(said 'not an MCTP interface')" = $((lines + 1)) ] && absent
}

more_said() {
	[ "$(said 'not an MCTP interface')" -gt "$1" ]
}

not_ours() {
	device "$@" || return 1
	sleep 1
	absent
}

at_speed() {
	emu disconnect > /dev/null
	until_true 10 absent || return 1
	emu descriptor default > /dev/null
	emu spec "$2" > /dev/null
	emu speed "$1" > /dev/null && emu connect > /dev/null && link_up &&
		cat "/sys/bus/usb/devices/$(usb_device)/speed" && both_ways
}

# a frame that is a multiple of the packet size at full speed, alone and in company
full_speed_sizes() {
	ip link set mctpusb0 mtu 251 || return 1
	emu got clear > /dev/null
	for len in 56 60 61 120 124 188 251; do
		mctp-packet mctpusb0 send "010908C8(5A*$((len - 4)))" || return 1
		until_true 5 sent_over "$(printf 1AB400%02X010908C8 $((len + 4)))" || return 1
		received mctpusb0 "010809C0(A5*$((len - 4)))" || return 1
		[ "$(tr -d '\n' < /tmp/received | wc -c)" = $((2 * len)) ] || { cat /tmp/received; return 1; }
	done
}

start_endpoint "$front"
check "link comes up" link_up || finish
check "packets both ways" both_ways

in_status "IN halted" '!EPIPE' halts
if [ "$front" = redir ]; then
	in_status "IN EPROTO" '!EPROTO' retries
	in_status "IN EOVERFLOW" '!EOVERFLOW' retries
fi
check "IN halted again and again in traffic" in_halt_with_traffic
check "packets both ways" both_ways
check "OUT halted: one packet lost, the others wait" out_halt
check "packets both ways" both_ways
check "OUT fails for long, packet by packet: device is reset" out_fails_for_long
check "carrier comes back" until_true 10 has_attr carrier 1
check "packets both ways" both_ways

if [ "$front" = redir ]; then
	down=$(attr carrier_down_count)
	for xfer in '!EPIPE' '!EPROTO'; do
		check "IN fails for long ($xfer): device is reset" fails_for_long "$xfer"
		check "the driver asked for the reset" until_true 10 at_least reset_requests 1
		check "carrier went and came" carrier_lost "$down"
		check "packets both ways" both_ways
	done
fi

check "silent peer: counted, carrier stays, nothing lost" silence
check "silent peer under load" silence_with_flood
check "down with transfers pending, up" down_with_work_pending

check "reset by a user: link stays, carrier tells" user_reset
check "packets both ways" both_ways
check "reset by a user: userspace is told" carrier_told
check "resets in traffic" reset_in_traffic

check "unplug and replug" replug
check "packets both ways" both_ways
check "unbind and bind" rebind
check "module removed in traffic" remove_module

check "no bulk IN: refused in one line" refused in-type=none
check "no bulk OUT: refused in one line" refused out-type=none
check "interrupt IN: refused in one line" refused in-type=interrupt
# the gadget side of the kernel does not survive such descriptors without a warning
[ "$front" = gadget ] || check "packet size 0: refused in one line" refused in-maxp=0
check "class 0xff: not bound" not_ours class=0xff
check "host interface (subclass 1): not bound" not_ours subclass=1
check "MCTP 2.x (protocol 2): not bound" not_ours protocol=2
device && link_up
check "packets both ways" both_ways

for spec in 1.0 1.1; do
	check "full speed, $spec" at_speed full $spec
	[ $spec = 1.1 ] || check "frames of whole packets at full speed" full_speed_sizes
	check "SuperSpeed, $spec" at_speed super $spec
done
emu disconnect > /dev/null
check "link goes" until_true 10 absent
finish
