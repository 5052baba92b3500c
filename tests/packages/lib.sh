# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034
# Throw-away Debian systems to install packages in, and results as KTAP lines.
# To be sourced after lib.sh, lib-apt.sh and lib-debian.sh of scripts/.

PACKAGE=mctp-usb
tests=0 failures=0

# check NAME COMMAND..: one test; what COMMAND said is shown when it fails
check() {
	local name=$1 said=$work/said status
	shift
	tests=$((tests + 1))
	attempt "$@" > "$said" 2>&1
	if [ "$status" = 0 ]; then
		echo "ok $tests - $name"
		return 0
	fi
	failures=$((failures + 1))
	echo "not ok $tests - $name"
	echo "# failed: $*"
	tail -n 40 "$said" | sed 's/^/# /'
	return 0
}

finish() {
	echo "1..$tests"
	echo "# $((tests - failures)) passed, $failures failed"
	exit $((failures != 0))
}

# --- systems -----------------------------------------------------------------
# first_kernel SUITE: the kernel a new system gets; later ones: second_kernel SUITE
first_kernel() {
	case $1 in
	# a point release's, so that the newer one of the security archive can arrive
	trixie) point_release_kernel trixie ;;
	*) echo amd64 ;;
	esac
}

# point_release_kernel SUITE: the newest kernel of that release without its security updates
point_release_kernel() {
	local APT
	apt_private "$1" amd64
	apt-cache "${APT[@]}" madison linux-image-amd64 | awk -F '|' -v suite=" $1/main" 'index($3, suite) { print $2 }' |
		tr -d ' ' | sort -V | tail -n 1 | sed 's/-[^-]*$//; s/$/+deb13-amd64/'
}

# what a new system has besides the kernel; ccache is for in_system
SYSTEM_PACKAGES=(udev kmod iproute2 ethtool initramfs-tools zstd ccache)

# base_system SUITE: a Debian with a kernel and its headers; prints its directory. Made once, used by
# copies only.
base_system() {
	local dir
	dir=$(cache_dir systems)/$1
	lock "system-$1"
	if [ "${SYSTEM_PACKAGES[*]}" != "$(cat "$dir/stamp" 2> /dev/null)" ]; then
		apt_lists "$1" amd64
		step "debootstrap of $1 (once)" "$(cache_dir log)/system-$1-bootstrap" bootstrap "$1" "$dir"
		step "installing a kernel and its headers in it (once)" "$(cache_dir log)/system-$1-kernel" \
			install_kernel_first "$1" "$dir"
		echo "${SYSTEM_PACKAGES[*]}" > "$dir/stamp"
	fi
	unlock
	echo "$dir"
}

install_kernel_first() {
	local suite=$1 root=$2 uri kernel
	for uri in $(apt_mirrors -security); do
		[ "$suite" = sid ] || echo "deb $(plain_uri "$uri") $suite-security main" >> "$root/etc/apt/sources.list"
	done
	# no services in a directory, no waiting for the disk
	printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
	echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/speed"
	# most modules are of no use here, and every depmod unpacks and reads them all
	printf 'path-exclude=*/kernel/%s/*\n' sound drivers/{gpu,media,iio,infiniband,net/wireless,net/ethernet} \
		>> "$root/etc/dpkg/dpkg.cfg.d/speed"
	kernel=$(first_kernel "$suite")
	in_system "$root" apt-get update
	in_system "$root" apt-get install --no-install-recommends -y "${SYSTEM_PACKAGES[@]}" \
		"linux-image-$kernel" "linux-headers-$kernel"
}

# new_system SUITE: a copy of it in $root, gone when the script ends
new_system() {
	local base
	base=$(base_system "$1")
	root=$work/root
	cp -a --reflink=auto "$base" "$root"
	rm "$root/stamp"
	mkdir "$root/packages"
	# made often, and read once
	printf 'COMPRESS=gzip\nCOMPRESSLEVEL=1\n' > "$root/etc/initramfs-tools/conf.d/quickly"
}

# in_system DIR COMMAND..: run it there; mounts go away with it. The same modules are built there dozens of
# times: ccache spares most of it.
SYSTEM_PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin
in_system() {
	CHROOT=$1 in_chroot / DEBIAN_FRONTEND=noninteractive CCACHE_DIR=/packages/ccache PATH=$SYSTEM_PATH "${@:2}"
}

run() { in_system "$root" "$@"; }

apt() { run apt-get -y -o Dpkg::Use-Pty=0 -o "DPkg::Path=$SYSTEM_PATH" "$@"; }

# kernels: the releases installed in the system, oldest first
kernels() { ls -v "$root/lib/modules"; }

# --- what must be true -------------------------------------------------------
status() { run dkms status -m $PACKAGE; }

# built_for VERSION RELEASE
built_for() {
	status | grep -qF "$PACKAGE/$1, $2, x86_64: installed" || { status; return 1; }
	[[ $(modinfo_of "$2" mctp-usb filename) = */updates/dkms/mctp-usb.ko* ]]
	[[ $(modinfo_of "$2" mctp filename) = */updates/dkms/mctp.ko* ]]
	[ "$(modinfo_of "$2" mctp-usb version)" = "$1" ]
}

modinfo_of() { run modinfo -k "$1" -F "$3" "$2"; }

# nothing is left half-done in the package database
all_configured() {
	[ -z "$(run dpkg --audit)" ] || { run dpkg --audit; return 1; }
}

# diagnose RELEASE: what the system's mctp-usb-diag says of it, as if it ran that kernel; with its status
diagnose() {
	local status
	mkdir -p "$root/proc/sys/kernel"
	echo "$1" > "$root/proc/sys/kernel/osrelease"
	attempt "$root/usr/bin/mctp-usb-diag" --root "$root"
	rm -r "$root/proc/sys"
	return "$status"
}

# packaged_version DIR: the version, without Debian's part, of the packages there
packaged_version() {
	local deb
	deb=$(find "$1" -name "$PACKAGE-dkms_*.deb")
	[ -f "$deb" ] || die "not one package $PACKAGE-dkms in $1"
	dpkg-deb -f "$deb" Version | sed 's/-[^-]*$//'
}

# traces: all files of ours in the system (Debian's own manpages has an mctp(7), too)
traces() {
	find "$root" -xdev \( -path "$root/proc" -o -path "$root/packages" -o -path "$root/var/lib/apt" \) -prune -o \
		-iname '*mctp*' -print | grep -vE "^$root/(usr/src/linux-|usr/lib/linux-|lib/modules/[^/]*/kernel/|usr/lib/modules/[^/]*/kernel/|boot/)" |
		grep -vE '/usr/(include|share/(doc|bash-completion))/|/man7/mctp\.7\.gz$' || true
}
