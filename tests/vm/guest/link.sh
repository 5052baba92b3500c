# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# link.sh redir|gadget - the link as users, mctp and mctpd see it
# shellcheck disable=SC1091
. ./lib.sh

start_endpoint "$1"

# has_line COMMAND..: its output has the pattern in $pattern
has_line() {
	"$@" > /tmp/out 2>&1
	grep -qE "$pattern" /tmp/out || { cat /tmp/out; return 1; }
}

shows() {
	name=$1 pattern=$2
	shift 2
	check "$name" has_line "$@"
}

queue_len_fits() {
	# two messages of 64 KiB in packets of 64 bytes of payload
	[ "$(attr tx_queue_len)" -ge 2048 ]
}

# the longest messages at MTU 68 are a thousand packets; on a debug kernel these can take longer than the
# 6 seconds that a tag waits for its response
long=60000 longest=65535
case $KERNEL_ID in debug-*) long=8000 longest=8192 ;; esac

echoes() {
	mctp-echo --timeout 20 9 "$@" && mctp-echo --timeout 20 --count 3 9 "$@"
}

dropped_nothing() {
	for what in tx_dropped tx_errors rx_errors rx_dropped; do
		has_attr "statistics/$what" 0 || return 1
	done
}

packed_full() {
	# 60000 bytes at MTU 68 are 938 packets; seven fit in a transfer
	packets=$(counter tx_packets) transfers=$(counter tx_transfers)
	echo "$packets packets in $transfers transfers"
	# a debug kernel is slower than the bus, and does not get to have several packets waiting
	case $KERNEL_ID in debug-*) return 0 ;; esac
	[ $((packets)) -gt $((transfers * 3)) ]
}

# somebody gives the link an IP address and a peer; nobody can answer
ip_packets() {
	ip addr add 192.0.2.1/24 dev mctpusb0 && ! ping -c 2 -W 1 192.0.2.2
}

one_each() {
	p=$(counter tx_packets) t=$(counter tx_transfers)
	mctp-echo 9 4000 || return 1
	[ $(($(counter tx_packets) - p)) = $(($(counter tx_transfers) - t)) ]
}

check "module loads" modprobe mctp-usb
check "link appears" mctp-link link wait mctpusb0 present 20
shows "as mctp prints it" '^dev mctpusb0 index [0-9]+ address none net 1 mtu 68 down$' mctp-link link show mctpusb0
check "type is MCTP" has_attr type 290
check "name came by enumeration" has_attr name_assign_type 1
check "flags are NOARP alone" has_attr flags 0x80
check "no address" has_attr addr_len 0
check "parent is the USB interface" test -e "/sys/bus/usb/devices/$(usb_interface)/bInterfaceClass"
check "carrier is off while down" test "$(attr carrier || echo down)" = down
check "queue takes two of the longest messages" queue_len_fits
# cores before 6.13 do not know it; ours does
case $KERNEL_ID in
mctp-6.1|debug-6.1) ;;
*) shows "physical binding is USB" 'binding (3|usb)' mctp-link link show -v mctpusb0 ;;
esac

check "address set" mctp-link addr add 8 dev mctpusb0
check "set up" mctp-link link set mctpusb0 up
check "carrier" mctp-link link wait mctpusb0 carrier 10
shows "up" '^dev mctpusb0 .* mtu 68 up$' mctp-link link show mctpusb0
shows "endpoint takes EID 9" 9 mctp-ctrl mctpusb0 set-eid 9
check "route" mctp-link route add 9 via mctpusb0
shows "EID through the route" 9 mctp-ctrl --eid 9 get-eid
check "UUID" mctp-ctrl --eid 9 get-uuid
check "version" mctp-ctrl --eid 9 get-version
check "message types" mctp-ctrl --eid 9 get-types
check "echoes at MTU 68" echoes 1 2 63 64 65 247 500 4000
check "$long bytes at MTU 68" echoes $long
check "$longest bytes at MTU 68" echoes $longest
check "transfers are packed under load" packed_full
check "nothing was lost" dropped_nothing

check_not "MTU 67 refused" ip link set mctpusb0 mtu 67
check "MTU 251" ip link set mctpusb0 mtu 251
check_not "MTU 252 refused" ip link set mctpusb0 mtu 252
check "echoes at MTU 251" echoes 1 64 247 248 500 4000 60000

shows "ethtool -i" '^driver: mctp-usb$' ethtool -i mctpusb0
shows "ethtool -i names the port" '^bus-info: usb-' ethtool -i mctpusb0
shows "packing is on" '^tx-packing *: on' ethtool --show-priv-flags mctpusb0
check "packing off" ethtool --set-priv-flags mctpusb0 tx-packing off
check "one packet a transfer" one_each
check "packing on" ethtool --set-priv-flags mctpusb0 tx-packing on
check "rings shrink while up" ethtool -G mctpusb0 rx 1 tx 1
# short ones: fq_codel, the default of Debian's kernels, drops what waits 100 ms
check "echoes with rings of one" echoes 1 4000
# every transfer is a chance to miss its completion, and nothing else would wake the queue
check "many of them" mctp-echo --count 100 9 4000
check "rings grow, rounded up to powers of two" ethtool -G mctpusb0 rx 100 tx 256
shows "rings are as asked" '^RX:[[:space:]]+128' ethtool -g mctpusb0
check "echoes with large rings" echoes 1 4000 60000
check_not "rings over the maximum" ethtool -G mctpusb0 rx 512
check_not "rings of nothing" ethtool -G mctpusb0 rx 0
check "still nothing lost" dropped_nothing

check "down" ip link set mctpusb0 down
check "up again" ip link set mctpusb0 up
check "echoes after down and up" echoes 4000

check "endpoint becomes 1.1" emu disconnect
check "link goes" mctp-link link wait mctpusb0 absent 10
emu spec 1.1 && emu connect
check "link of 1.1" mctp-link link wait mctpusb0 present 20
mctp-link addr add 8 dev mctpusb0
check "up" link_up
check "endpoint takes EID 9" mctp-ctrl mctpusb0 set-eid 9
check "route" mctp-link route add 9 via mctpusb0
check "1.1 at MTU 68" echoes 1 64 500 4000 $long
check "MTU 8187" ip link set mctpusb0 mtu 8187
check_not "MTU 8188 refused" ip link set mctpusb0 mtu 8188
check "1.1 at MTU 8187" echoes 1 64 500 4000 8182 8183 8184 60000
check "nothing was lost in 1.1" dropped_nothing

check "IP packets are refused and counted" grown tx_bad_protocol ip_packets
check "echoes beside IP" echoes 4000
check "module unloads with the link up" rmmod mctp_usb
check "link is gone" absent
finish
