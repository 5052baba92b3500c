# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# trace.sh - the core's tracepoints; by perf and bpftrace too, as docs/tracing.md has it, where these are
# in the guest (run --file)
# shellcheck disable=SC1091
. ./lib.sh

tracing=/sys/kernel/tracing

has_event() {
	until_true 5 grep -qE "$1" "$tracing/trace" || { cat "$tracing/trace"; return 1; }
}

# dropped REASON HEX: the endpoint sends that packet, and it gets nowhere
dropped() {
	echo > "$tracing/trace"
	emu send "$2" && has_event "mctp_drop: ifindex [0-9]+, [0-9]+ bytes: $1\$"
}

by_perf() {
	perf record -q -a -e 'mctp:*' -o /tmp/perf.data -- mctp-ctrl --eid 9 get-eid &&
		perf script -i /tmp/perf.data
}

# by_bpftrace PROGRAM COMMAND..: what it says of what COMMAND does
by_bpftrace() {
	bpftrace -e "$1" > /tmp/bpftrace.out 2>&1 &
	b_pid=$!
	shift
	until_true 120 grep -q Attaching /tmp/bpftrace.out
	sleep 3
	"$@"
	sleep 1
	kill -INT "$b_pid"
	wait "$b_pid"
	cat /tmp/bpftrace.out
}

start_endpoint redir
check "link" link_up
mctp-link addr add 8 dev mctpusb0
check "endpoint takes EID 9" mctp-ctrl mctpusb0 set-eid 9
check "route" mctp-link route add 9 via mctpusb0

mount -t tracefs tracefs $tracing
check "events" eval "echo 1 > $tracing/events/mctp/enable"
check "a request" mctp-ctrl --eid 9 get-eid
check "has a key" has_event 'mctp_key_acquire: local 8, peer 9, tag 0$'
check "until it is answered" has_event 'mctp_key_release: local 8, peer 9, tag 0 replied$'
check "nobody wants this type" dropped "no socket" 010809C87E00
check "nobody asked for this answer" dropped "no socket" 010809C000000000
check "no such EID" dropped "no route" 015509C87E00
check "no EID at all" dropped "bad header" 010109C87E00
check "in the middle of a message" dropped "no such message or tag" 0108091F5A00

if [ -x /usr/bin/perf ]; then
	check "perf" by_perf
	cat /tmp/check.out
fi
if [ -x /usr/bin/bpftrace ]; then
	check "bpftrace: what is dropped" by_bpftrace 'tracepoint:mctp:mctp_drop { @[args->ifindex, args->reason] = count(); }' \
		dropped "no route" 015509C87E00
	cat /tmp/check.out
	check "bpftrace: what fails on the bus" by_bpftrace 'kprobe:mctp_usb_pipe_fail { @[(int32)arg1] = count(); }' emu stall in
	cat /tmp/check.out
	check "bpftrace: sizes of packets" by_bpftrace '
		tracepoint:net:net_dev_xmit /str(args->name) == "mctpusb0"/ { @sent = lhist(args->len, 0, 256, 32); }' mctp-echo 9 500
	cat /tmp/check.out
	check "bpftrace: how long answers take" by_bpftrace '
		tracepoint:mctp:mctp_key_acquire /args->tag < 8/ { @start[args->paddr, args->tag] = nsecs; }
		tracepoint:mctp:mctp_key_release /@start[args->paddr, args->tag]/ {
			@us[args->paddr] = hist((nsecs - @start[args->paddr, args->tag]) / 1000);
			delete(@start[args->paddr, args->tag]);
		}' mctp-echo --count 50 9 64
	cat /tmp/check.out
fi
finish
