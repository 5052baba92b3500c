#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guest side: abuse the core, then load and unload it below all that goes on.
# guest.sh [PACKETS [SECONDS]]
set -u
modprobe tun
modprobe mctp
ip link set lo up

mctp-abuse "${1:-1000000}" || exit 1

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
echo "${status}ok 4 - everything comes and goes, the core unloaded $rounds times below it"
[ -z "$status" ]
