# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Debian's kernels by version, and a small Debian 13 to build against their headers in: the tools
# in newer header packages do not run on Debian 12, and the paths in them are absolute.
# To be sourced after lib.sh and lib-apt.sh.

# gcc-12: linux 6.1, gcc-14: the newer ones
CHROOT_PACKAGES=(
	make bc pahole sparse libelf1t64 libssl3t64 zlib1g clang lld llvm
	gcc-12 gcc-12-aarch64-linux-gnu gcc-12-arm-linux-gnueabihf
	gcc-14 gcc-14-aarch64-linux-gnu gcc-14-arm-linux-gnueabihf
)

# Debian's kernels are configured for gcc. These are the lines that would be another in one for clang,
# as far as the compiler's options depend on them; and older headers name the compiler as well.
FOR_CLANG=(
	CC=clang CONFIG_CC_IS_GCC= CONFIG_GCC_VERSION=0 CONFIG_CC_IS_CLANG=y CONFIG_CLANG_VERSION=190000
	CONFIG_FTRACE_MCOUNT_USE_CC= CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=
	CONFIG_UBSAN_BOUNDS_STRICT= CONFIG_UBSAN_ARRAY_BOUNDS=y
	CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough
	# in the headers' C the configuration is gcc's still, with which clang finds some types twice per-CPU
	KCFLAGS=-Wno-duplicate-decl-specifier
)

# debian_suite VERSION ARCH REGEX: set SUITE to the release that has that kernel, and PACKAGE to its
# newest package whose whole name matches REGEX; false if no release has it
debian_suite() {
	local suites
	case $1 in
	6.1) suites=bookworm ;;
	6.12) suites=trixie ;;
	*) suites='trixie-backports sid' ;;
	esac
	for SUITE in $suites; do
		apt_lists "$SUITE" "$2" || continue
		PACKAGE=$(apt_newest "$SUITE" "$2" "$3")
		[ -z "$PACKAGE" ] || return 0
	done
	say "no package '$3' for $2 in: $suites"
	return 1
}

unpack_source() {	# DEB DIR
	rm -rf "$2" "$2.part"
	mkdir -p "$2.part"
	dpkg-deb --fsys-tarfile "$1" | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
		xz -dc -T0 | tar -x --strip-components=1 -C "$2.part"
	mv "$2.part" "$2"
}

# debian_source VERSION: unpack Debian's kernel source, print where
debian_source() {
	local deb dir
	dir=$(cache_dir src)/linux-$1
	lock "src-$1"
	if [ ! -d "$dir" ]; then
		debian_suite "$1" amd64 "linux-source-$1"
		deb=$(apt_fetch "$SUITE" amd64 "linux-source-$1")
		step "unpacking linux-source-$1" "$(cache_dir log)/unpack-$1" unpack_source "$deb" "$dir"
	fi
	unlock
	echo "$dir"
}

# debian_offers VERSION ARCH: false if Debian (or this machine's mirror) has no such headers;
# otherwise SUITE and RELEASE are set
debian_offers() {
	local stamp flavour=$2
	stamp=$(cache_dir headers)/$1-$2
	if [ -e "$stamp" ]; then
		read -r SUITE RELEASE < "$stamp"
		return 0
	fi
	[ "$flavour" != armhf ] || flavour=armmp
	debian_suite "$1" "$2" "linux-headers-${1//./\\.}\.[0-9]+([-+][a-z0-9.]*[0-9])?-$flavour" || return 1
	RELEASE=${PACKAGE#linux-headers-}
}

# debian_headers VERSION ARCH: make sure those headers are unpacked in the chroot; sets CHROOT,
# SUITE and RELEASE
debian_headers() {
	local stamp
	stamp=$(cache_dir headers)/$1-$2
	lock "headers-$1-$2"
	debian_offers "$1" "$2"
	release_headers "$SUITE" "$2" "$RELEASE"
	echo "$SUITE $RELEASE" > "$stamp"
	unlock
}

# release_headers SUITE ARCH RELEASE: the same for a kernel that is known by its release; sets CHROOT
release_headers() {
	local suite=$1 arch=$2 headers=linux-headers-$3 stamp kbuild common debs
	debian_chroot
	stamp=$(cache_dir headers)/$headers
	[ ! -e "$stamp" ] || return 0
	# the tools must run here, whatever the headers are for
	apt_lists "$suite" amd64
	kbuild=$(apt_depends "$suite" "$arch" "$headers" 'linux-kbuild-.*')
	common=$(apt_depends "$suite" "$arch" "$headers" 'linux-headers-.*-common(-rt)?')
	debs=$(apt_fetch "$suite" "$arch" "$headers"
		apt_fetch "$suite" amd64 "$common" "$kbuild")
	lock chroot
	# shellcheck disable=SC2086
	step "unpacking $headers" "$(cache_dir log)/unpack-$headers" unpack_headers $debs
	unlock
	touch "$stamp"
}

unpack_headers() {	# DEB..
	local deb tmp
	# not straight into the chroot: older packages have /lib, which is a link there
	tmp=$(mktemp -d "$CHROOT/tmp/headers.XXXXXX")
	for deb in "$@"; do dpkg-deb -x "$deb" "$tmp"; done
	cp -a "$tmp/usr/src/." "$CHROOT/usr/src/"
	cp -a "$tmp"/usr/lib/linux-kbuild-* "$CHROOT/usr/lib/"
	rm -rf "$tmp"
}

# debian_chroot: sets CHROOT to the directory of a Debian 13 with the compilers
debian_chroot() {
	CHROOT=$(cache_dir chroot)/trixie
	[ "${CHROOT_PACKAGES[*]}" != "$(cat "$CHROOT/stamp" 2> /dev/null)" ] || return 0
	[ "$(id -u)" = 0 ] || die "the builds for Debian's kernels need root (chroot)"
	lock chroot
	[ -e "$CHROOT/etc/apt/sources.list" ] ||
		step "debootstrap of Debian 13 for builds (once)" "$(cache_dir log)/debootstrap" bootstrap trixie "$CHROOT"
	step "installing compilers for builds (once)" "$(cache_dir log)/chroot-packages" \
		chroot_apt "${CHROOT_PACKAGES[@]}"
	echo "${CHROOT_PACKAGES[*]}" > "$CHROOT/stamp"
	unlock
}

# plain_uri URI: what others than apt understand
plain_uri() {
	local list
	case $1 in
	mirror+file:*)	# a file with a list of mirrors, which is apt's own invention
		list=${1#mirror+file:}
		sed -n 's/^\([a-z]*:[^[:space:]]*\).*/\1/p' "/${list##/}" | head -n 1 ;;
	*) echo "$1" ;;
	esac
}

