# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Builds of the modules against Debian's kernel headers, where a warning is a failure.
# To be sourced after lib.sh, lib-apt.sh and lib-debian.sh.

# the tools in the chroot are of another point release than those that built the kernels;
# Debian's header packages have no vmlinux to make BTF from before 6.12
HARMLESS='warning: (the compiler|pahole version) differs from the one used to build the kernel|Skipping BTF generation'

# complaints KIND LOG: lines that must not be there
complaints() {
	case $1 in
	# sparse does not like the kernel's own headers; ours it must. Of bad constant expressions gcc is
	# the better judge: sparse takes MODULE_LICENSE and the like of newer kernels for such.
	sparse) grep -E '^(/build/)?(src|include)/[^ ]*: (warning|error):' "$2" | grep -v ': bad constant expression$' ;;
	*) grep -iE '(warning|error):|^make.*\*\*\*' "$2" | grep -vE "$HARMLESS" ;;
	esac
}

# sparse_for RELEASE: newer kernels ask a script of theirs whether sparse is any good, which Debian's
# packages do not have; without an answer they quietly do without sparse
sparse_for() {
	local script
	script=$CHROOT/usr/src/linux-headers-${1%-*}-common/scripts/checker-valid.sh
	[ -e "$script" ] || printf '#!/bin/sh\necho 1\n' > "$script"
	chmod +x "$script"
}

# did_its_work KIND DIR LOG: the build did what it should have, so that no complaint means something
did_its_work() {
	case $1 in
	sparse) grep -q '^ *CHECK .*src/' "$3" ;;
	clang) grep -qr --include='*.ko' 'clang version' "$2" ;;
	*) [ -n "$(find "$2" -name '*.ko')" ] ;;
	esac
}

# build_for RELEASE KIND DIR LOG: build in DIR, which is made and removed; KIND is gcc, clang or sparse.
# If it fails LOG.bad has the lines that tell why.
build_for() {
	local release=$1 kind=$2 dir=$3 log=$4 status=0 options=(W=1)
	case $kind in
	# a keyword that Debian 13's sparse does not know yet
	sparse)	options=(C=2 "CF=-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__")
		sparse_for "$release" ;;
	clang) options+=(LLVM=1) ;;
	esac
	mkdir "$dir"
	copy_sources "$dir"
	debian_make "$dir" "$release" "${options[@]}" > "$log" 2>&1 < /dev/null || status=$?
	if [ $status != 0 ]; then
		tail -n 20 "$log" > "$log.bad"
	elif ! did_its_work "$kind" "$dir" "$log"; then
		echo "the build made no modules, or not with the tool that was asked for" > "$log.bad"
		status=1
	elif complaints "$kind" "$log" > "$log.bad"; then
		status=1
	fi
	rm -rf "$dir"
	return $status
}
