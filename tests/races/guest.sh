# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# guest.sh redir|gadget ROUNDS [SEED [MS [OP..]]] - everything that may happen to a link, at once
#
# Each round lasts MS milliseconds (500), in which two, three or four of the OPs (all of them), which
# the seed chooses, happen again and again under traffic in both directions. With ROUNDS "pairs" each
# OP meets each one, itself too. After each round the link has to work: a packet each way, and a
# message of many packets echoed.
# shellcheck disable=SC1091
. ./lib.sh

front=$1 rounds=$2 seed=${3:-283} ms=${4:-500}
if [ $# -gt 4 ]; then
	shift 4
	ops=$*
elif [ "$front" = redir ]; then
	ops=$(mctp-races --list | tr '\n' ' ')
else
	# an endpoint inside of the machine sleeps with it
	ops=$(mctp-races --list | grep -v '^suspend$' | tr '\n' ' ')
fi

# linked: a link is there, in this namespace, whatever its name
linked() {
	for l in /sys/class/net/*/device/bInterfaceClass; do
		[ -e "$l" ] || continue
		now=${l#/sys/class/net/}
		now=${now%%/*}
		return 0
	done
	return 1
}

named() {
	[ "$now" = mctpusb0 ] && return
	ip link set "$now" down && ip link set "$now" name mctpusb0
}

# What a user would do who comes back: nothing may be needed but that
settle() {
	modprobe mctp-usb
	until_true 20 linked || {
		echo "no link"
		dmesg | tail -n 20
		grep . /sys/bus/usb/devices/*/bConfigurationValue
		return 1
	}
	named || return 1
	emu flood off > /dev/null
	link_up || { state "does not come up"; return 1; }
	mctp-link addr add 8 dev mctpusb0 2> /dev/null
	mctp-link route add 9 via mctpusb0 2> /dev/null
	until_true 10 mctp-ctrl mctpusb0 set-eid 9 > /dev/null
	both_ways && mctp-echo --timeout 10 9 1 500 4000
}

# race OP..: then the link works
race() {
	seed=$((seed + 1))
	mctp-races fd:9,8 "$ms" "$seed" "$@" > /tmp/race || { echo "seed $seed"; cat /tmp/race; return 1; }
	cat /tmp/race >> /tmp/races
	settle
}

start_endpoint "$front"
delay=/sys/module/suspend/parameters/pm_test_delay
[ ! -e $delay ] || echo 0 > $delay
check "the link works" settle || finish
if [ "$rounds" = pairs ]; then
	others=$ops
	for one in $ops; do
		for other in $others; do
			check "$one and $other" race "$one" "$other" || finish
		done
		others=${others#* }
	done
else
	n=0
	while [ $((n = n + 1)) -le "$rounds" ]; do
		# shellcheck disable=SC2046,SC2086
		set -- $(mctp-races --choose "$seed" $ops)
		check "round $n, seed $seed: $*" race "$@" || finish
	done
fi
# what never happened was not tested
for op in packets-sent packets-seen echoes $ops; do
	awk -v op="$op" '$1 == op { good += $2; all += $4 } END { print "# " op ": " good+0 " of " all+0 }' /tmp/races
	[ "$rounds" != pairs ] || check "$op happened" grep -q "^$op [1-9]" /tmp/races
done
emu disconnect > /dev/null
check "link goes" until_true 20 absent
check "module unloads" rmmod mctp_usb
finish