# bootstrap SUITE DIR: a minimal Debian
bootstrap() {
	local uri
	rm -rf "$2" "$2.part"
	# the proxy apt is told to use
	eval "$(apt-config shell http_proxy Acquire::http::Proxy https_proxy Acquire::https::Proxy)"
	export http_proxy https_proxy
	for uri in $(apt_mirrors ''); do
		uri=$(plain_uri "$uri")
		rm -rf "$2.part"
		debootstrap --variant=minbase --keyring="$KEYRING" "$1" "$2.part" "$uri" || continue
		apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-)' > "$2.part/etc/apt/apt.conf.d/00host" || true
		echo "deb $uri $1 main" > "$2.part/etc/apt/sources.list"
		mv "$2.part" "$2"
		return 0
	done
	return 1
}

chroot_apt() {
	in_chroot / apt-get update
	in_chroot / env DEBIAN_FRONTEND=noninteractive apt-get -y --no-install-recommends install "$@"
	in_chroot / apt-get clean
}

# in_chroot DIR COMMAND..: run it in the chroot with DIR of this machine at /build (unless it is /).
# The mounts are in a namespace of their own and go away with the command.
in_chroot() {
	local dir=$1
	shift
	mkdir -p "$CHROOT/build"
	# shellcheck disable=SC2016
	unshare --mount sh -eu -c '
		root=$1 dir=$2
		shift 2
		# rpm runs scripts in a mount namespace of their own, and expects / to be a mount for that
		mount --bind "$root" "$root"
		mount --bind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		[ "$dir" = / ] || mount --bind "$dir" "$root/build"
		exec chroot "$root" env -i LC_ALL=C HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
	' sh "$CHROOT" "$dir" "$@"
}

# debian_make DIR RELEASE [VARIABLE=VALUE..]: build the modules in DIR against those headers, as DKMS
# does; the headers themselves name the compiler, unless it is to be clang (LLVM=1)
debian_make() {
	local dir=$1 headers=/usr/src/linux-headers-$2 release=$2 cross cc
	shift 2
	case " $* " in
	*' LLVM=1 '*)
		in_chroot "$dir" nice make -C "$headers" M=/build KERNELRELEASE="$release" -j"$(nproc)" \
			"${FOR_CLANG[@]}" "$@"
		return ;;
	esac
	case $release in
	*-arm64|*-arm64-16k) cross=aarch64-linux-gnu- && set -- CROSS_COMPILE="$cross" "$@" ;;
	*-armmp|*-armmp-lpae) cross=arm-linux-gnueabihf- && set -- CROSS_COMPILE="$cross" "$@" ;;
	*) cross='' ;;
	esac
	cc=$(sed -n 's/^CC = .*(CROSS_COMPILE)\(gcc-[0-9]*\)$/\1/p' "$CHROOT$headers/.kernelvariables")
	if [ ! -x "$CHROOT/usr/bin/$cross$cc" ]; then
		# an older one does not know all attributes the kernel's headers then use
		set -- CC="${cross}gcc-14" KCFLAGS=-Wno-attributes "$@"
	fi
	in_chroot "$dir" nice make -C "$headers" M=/build KERNELRELEASE="$release" -j"$(nproc)" "$@"
}
