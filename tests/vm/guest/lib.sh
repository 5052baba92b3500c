# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# For guest scripts; to be sourced. Results are KTAP lines; finish ends a script.

tests=0
failures=0

# check NAME COMMAND..: one test; COMMAND's output is shown when it fails
check() {
	name=$1
	shift
	tests=$((tests + 1))
	if "$@" > /tmp/check.out 2>&1; then
		echo "ok $tests - $name"
		return 0
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $name"
	echo "# failed: $*"
	sed 's/^/# /' /tmp/check.out
	return 1
}

# check_not NAME COMMAND..: a test that COMMAND fails
check_not() {
	name=$1
	shift
	check "$name" inverted "$@"
}

inverted() {
	! "$@"
}

finish() {
	echo "1..$tests"
	echo "# $((tests - failures)) passed, $failures failed"
	exit $((failures != 0))
}

# until_true SECONDS COMMAND..: try ten times a second
until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@"; do
		[ $tries -gt 0 ] || return 1
		tries=$((tries - 1))
		sleep 0.1
	done
}

# --- the emulated endpoint -------------------------------------------------
# start_endpoint redir|gadget|usbip [OPTIONS]: where it runs. With redir it has been started already,
# outside of the machine, and its control channel is a serial port; the others are started here, over
# dummy_hcd or vhci_hcd.
start_endpoint() {
	front=$1
	shift
	case $front in
	redir)
		exec 8> /dev/ttyS2 9< /dev/ttyS2
		return ;;
	gadget)
		lsmod | grep -q '^dummy_hcd ' || modprobe dummy_hcd is_super_speed=1
		modprobe libcomposite
		modprobe usb_f_fs ;;
	usbip)
		modprobe vhci-hcd ;;
	esac
	rm -f /tmp/ctl.in /tmp/ctl.out
	mkfifo /tmp/ctl.in /tmp/ctl.out
	mctp-usb-emu "$front" --control stdio "$@" < /tmp/ctl.in > /tmp/ctl.out 2> /tmp/emu.log &
	# after the host's side, which is here, too: what has come meanwhile is dealt with in one go
	[ "$front" != usbip ] || renice -n 19 -p $! > /dev/null
	exec 8> /tmp/ctl.in 9< /tmp/ctl.out
}

# answer_line: the endpoint's next line, in $answer
answer_line() {
	# shellcheck disable=SC3045 # busybox's read has a time-out
	read -r -t 30 answer <&9
}

# emu COMMAND..: tell the endpoint; prints its answer, fails if that is an error. All of the answer
# is read first: a reader like 'grep -q', gone early, would leave the rest to the next command.
emu() {
	echo "$*" >&8
	emu_answer > /tmp/answer && emu_status=0 || emu_status=1
	[ ! -s /tmp/answer ] || cat /tmp/answer
	return "$emu_status"
}

emu_answer() {
	while answer_line; do
		case $answer in
		ok) return 0 ;;
		"ok "*) echo "${answer#ok }"; return 0 ;;
		error*) echo "endpoint: $answer"; return 1 ;;
		*) echo "$answer" ;;
		esac
	done
	echo "endpoint: no answer"
	return 1
}

# forget_answers: what came while the serial port slept may be cut, or missing
forget_answers() {
	# shellcheck disable=SC3045 # busybox's read has a time-out
	while read -r -t 2 answer <&9; do :; done
}

# --- the link --------------------------------------------------------------
# plain counters, by their ethtool name
counter() {
	ethtool -S "${2:-mctpusb0}" | sed -n "s/^ *$1: //p"
}

# moved COUNTER BY COMMAND..: COMMAND runs and the counter grows by just BY
moved() {
	c_name=$1 c_by=$2
	shift 2
	c_before=$(counter "$c_name")
	"$@" || return 1
	until_true 5 at_value "$c_name" $((c_before + c_by)) ||
		{ echo "$c_name: $c_before -> $(counter "$c_name"), expected +$c_by"; return 1; }
}

# grown COUNTER COMMAND..: COMMAND runs and the counter grows
grown() {
	c_name=$1
	shift
	c_before=$(counter "$c_name")
	"$@" && until_true 5 at_least "$c_name" $((c_before + 1))
}

at_value() {
	[ "$(counter "$1")" = "$2" ]
}

at_least() {
	[ "$(counter "$1" 2> /dev/null || echo 0)" -ge "$2" ] 2> /dev/null
}

attr() {
	cat "/sys/class/net/${2:-mctpusb0}/$1" 2> /dev/null
}

# has_attr NAME VALUE [DEV]
has_attr() {
	[ "$(attr "$1" "${3:-mctpusb0}")" = "$2" ] || { echo "$1 is $(attr "$1" "${3:-mctpusb0}")"; return 1; }
}

# the bound USB interface, its device
usb_interface() {
	basename "$(readlink -f "/sys/class/net/${1:-mctpusb0}/device")"
}

usb_device() {
	basename "$(dirname "$(readlink -f "/sys/class/net/${1:-mctpusb0}/device")")"
}

present() { [ -e "/sys/class/net/${1:-mctpusb0}" ]; }
absent() { ! present "$@"; }

# link_up [DEV]: load the driver, wait for the link, set it up
link_up() {
	modprobe mctp-usb
	until_true 10 present "${1:-mctpusb0}" && ip link set "${1:-mctpusb0}" up &&
		until_true 10 has_attr carrier 1 "${1:-mctpusb0}"
}

# both_ways [DEV]: a packet in each direction arrives, whether or not there is an MCTP core
both_ways() {
	w_dev=${1:-mctpusb0}
	emu got on > /dev/null
	emu got clear > /dev/null
	mctp-packet "$w_dev" send 010908C8'(5A*8)' || return 1
	until_true 10 sent_over 1AB40010010908C85A5A5A5A5A5A5A5A || state "OUT: nothing arrived" || return 1
	received "$w_dev" 010809C0A5A5A5A5 || return 1
	grep -qix 010809C0A5A5A5A5 /tmp/received || state "IN: got '$(cat /tmp/received)'"
}

# state MESSAGE: what both ends count, for the one who has to find out
state() {
	echo "$1"
	ethtool -S "$w_dev" | grep -v ': 0$'
	emu stats | grep -v '=0$'
	ip link show "$w_dev"
	dmesg | tail -n 5
	return 1
}

# received DEV HEX: have the endpoint send a packet; what arrives first is in /tmp/received
received() {
	rm -f /tmp/listening
	mctp-packet "$1" recv 1 10 > /tmp/received 2> /tmp/listening &
	r_pid=$!
	until_true 10 grep -qs listening /tmp/listening
	emu send "$2" || return 1
	wait $r_pid || state "IN: nothing arrived"
}

# sent_over HEX: a recorded OUT transfer holds these bytes
sent_over() {
	emu got | tr a-f A-F | grep -q "$1"
}

# said PATTERN: how many lines of the kernel log have it
said() {
	dmesg | grep -c "$1"
}
