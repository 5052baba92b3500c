# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# names.sh NAME - dist/examples' .link file, in a system with udev (tests/packages/boot): the link gets that name
# shellcheck disable=SC1091
. ./lib.sh

# named NAME: the link has it, and nobody has the first name any more
named() {
	until_true 20 present "$1" && absent mctpusb0
}

# unplugged and plugged in again, it is still the one of that port
again() {
	emu disconnect > /dev/null && until_true 20 absent "$1" && emu connect > /dev/null && named "$1"
}

start_endpoint redir
check "plugged in" emu connect
check "the link has its name" named "$1"
for round in 1 2 3 4 5 6 7 8 9 10; do
	check "and again ($round)" again "$1"
done
finish
