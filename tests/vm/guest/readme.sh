# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# readme.sh redir - what README.md has its reader type for a link. The tool `mctp` is played by our own of the
# same words; what needs mctpd is left to tests/mctpd.
# shellcheck disable=SC1091
. ./lib.sh
. ./session.sh

session_does() {
	case $1 in
	mctpd\ * | busctl\ *) return 77 ;;
	mctp\ *) typed "mctp-link ${1#mctp }" ;;
	*) typed "$1" ;;
	esac
}

# each_line HEADING: run the lines there, which print what the machine has
each_line() {
	readme_lines "$1" > /tmp/session
	check "README has such lines" test -s /tmp/session
	while IFS= read -r line <&7; do
		# a subshell of busybox takes its own programs for those in /usr/bin
		case $line in
		ip\ *) line=/usr/bin/$line ;;
		esac
		check "README: ${line%%  *#*}" sh -c "$line"
	done 7< /tmp/session
}

max_mtu_shown() {
	/usr/bin/ip -d link show mctpusb0 | grep ' maxmtu 251 '
}

start_endpoint "$1"
modprobe mctp-usb
until_true 20 present
session "## First link"
check "MTU as there" mctp-link link set mctpusb0 mtu 251
check_not "and no more" mctp-link link set mctpusb0 mtu 252
check "where to see that" max_mtu_shown
check "a route without mctpd" mctp-link route add 9 via mctpusb0
each_line "## Settings and what to look at"
check "README: modprobe -r mctp_usb mctp" /usr/bin/modprobe -r mctp_usb mctp
finish
