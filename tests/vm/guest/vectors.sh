# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# vectors.sh redir|gadget 10|11 - play all vectors of a mode, on any kernel
# shellcheck disable=SC1091
. ./lib.sh

spec=1.0
[ "$2" = 10 ] || spec=1.1
start_endpoint "$1" --spec $spec
if [ "$1" = redir ]; then
	emu disconnect && emu spec $spec && emu connect
fi
link_up || { echo "not ok 1 - link comes up"; exit 1; }
mctp-vectors data/dsp0283-vectors.txt mctpusb0 fd:9,8 "$2" "$1"
