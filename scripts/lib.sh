# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Helpers for the scripts here; to be sourced, not run.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${MCTP_USB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mctp-usb}
export LC_ALL=C
shopt -s inherit_errexit

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }

# at_exit COMMAND: run it when the script ends, last come first served
AT_EXIT=()
at_exit() { AT_EXIT+=("$1"); }
run_at_exit() {
	local i
	for ((i = ${#AT_EXIT[@]} - 1; i >= 0; i--)); do eval "${AT_EXIT[i]}" || true; done
}
trap run_at_exit EXIT
trap 'exit 130' INT TERM HUP

# usage: print the comment block at the head of the calling script
usage() {
	sed -n '3,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$0" >&2
	exit 2
}

# cache_dir NAME: make sure that directory of the cache exists, print its path
cache_dir() {
	# kbuild splits its arguments at blanks
	case $CACHE in
	/*[[:space:]]*) die "the cache directory '$CACHE' must not contain blanks" ;;
	/*) ;;
	*) die "the cache directory '$CACHE' must be an absolute path" ;;
	esac
	mkdir -p "$CACHE/$1"
	echo "$CACHE/$1"
}

# tree_id: a name for this checkout. What is built from it must not be shared with others: make would
# take another one's programs for up to date, and two at work would take each other's modules.
tree_id() { echo "$TOP" | cksum | cut -d ' ' -f 1; }

# lock NAME: wait until no other process holds NAME; held until unlock or the end of the (sub)shell
LOCKS=()
lock() {
	local file fd
	file=$(cache_dir lock)/$1
	exec {fd}> "$file"
	LOCKS+=("$fd")
	flock -n "$fd" && return 0
	say "waiting for another process that holds the lock '$1'"
	flock "$fd"
}

# unlock: give back the lock taken last
unlock() {
	local fd=${LOCKS[-1]}
	unset 'LOCKS[-1]'
	exec {fd}>&-
}

# step LABEL LOG COMMAND..: run COMMAND with its output in LOG, with a sign of life every now and
# then; if it fails the end of LOG is shown and the script ends. As everywhere 'set -e' is without
# effect in COMMAND when step is (in a function that is) part of a condition.
STEP=
end_step() { [ -z "$STEP" ] || kill -- "-$STEP" 2> /dev/null || true; }
at_exit end_step
step() {
	local label=$1 log=$2 start=$SECONDS shown=0 now
	shift 2
	mkdir -p "$(dirname "$log")"
	say "$label ..."
	# a process group of its own, so that all of it can be ended
	set -m
	("$@") > "$log" 2>&1 < /dev/null &
	STEP=$!
	set +m
	while kill -0 "$STEP" 2> /dev/null; do
		sleep 0.2
		now=$((SECONDS - start))
		[ $((now / 20)) -gt $shown ] || continue
		shown=$((now / 20))
		say "$label: $now s, $(tail -n 1 "$log" | tr -d '\r' | cut -c 1-70)"
	done
	if ! wait "$STEP"; then
		STEP=
		grep -m 10 -E '(error|Error|ERROR|undefined|^E):? ' "$log" >&2 || true
		tail -n 25 "$log" >&2
		die "$label failed, see $log"
	fi
	STEP=
	[ $((SECONDS - start)) -lt 5 ] || say "$label: done in $((SECONDS - start)) s"
}

# attempt COMMAND..: its exit status in $status; it ends at the first command in it that fails, which bash
# does not do where a status is looked at ('if', '||')
attempt() {
	set +e
	(set -e; "$@")
	# shellcheck disable=SC2034
	status=$?
	set -e
}

# need_packages PACKAGE..: install those that are missing
need_packages() {
	local p missing=()
	for p in "$@"; do
		dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q '^install ok installed' || missing+=("$p")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	[ "$(id -u)" = 0 ] || die "not root; please install: ${missing[*]}"
	lock apt
	step "installing ${#missing[@]} packages" "$(cache_dir log)/install-deps" apt_install "${missing[@]}"
	unlock
}

apt_install() {
	export DEBIAN_FRONTEND=noninteractive
	# lists that were never fetched or are out of date make the first attempt fail
	set -- -y -o DPkg::Lock::Timeout=600 --no-install-recommends install "$@"
	apt-get "$@" && return 0
	apt-get update
	apt-get "$@"
}

# hash_files DIR: of all names and contents
hash_files() {
	(cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1)
}

# add_file ROOT FILE DEST: a file, and if it is a program the libraries it needs, into a root file system
add_file() {
	local root=$1 lib
	mkdir -p "$root$(dirname "$3")"
	cp -L "$2" "$root$3"
	[ "$(head -c 4 "$2" | tr -d '\0')" = $'\x7fELF' ] || return 0
	# 'lib => /path (address)' or '/path (address)'; nothing for static programs
	for lib in $(ldd "$2" 2> /dev/null | grep -o '/[^ ]*'); do
		[ -e "$root$lib" ] || { mkdir -p "$root$(dirname "$lib")" && cp -L "$lib" "$root$lib"; }
	done
}

# copy_sources DIR: what the kernel build needs of this tree (MCTP_USB_SOURCE: of another one)
copy_sources() {
	local from=${MCTP_USB_SOURCE:-$TOP} f
	for f in Kbuild Makefile include src; do
		[ ! -e "$from/$f" ] || cp -a "$from/$f" "$1/"
	done
	[ -e "$1/Kbuild" ] || die "no Kbuild in $from"
}

# copy_suites DIR: the KUnit suites on top of that, and the vectors they are to know
copy_suites() {
	cp -a "$TOP/kunit" "$1/"
	mkdir -p "$1/tests/data"
	cp "${MCTP_USB_VECTORS:-$TOP/tests/data/dsp0283-vectors.txt}" "$1/tests/data/dsp0283-vectors.txt"
}

# machine ID: for a kernel of scripts/kernel that is built here, set MACHINE to the variables make needs,
# IMAGE to what is to be booted
# shellcheck disable=SC2034
machine() {
	case $1 in
	uml-*) MACHINE=(ARCH=um) IMAGE=linux ;;
	arm64-*) MACHINE=(ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-) IMAGE=arch/arm64/boot/Image ;;
	arm-*) MACHINE=(ARCH=arm CROSS_COMPILE=arm-linux-gnueabihf-) IMAGE=arch/arm/boot/zImage ;;
	s390-*) MACHINE=(ARCH=s390 CROSS_COMPILE=s390x-linux-gnu-) IMAGE=arch/s390/boot/bzImage ;;
	*) MACHINE=(ARCH=x86_64) IMAGE=arch/x86/boot/bzImage ;;
	esac
}
