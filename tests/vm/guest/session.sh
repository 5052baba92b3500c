# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# For guest scripts that type what README.md tells its reader to; to be sourced after lib.sh, with README.md here.

# readme_lines HEADING: the indented lines of that section, those that go on joined
readme_lines() {
	awk -v heading="$1" '/^#/ { here = $0 == heading } here && /^    / {
		line = line substr($0, 5)
		if (sub(/ *\\$/, "", line)) next
		print line
		line = ""
	}' README.md
}

# typed LINE: run it; it and what it prints are shown
typed() {
	echo "#   # $1"
	eval "$1" > /tmp/typed 2>&1 && typed_status=0 || typed_status=$?
	sed 's/^/#   /' /tmp/typed
	return "$typed_status"
}

# session HEADING: the lines of that section that start with '# ' are commands, for session_does (77: not here);
# what they print must be what stands behind them, but for the numbers of links, which are the machine's
session() {
	readme_lines "$1" > /tmp/session
	echo '# ' >> /tmp/session
	command='' commands=0
	while IFS= read -r line <&7; do
		case $line in
		'# '*)
			[ -z "$command" ] || check_session "README: $command"
			command=${line#??}
			: > /tmp/expected
			;;
		*) echo "$line" >> /tmp/expected ;;
		esac
	done 7< /tmp/session
	check "README has such a session" [ $commands -gt 0 ]
}

# check_session NAME: like check, with what was typed shown
check_session() {
	commands=$((commands + 1))
	tests=$((tests + 1))
	: > /tmp/typed
	session_does "$command" && status=0 || status=$?
	if [ "$status" = 77 ]; then
		echo "ok $tests - $1 # SKIP not here"
		return
	fi
	if [ "$status" = 0 ] && numberless /tmp/typed > /tmp/got && numberless /tmp/expected | cmp -s - /tmp/got; then
		echo "ok $tests - $1"
		return
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $1"
	sed 's/^/# README: /' /tmp/expected
}

numberless() {
	sed 's/ index [0-9]* / index N /' "$1"
}
