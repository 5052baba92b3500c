#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guest side: abuse the core, take its links, then load and unload it below all that goes on.
# guest.sh [PACKETS [SECONDS]]
set -u
modprobe tun
modprobe mctp
ip link set lo up

mctp-abuse "${1:-1000000}" || exit 1
mctp-unplug || exit 1

mctp-churn "${2:-60}" &
churn=$!
rounds=0
while kill -0 $churn 2> /dev/null; do
	if rmmod mctp 2> /dev/null; then
		rounds=$((rounds + 1))
		modprobe mctp
		sleep 0.5
	fi
done
wait $churn && [ $rounds -gt 0 ] && rmmod mctp && status='' || status='not '
echo "${status}ok 6 - everything comes and goes, the core unloaded $rounds times below it"
[ -z "$status" ] || exit 1

# What mainline's tracepoints say of keys, and ours of drops besides. Debug kernels have no tracing.
tell='ok 7 - the tracepoints tell of keys and drops'
dir=/sys/kernel/tracing
mount -t tracefs tracefs $dir 2> /dev/null || { echo "$tell # SKIP no tracing"; exit 0; }
modprobe mctp
echo 1 > $dir/events/mctp/enable
mctp-churn 5
echo 0 > $dir/events/mctp/enable
for line in 'mctp_key_acquire: local 8, peer 8, tag [0-7]$' \
		'mctp_key_release: local 8, peer 8, tag [0-7] replied$' \
		'mctp_key_release: local 255, peer [0-9]*, tag [0-7] dropped$' \
		'mctp_key_release: local 255, peer [0-9]*, tag [0-7] closed$' \
		'mctp_drop: ifindex [0-9]*, [0-9]* bytes: [a-z]'; do
	grep -q "$line" $dir/trace || { echo "not $tell"; echo "# no such line: $line"; exit 1; }
done
echo "$tell"
