# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# What 'make demo' shows: an endpoint is plugged in, gets its address, talks.
# shellcheck disable=SC1091
. ./lib.sh

# shown COMMAND..: print it like a shell session would, run it, stop the demo if it fails
shown() {
	echo "  # $*"
	"$@" > /tmp/shown 2>&1
	status=$?
	sed 's/^/  /' /tmp/shown
	[ $status = 0 ] || { echo "demo: FAILED: $*"; exit 1; }
}

# refused COMMAND..: the same for what has to fail
refused() {
	echo "  # $*"
	if "$@" > /tmp/shown 2>&1; then
		echo "demo: FAILED: '$*' was accepted"
		exit 1
	fi
	sed 's/^/  /' /tmp/shown
}

# told COMMAND..: to the endpoint outside
told() {
	emu "$@" > /tmp/told || { cat /tmp/told; echo "demo: FAILED: endpoint: $*"; exit 1; }
}

# set_up EID: what one does by hand with a new link
set_up() {
	shown mctp-link link show mctpusb0
	shown mctp-link addr add 8 dev mctpusb0
	shown mctp-link link set mctpusb0 up
	shown mctp-link link wait mctpusb0 carrier 10
	shown mctp-ctrl mctpusb0 set-eid "$1"
	shown mctp-link route add "$1" via mctpusb0
	shown mctp-ctrl --eid "$1" get-eid
	shown mctp-ctrl --eid "$1" get-uuid
}

start_endpoint redir
# in an installed system udev does this when the device is plugged in
[ "${2:-}" = udev ] || modprobe mctp-usb || { echo "demo: FAILED: the module does not load"; exit 1; }

echo "Linux $(uname -r), $1"
for module in mctp-usb mctp; do
	modinfo -F filename "$(echo "$module" | tr - _)" 2> /dev/null | sed 's/^/  /'
done

echo
echo "A DSP0283 1.0 endpoint is plugged into the xHCI host controller:"
told connect
shown mctp-link link wait mctpusb0 present 20
set_up 9
for size in 1 64 247 500 4000 60000; do
	shown mctp-echo 9 $size
done
echo
echo "The MTU goes up to 251, the longest 1.0 packet, and no further:"
shown mctp-link link set mctpusb0 mtu 251
refused mctp-link link set mctpusb0 mtu 252
shown mctp-echo 9 4000 60000

echo
echo "It is unplugged and plugged in again:"
told disconnect
shown mctp-link link wait mctpusb0 absent 10
told reset
told connect
shown mctp-link link wait mctpusb0 present 20
set_up 10
shown mctp-echo 10 4000

echo
echo "A DSP0283 1.1 endpoint, whose frames span transfers, takes its place:"
told disconnect
shown mctp-link link wait mctpusb0 absent 10
told reset
told spec 1.1
told connect
shown mctp-link link wait mctpusb0 present 20
set_up 9
shown mctp-link link set mctpusb0 mtu 8187
refused mctp-link link set mctpusb0 mtu 8188
shown mctp-echo 9 1 64 247 500 4000 60000

echo
echo "What the driver counted:"
ethtool -S mctpusb0 | grep -v ': 0$' | sed -n '2,$p'
echo
echo "It works."
