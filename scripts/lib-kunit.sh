# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Running KUnit suites that are modules: a machine that loads them and prints what they found.
# To be sourced after lib.sh, lib-apt.sh and lib-debian.sh.

# kunit_needs ID: packages for that kind of machine
kunit_needs() {
	case $1 in
	arm64-*) need_packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-system-arm ;;
	arm-*) need_packages gcc-arm-linux-gnueabihf libc6-dev-armhf-cross qemu-system-arm ;;
	s390-*) need_packages gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-system-misc ;;
	esac
}

# static_busybox ID: one for that machine
static_busybox() {
	local arch deb dir
	case $1 in
	uml-*|mctp-*) echo /bin/busybox; return ;;
	arm64-*) arch=arm64 ;;
	arm-*) arch=armhf ;;
	s390-*) arch=s390x ;;
	esac
	dir=$(cache_dir "busybox/$arch")
	if [ ! -x "$dir/bin/busybox" ]; then
		apt_lists bookworm "$arch"
		deb=$(apt_fetch bookworm "$arch" busybox-static)
		dpkg-deb -x "$deb" "$dir"
	fi
	echo "$dir/bin/busybox"
}

# kunit_initramfs ID KERNEL MODULES OUT GLOB PARAMETERS: with the suites of the directory MODULES whose
# name matches, and our own modules there
kunit_initramfs() {
	local f name root=$4.root
	mkdir -p "$root"/{bin,proc,sys,dev,suites,modules}
	cp "$(static_busybox "$1")" "$root/bin/busybox"
	cp "$TOP/kunit/init" "$root/init"
	echo "$6" > "$root/parameters"
	# where KUnit is a module itself
	find "$2/modules/" -name kunit.ko -exec cp {} "$root/" \;
	while read -r f; do
		name=$(basename "$f" .ko)
		# shellcheck disable=SC2053
		if [ "$name" = "${name%_kunit}" ]; then
			cp "$f" "$root/modules/"
		elif [[ ${name%_kunit} == $5 ]]; then
			cp "$f" "$root/suites/"
		fi
	done < <(find "$3" -name '*.ko')
	[ -n "$(ls "$root/suites")" ] || die "no suite has the name '$5'"
	(cd "$root" && find . | cpio -o -H newc -R 0:0 --quiet | gzip -1) > "$4"
	rm -rf "$root"
}

# kunit_boot ID KERNEL INITRAMFS: its console on stdout; false when it did not end by itself
kunit_boot() {
	local args=(quiet loglevel=4 panic=-1 kunit.enable=1) qemu
	case $1 in
	uml-*)
		# its memory is a file in TMPDIR
		TMPDIR=$(dirname "$3") timeout -k 5 "${KUNIT_TIMEOUT:-300}" "$2/vmlinuz" mem=512M "initrd=$3" con=null \
			con0=fd:0,fd:1 random.trust_cpu=on "${args[@]}" < /dev/null
		return ;;
	arm64-*) qemu=(qemu-system-aarch64 -M virt -cpu cortex-a57 -serial stdio) args+=(console=ttyAMA0) ;;
	arm-*) qemu=(qemu-system-arm -M virt -cpu cortex-a15 -serial stdio) args+=(console=ttyAMA0) ;;
	mctp-*)	qemu=(qemu-system-x86_64 -M q35 -cpu Nehalem -serial stdio) args+=(console=ttyS0) ;;
	s390-*)	qemu=(qemu-system-s390x -M s390-ccw-virtio -cpu qemu -chardev "stdio,id=c" -device "sclpconsole,chardev=c") ;;
	esac
	timeout -k 5 "${KUNIT_TIMEOUT:-900}" "${qemu[@]}" -m 512 -display none -nodefaults -no-user-config -no-reboot \
		-kernel "$2/vmlinuz" -initrd "$3" -append "${args[*]}" < /dev/null
}

# kunit_parts CONSOLE DIR: what is between marks into files: SUITE (its KTAP), coverage
kunit_parts() {
	mkdir -p "$2"
	tr -d '\r' < "$1" | awk -v dir="$2" '
		/^=== end /	{ close(file); file = "" }
		file != ""	{ print > file }
		/^=== begin /	{ file = dir "/" $3; printf "" > file }'
}

# kunit_complaints CONSOLE: what else went wrong there
kunit_complaints() {
	if ! grep -q '^=== done' "$1"; then
		echo "the machine did not get to its end"
	else
		grep -E '^=== (complaints|.* does not load)' "$1" || true
	fi
}
