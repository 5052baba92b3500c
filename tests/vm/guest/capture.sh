# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# capture.sh - what goes over the bus when an endpoint of each edition is plugged in, gets its address,
# talks, and sends what it should not; as a pcap file, in base64 after the results
# shellcheck disable=SC1091
. ./lib.sh

# plug_in SPEC SPEED EID: and give it that EID; ours is 8
plug_in() {
	emu disconnect > /dev/null
	until_true 10 absent && emu reset && emu spec "$1" && emu speed "$2" && emu connect &&
		mctp-link link wait mctpusb0 present 20 && mctp-link addr add 8 dev mctpusb0 && link_up &&
		mctp-ctrl mctpusb0 set-eid "$3" && mctp-link route add "$3" via mctpusb0
}

asked() {
	mctp-ctrl --eid "$1" get-eid && mctp-ctrl --eid "$1" get-uuid && mctp-ctrl --eid "$1" get-types
}

# counted EID: for the one who reads the capture
counted() {
	echo "counted $1 in $(counter rx_packets) out $(counter tx_packets)"
}

start_endpoint redir
check "usbmon" modprobe usbmon
until_true 5 test -c /dev/usbmon0
usbmon-capture /dev/usbmon0 /tmp/usb.pcap 2> /tmp/capture.err &
capture=$!
modprobe mctp-usb

check "1.0 plugged in, gets EID 9" plug_in 1.0 high 9
check "is asked what it is" asked 9
check "echoes" mctp-echo 9 1 64 500 4000
# a good frame, padding and what starts no frame; a length that cannot be; a frame cut off; half a header
check "padding" moved rx_pad 1 emu play 1AB40009010809C80100000000
check "no frame" moved rx_bad_id 1 emu play 1AB40009010809C802DEADBEEF
check "length of nothing" moved rx_bad_len 1 emu play 1AB40007010809C803
check "cut off" moved rx_trunc 1 emu play 1AB40040010809C804
check "half a header" moved rx_short_hdr 1 emu play 1AB40009010809C8051AB4
counted 9

check "1.1 plugged in, gets EID 10" plug_in 1.1 high 10
check "is asked what it is" asked 10
check "MTU" ip link set mctpusb0 mtu 8187
check "echoes in one frame each" mctp-echo 10 64 4000 8000
emu cut 1000
check "echoes in frames that span transfers" mctp-echo 10 64 4000
emu cut 3
check "and are cut inside their headers" mctp-echo 10 20
emu cut 0
check "an unfinished frame before a failure" moved rx_abort 1 emu play 1AB40040010809C806 '!EPROTO'
check "echo after that" mctp-echo 10 64
counted 10

# a frame of the smallest MTU takes two USB packets, each of which is a transfer to the driver
check "1.0 at full speed, gets EID 11" plug_in 1.0 full 11
check "echoes" mctp-echo 11 1 500
counted 11

kill $capture
check "nothing was lost" wait $capture
cat /tmp/capture.err
echo "capture begins"
gzip -c /tmp/usb.pcap | base64
echo "capture ends"
finish
