# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# hostile.sh redir|usbip ENUMERATIONS BURSTS TRANSFERS [SEED] - a device that fuzzes: descriptors, answers to
# control transfers, transfers, and when it goes. After each burst, and each few devices, a good one works at once.
# shellcheck disable=SC1091
. ./lib.sh

# transfers in a piece of a burst, and packets to the device meanwhile
PIECE=500 FLOOD=1000000
# enumerations between two good devices
GOOD_EACH=5
enumerations=$2 bursts=$3 transfers=$4 seed=${5:-283}

# links: in $links; a thousand processes take longer than a thousand devices
links() {
	links=
	for l in /sys/class/net/mctpusb*; do [ ! -e "$l" ] || links="$links ${l##*/}"; done
}

all_gone() {
	links
	set -- /sys/bus/usb/devices/[0-9]-[1-9]*
	[ -z "$links" ] && [ ! -e "$1" ]
}

# the hub, which looks after its ports now and then, may not yet have seen a device that is gone already
unplugged() {
	emu disconnect > /dev/null
	emu wait 200
	until_true 20 all_gone || { echo "a link stays: $links"; ls /sys/bus/usb/devices; return 1; }
}

# what the endpoint counts
counted() {
	emu stats | sed -n "s/^$1=//p"
}

# poke DEV SEED: what a user does with a new link, whatever comes of it
poke() {
	ip link set "$1" up mtu $((68 + $2 * 61 % 184))
	mctp-packet "$1" send 010908C8'(5A*8)' 010908C8'(5A*60)' 010908C8'(5A*247)'
	[ $(($2 % 4)) = 0 ] || return
	ethtool -S "$1" > /dev/null
	ethtool -G "$1" rx 8 tx 8
}

# enumerate SEED: a device of those descriptors, gone after a while
enumerate() {
	unplugged || return 1
	emu fuzz descriptors "$1"
	case $(($1 % 8)) in
	0) emu fuzz control unplug $(($1 / 8 % 20 + 1)) ;;
	2) emu fuzz control stall $(($1 / 8 % 20 + 1)) ;;
	4) emu fuzz control short $(($1 / 8 % 20 + 1)) ;;
	6) emu fuzz control noise $(($1 / 8 % 20 + 1)) ;;
	7) emu fuzz control silent $(($1 / 8 % 20 + 1)) ;;
	esac
	emu connect || return 1
	emu wait-configured 2000
	emu wait $((($1 * 7919) % 200))
	links
	for dev in $links; do
		found=$((found + 1))
		poke "$dev" "$1" > /dev/null 2>&1
	done
	emu fuzz transfers "$1" 20 $((($1 * 31) % 100))
	unplugged
}

plug_in() {
	emu connect > /dev/null || return 1
	until_true 20 present || { echo "no link"; return 1; }
	# the link's own reassembly and sockets get what is sent, where the kernel has a core
	mctp-link addr add 8 dev mctpusb0 2> /dev/null
	link_up
}

# good_device SPEC: plug one in, use it
good_device() {
	unplugged || return 1
	emu fuzz control fine > /dev/null
	emu spec "$1" > /dev/null
	emu speed high > /dev/null
	emu descriptor default interfaces=1 > /dev/null
	plug_in || return 1
	# The USB core may be at the one before still, get its answers from this one, and throw it out when it
	# finds that out.
	emu wait 200
	present || { unplugged && plug_in; }
}

stay_open() {
	while :; do timeout 60 mctp-packet "$1" recv 1000000 60; done > /dev/null 2>&1
}

# flood SECONDS COUNT: packets to the device, into what listens; until stop_flood
flood() {
	mctp-packet mctpusb0 flood "$1" 68 "$2" > /dev/null 2>&1 &
	out=$!
}

stop_flood() {
	[ -n "$out" ] || return 0
	kill "$out" 2> /dev/null
	wait "$out" 2> /dev/null
	out=
}

# shower SEED: in pieces, as the endpoint waits no longer than 25 s for one to be taken. The driver may
# have reset the device, which ends a piece.
shower() {
	left=$transfers piece=0
	while [ "$left" -gt 0 ]; do
		[ "$left" -lt "$PIECE" ] && n=$left || n=$PIECE
		emu fuzz transfers $(($1 * 1000 + piece)) "$n" > /tmp/burst
		! grep -E 'left|no answer' /tmp/burst || return 1
		left=$((left - n)) piece=$((piece + 1))
	done
}

# A burst while packets go out; then all works at once
burst() {
	before=$(counted in_transfers)
	flood 60 "$FLOOD"
	shower "$1" && good=y || good=
	stop_flood
	[ -n "$good" ] || return 1
	total=$((total + $(counted in_transfers) - before))
	until_true 20 has_attr carrier 1 || return 1
	both_ways
}

# the same, with something happening in the middle
broken_burst() {
	flood 10 "$FLOOD"
	emu fuzz transfers "$1" 2000 $((($1 * 131) % 400)) > /dev/null
	case $(($1 % 5)) in
	0) emu silent on; sleep 0.3; emu silent off ;;
	1) emu stall in; emu stall out ;;
	2) ip link set mctpusb0 down ;;
	3) usb-reset "$(usb_device)" ;;
	4) ;;
	esac > /dev/null
	unplugged || return 1
	stop_flood
	good_device "$2" && both_ways
}

spec_of() { [ $(($1 % 2)) = 0 ] && echo 1.0 || echo 1.1; }

# where waiting costs nothing
[ "$1" != usbip ] || { PIECE=2500 FLOOD=20000 GOOD_EACH=20; }
start_endpoint "$1"
modprobe mctp-usb
# a device that does not answer is given up sooner
echo 1000 > /sys/module/usbcore/parameters/initial_descriptor_timeout
total=0 out='' found=0

check "a good device works" good_device 1.0 || finish
i=$seed
while [ "$i" -lt $((seed + bursts)) ]; do
	check "burst $i: a good device of $(spec_of "$i")" good_device "$(spec_of "$i")" || break
	check "burst $i of $(spec_of "$i"): packets both ways" burst "$i"
	check "burst $i broken off, the next device works" broken_burst "$i" "$(spec_of "$i")" || break
	i=$((i + 1))
done
echo "# $total IN transfers in whole bursts"
[ "$bursts" = 0 ] || check "the bursts came" [ "$total" -ge $((bursts * transfers / 2)) ]
i=$seed
while [ "$i" -lt $((seed + enumerations)) ]; do
	check "descriptors $i" enumerate "$i"
	[ $((i % GOOD_EACH)) != 0 ] || { check "after descriptors $i a good device works" good_device "$(spec_of $((i / GOOD_EACH)))" &&
		check "packets both ways" both_ways; } || break
	i=$((i + 1))
done
echo "# $found links in $enumerations enumerations"
check "a good device works" good_device 1.1
check "packets both ways" both_ways
emu stats | grep -E '^(connects|configurations|usb_control|in_|out_transfers|resets)' | sed 's/^/# /'
unplugged
check "module unloads" rmmod mctp_usb
finish
