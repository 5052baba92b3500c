# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# sleep.sh redir CYCLES [FIRST] - the machine sleeps and wakes up, to idle and to RAM in turn, with the
# link under traffic, idle or down, and the device kept, unplugged or another one meanwhile
# shellcheck disable=SC1091
. ./lib.sh

front=$1 cycles=$2 first=${3:-1}
alarm=/sys/class/rtc/rtc0/wakealarm
kept=0 slept_idle=0 slept_ram=0

# sleep_until_woken freeze|mem: to RAM until the clock's alarm; QEMU's clock does not end an idle sleep,
# but the endpoint's answers on the control channel do. If the first come too early, the last does not.
sleep_until_woken() {
	before=$(cat /sys/power/suspend_stats/success)
	if [ "$1" = mem ]; then
		echo 0 > "$alarm"
		echo +2 > "$alarm"
	else
		printf 'wait 1500\nwait 1500\nwait 1500\n' >&8
	fi
	echo "$1" > /sys/power/state || { dmesg | tail -n 20; return 1; }
	[ "$(cat /sys/power/suspend_stats/success)" -gt "$before" ] || { echo "did not sleep"; return 1; }
}

traffic() {
	emu flood on > /dev/null
	mctp-packet mctpusb0 flood 60 68 > /dev/null 2>&1 &
	out=$!
	usleep $((($1 * 7919) % 300000))
}

# what came to the control channel in its sleep may be cut
quiet() {
	[ -z "$out" ] || { kill "$out" && wait "$out"; } 2> /dev/null
	out=''
	forget_answers
	emu flood off > /dev/null || forget_answers
}

# works: all of it, and a message of many packets echoed
works() {
	link_up || return 1
	mctp-link addr add 8 dev mctpusb0 2> /dev/null
	mctp-link route add 9 via mctpusb0 2> /dev/null
	until_true 10 mctp-ctrl mctpusb0 set-eid 9 > /dev/null
	both_ways && mctp-echo --timeout 10 9 1 500 4000
}

same_link() {
	has_attr ifindex "$1" && mctp-link addr show | grep -q mctpusb0
}

# cycle N: everything that N chooses
cycle() {
	out=''
	index=$(attr ifindex)
	case $(($1 % 3)) in
	0) traffic "$1" ;;
	1) ;;
	2) ip link set mctpusb0 down ;;
	esac
	case $(($1 / 2 % 4)) in
	2) printf 'wait 500\ndisconnect\n' >&8 ;;
	3) printf 'wait 500\ndisconnect\nspec %s\nconnect\n' "$(spec_of "$1")" >&8 ;;
	esac
	if [ $(($1 % 2)) = 0 ]; then
		sleep_until_woken freeze && slept_idle=$((slept_idle + 1))
	else
		sleep_until_woken mem && slept_ram=$((slept_ram + 1))
	fi || return 1
	quiet
	case $(($1 / 2 % 4)) in
	0|1) same_link "$index" || { echo "the link is another one"; return 1; }
		kept=$((kept + 1)) ;;
	2) until_true 20 absent || { echo "the link of no device stays"; return 1; }
		emu connect > /dev/null ;;
	esac
	works
}

spec_of() { [ $(($1 / 8 % 2)) = 0 ] && echo 1.1 || echo 1.0; }

start_endpoint "$front"
modprobe -q rtc_cmos
until_true 10 test -e $alarm || { echo "1..0 # SKIP no clock that wakes up"; exit 1; }
echo deep > /sys/power/mem_sleep || { echo "1..0 # SKIP no suspend to RAM: $(cat /sys/power/mem_sleep)"; exit 1; }
echo enabled > /sys/class/tty/ttyS2/power/wakeup
: > /tmp/slept
check "the link works" works || finish
n=$first
while [ "$n" -lt $((first + cycles)) ]; do
	check "cycle $n" cycle "$n" || break
	n=$((n + 1))
done
echo "# slept to idle $slept_idle times, to RAM $slept_ram times; the link stayed $kept times of them"
check "unloads" rmmod mctp_usb
finish
