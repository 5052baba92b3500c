# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# power.sh redir|gadget - suspend and resume, of the system and of the device alone
# shellcheck disable=SC1091
. ./lib.sh

# system_suspend: all devices go through suspend and resume; the processor stays on
system_suspend() {
	echo 1 > /sys/module/suspend/parameters/pm_test_delay
	echo devices > /sys/power/pm_test
	echo mem > /sys/power/state
	echo none > /sys/power/pm_test
}

suspended_and_back() {
	index=$(attr ifindex)
	moved suspends 1 system_suspend || return 1
	until_true 10 has_attr carrier 1 && has_attr ifindex "$index" && has_address
}

has_address() {
	mctp-link addr show | grep -q 'mctpusb0'
}

runtime() {
	grep -q "$1" "/sys/bus/usb/devices/$device/power/runtime_status"
}

# runtime_suspend: allowed by the user, it happens to a link that is down and to no other
allow_runtime() {
	device=$(usb_device)
	echo 0 > "/sys/bus/usb/devices/$device/power/autosuspend_delay_ms"
	echo auto > "/sys/bus/usb/devices/$device/power/control"
}

awake_while_up() {
	sleep 2
	runtime active && both_ways
}

asleep_while_down() {
	ip link set mctpusb0 down && until_true 10 runtime suspended
}

wakes_when_up() {
	link_up && runtime active && both_ways
}

# the device may sleep again at once, so what wakes it must also hold it
always_wakes() {
	for n in $(seq 30); do
		asleep_while_down || return 1
		link_up || { echo "round $n"; return 1; }
	done
}

gone_meanwhile() {
	printf 'wait 500\ndisconnect\n' >&8
	system_suspend
	forget_answers
	until_true 20 absent
}

start_endpoint "$1"
check "link comes up" link_up || finish
check "address" mctp-link addr add 8 dev mctpusb0
check "packets both ways" both_ways

for n in 1 2 3; do
	check "system suspend $n: link, carrier and address are back" suspended_and_back
	check "packets both ways" both_ways
done

mctp-packet mctpusb0 flood 8 68 > /dev/null 2>&1 &
check "system suspend in traffic" suspended_and_back
wait
check "packets both ways" both_ways

check "a link that is down suspends and resumes" ip link set mctpusb0 down
system_suspend
check "and comes up" link_up
check "packets both ways" both_ways

allow_runtime
check "an open link keeps the device awake" awake_while_up
check "a closed one lets it sleep" asleep_while_down
check "up wakes it" wakes_when_up
check "and again, every time" always_wakes

check "unplugged while suspended" gone_meanwhile
emu connect > /dev/null
check "a new link" link_up
check "packets both ways" both_ways
finish
