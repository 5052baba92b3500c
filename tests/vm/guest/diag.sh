# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# diag.sh redir - what mctp-usb-diag says in the life of a link. The modules are there, but not by DKMS.
# shellcheck disable=SC1091
. ./lib.sh

# diag STATUS: run it both ways; both must end with that status
diag() {
	mctp-usb-diag > /tmp/diag
	status=$?
	mctp-usb-diag --json > /tmp/diag.json
	json_status=$?
	[ "$status$json_status" = "$1$1" ] || { echo "status $status, $json_status"; cat /tmp/diag; return 1; }
}

# has LEVEL ID: the last run found that
has() {
	grep -q "\"level\": \"$1\", .*\"id\": \"$2\"" /tmp/diag.json || { cat /tmp/diag /tmp/diag.json; return 1; }
}

# says PATTERN: the last run's text has that
says() {
	grep -qE "$1" /tmp/diag || { cat /tmp/diag; return 1; }
}

hides() {
	! grep -qE "$1" /tmp/diag /tmp/diag.json || { cat /tmp/diag /tmp/diag.json; return 1; }
}

# finds STATUS LEVEL ID
finds() {
	diag "$1" && has "$2" "$3"
}

# whole_json: every brace, bracket and quote has its other half (nothing here parses JSON; what becomes of
# strange names is tested where something does)
whole_json() {
	awk '{
		gsub(/\\./, ""); gsub(/"[^"]*"/, "")
		if (/"/) bad = 1
		for (i = 1; i <= length($0); i++) {
			c = substr($0, i, 1)
			if (c == "{" || c == "[") stack = stack c
			if (c == "}" && sub(/[{]$/, "", stack) == 0) bad = 1
			if (c == "]" && sub(/\[$/, "", stack) == 0) bad = 1
		}
	} END { exit bad || stack != "" || !NR }' /tmp/diag.json || { cat /tmp/diag.json; return 1; }
}

# problem_there ID: of those, this one; there may be others
problem_there() {
	diag 1 && has problem "$1"
}

unbound() {
	usb_interface > /tmp/interface
	cat /tmp/interface > /sys/bus/usb/drivers/mctp-usb/unbind
	finds 1 problem usb-interface && says 'though mctp_usb is loaded'
}

bound_again() {
	cat /tmp/interface > /sys/bus/usb/drivers/mctp-usb/bind
	until_true 10 present
}

framing_errors() {
	# bytes that no frame starts with, three times
	emu play 00FF0000 00FF0000 00FF0000 || return 1
	until_true 5 at_value rx_bad_id 3
}

start_endpoint "$1"
emu disconnect > /dev/null
# what must not be in a report
hostname secret-host
emu descriptor serial=secret-serial > /dev/null

check "no device: nothing is wrong" finds 0 note usb-none
check "nor are there links" has note link-none
check "it loaded nothing" test ! -e /sys/module/mctp_usb

check "plugged in" emu connect
until_true 10 grep -qs 14 /sys/bus/usb/devices/*:*/bInterfaceClass
check "a device without its driver: the modules are the problem" problem_there module-mctp-usb
# the others have one built in
case $KERNEL_ID in
stock-*) check "the core as well" has problem module-mctp ;;
esac
check "and nobody has bound it" says 'is bound by no driver'

check "modules loaded" modprobe mctp-usb
until_true 10 present
check "link down: a problem" problem_there link-down
check "the device is bound" has ok usb-interface
check "whose modules they are" says 'mctp_usb of mctp-usb [0-9.]+ is loaded'
check "what to do" says 'mctp link set mctpusb0 up'

check "up" link_up
check "up, without an address: a problem" problem_there link-no-eid
check "that is the only one left" says '^1 problem:'

check "address" mctp-link addr add 8 dev mctpusb0
check "with an address: nothing is wrong" finds 0 note link-no-route
check "route" mctp-link route add 9 via mctpusb0
check "with a route: no more notes on the link" diag 0
check "it is as it is" says 'mctpusb0 \(.*\): up, carrier on, MTU 68 of 68 to 251, net 1, EID 8, routes to 9$'
check "the same as data" grep -q '"eids": \[8\], "routes": \[\[9, 9\]\]' /tmp/diag.json
check "no counters to explain" hides '"id": "counter"'
check "JSON is whole" whole_json

check "a device that sends nonsense" framing_errors
check "the counter is explained, no problem" finds 0 note counter
check "in words" says 'mctpusb0: rx_bad_id is 3: the device sent what does not start with the DMTF ID'
check "and as data" grep -q '"link": "mctpusb0", "counter": "rx_bad_id", "value": 3' /tmp/diag.json
check "JSON is whole" whole_json

check "the device has a serial number" grep -q secret-serial "/sys/bus/usb/devices/$(usb_device)/serial"
check "which is in no report, nor is the host's name" hides secret
check "unbound by hand: a problem" unbound
check "bound again" bound_again

emu disconnect > /dev/null
until_true 10 absent
check "unplugged: nothing is wrong" finds 0 note usb-none
finish
