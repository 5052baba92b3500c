# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# guest.sh UUID - guest side: from plugging in to SetupEndpoint with the real mctp and mctpd, as README's "First link" has it.
# What is typed there, and what it prints, is shown here in lines that start with '#   '.
# shellcheck disable=SC1091
. ./lib.sh
. ./session.sh

SERVICE=au.com.codeconstruct.MCTP1
OBJECTS=/au/com/codeconstruct/mctp1

# prints PATTERN COMMAND..: it works, and a line of what it prints is like that
prints() {
	p_pattern=$1
	shift
	typed "$*" && grep -qE "$p_pattern" /tmp/typed
}

shown() {
	name=$1
	shift
	tests=$((tests + 1))
	if "$@"; then
		echo "ok $tests - $name"
		return
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $name"
	sed 's/^/# mctpd: /' /tmp/mctpd.log 2> /dev/null
}

# --- D-Bus, and mctpd on it --------------------------------------------------
start_bus() {
	printf 'root:x:0:0:root:/root:/bin/sh\nmctpd:x:100:100:mctpd:/:/bin/sh\n' > /etc/passwd
	printf 'root:x:0:\nmctpd:x:100:\n' > /etc/group
	echo 0123456789abcdef0123456789abcdef > /etc/machine-id
	mkdir -p /run/dbus /var
	ln -sf /run /var/run
	dbus-daemon --config-file=/guest/bus.conf --nofork 2> /tmp/bus.log &
	until_true 20 test -S /run/dbus/system_bus_socket
}

on_bus() {
	busctl --no-pager list | grep -q "^$SERVICE "
}

# start_mctpd [HOW..]: and wait until it can be called; it may be run by another program
start_mctpd() {
	"$@" mctpd -c /etc/mctpd.conf > /tmp/mctpd.log 2>&1 &
	mctpd=$!
	until_true 20 on_bus
}

stop_mctpd() {
	kill "$mctpd" && wait "$mctpd"
	until_true 10 not on_bus
}

not() {
	! "$@"
}

# setup_endpoint PATTERN: what is called for a new device. There are no hardware addresses: an array of none
setup_endpoint() {
	prints "$1" busctl call $SERVICE $OBJECTS/interfaces/mctpusb0 au.com.codeconstruct.MCTP.BusOwner1 SetupEndpoint ay 0
}

# property PATTERN INTERFACE NAME: of the endpoint that got EID 9
property() {
	prints "$1" busctl get-property $SERVICE $OBJECTS/networks/1/endpoints/9 "$2" "$3"
}

known() {
	busctl --no-pager --list tree $SERVICE | grep -q "/networks/1/endpoints/$1\$"
}

# --- capabilities ------------------------------------------------------------
# those that the example drop-in gives to the unit, in setpriv's words, but for $1
from_drop_in() {
	sed -n 's/^AmbientCapabilities=//p' drop-in.conf | tr ' ' '\n' | grep -v "^$1\$" |
		sed 's/CAP_/+/' | tr 'A-Z\n' 'a-z,' | sed 's/,$//'
}

# start_as_user BUT: as systemd starts it with that drop-in, but for this capability
start_as_user() {
	caps=$(from_drop_in "$1")
	start_mctpd util-linux-setpriv --reuid 100 --regid 100 --clear-groups --inh-caps "-all,$caps" \
		--ambient-caps "-all,$caps" --bounding-set "-all,$caps"
}

runs_as_user() {
	[ "$(stat -c %u /proc/"$mctpd")" = 100 ]
}

# --- the endpoint's side -----------------------------------------------------
# the endpoint asks us for our EID; mctpd's answer goes out of the link
asked_by_endpoint() {
	emu got on > /dev/null
	emu got clear > /dev/null
	emu send 010809C8008002 || return 1
	# one frame: success, EID 8, a bus owner
	until_true 10 sent_over 1AB4000F010908C00000020008
}

# README's session, but that mctpd has to be up before the next line
session_does() {
	case $1 in
	'mctpd '*) start_mctpd ;;
	*) typed "$1" ;;
	esac
}

start_endpoint redir
cp mctpd.conf /etc
check "the bus runs" start_bus
modprobe mctp-usb
check "plugged in" emu connect
until_true 20 present

session "## First link"
shown "it knows the link" prints '"BusOwner"$' busctl get-property $SERVICE $OBJECTS/interfaces/mctpusb0 \
	"$(busctl --no-pager introspect $SERVICE $OBJECTS/interfaces/mctpusb0 | grep -o '^.*MCTP.Interface1')" Role
shown "its UUID" property "^s \"$1\"$" xyz.openbmc_project.Common.UUID UUID
shown "the route is there" prints '^eid min 9 max 9 net 1 dev mctpusb0 ' mctp route
shown "a control request takes it" prints '^get-eid: eid 9,' mctp-ctrl --eid 9 get-eid
shown "messages of any size take it" prints . mctp-echo 9 64 4000
shown "called again: the same endpoint, not a new one" setup_endpoint '^yisb 9 1 ".*" false$'
check "mctpd says nothing of the route it finds in place" not grep route /tmp/mctpd.log
check "the endpoint asks, mctpd answers" asked_by_endpoint

shown "the link takes 251" typed "mctp link set mctpusb0 mtu 251"
shown "and the route" typed "busctl call $SERVICE $OBJECTS/networks/1/endpoints/9 \
	au.com.codeconstruct.MCTP.Endpoint1 SetMTU u 251"
shown "that is its MTU now" prints '^eid min 9 max 9 net 1 dev mctpusb0 mtu 251$' mctp route
shown "with that" prints . mctp-echo 9 247 60000

check "unplugged" emu disconnect
until_true 20 absent
check "mctpd has noticed" until_true 10 not known 9
check "and lives" on_bus
check "stopped" stop_mctpd
check "a device reset by its absence" emu reset

# a unit of its own user, as newer versions have it
check "plugged in again" emu connect
until_true 20 present
check "address" mctp addr add 8 dev mctpusb0
check "up" mctp link set mctpusb0 up
check "mctpd as a user with what the drop-in gives" start_as_user none
check "it is that user" runs_as_user
shown "SetupEndpoint works" setup_endpoint '^yisb 9 1 '
check "stopped" stop_mctpd
check "the same without CAP_NET_RAW" start_as_user CAP_NET_RAW
shown "SetupEndpoint does not: it cannot send" not setup_endpoint .
check "stopped" stop_mctpd
finish
