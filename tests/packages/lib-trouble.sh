# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2016
# What can go wrong when the packages are installed, and what must come of it. For deb.

newest() { kernels | tail -n 1; }

# headers_of KERNEL FILE: Debian has most headers in a directory called source
headers_of() { echo "$root$(run readlink -f "/lib/modules/$1/$2")"; }

# headers_file FILE: of the newest kernel
headers_file() { headers_of "$(newest)" "$1"; }

# what our package's installation runs, and then the kernel's
AGAIN='
	dpkg-reconfigure -f noninteractive mctp-usb-dkms
	DEB_MAINT_PARAMS=configure /etc/kernel/postinst.d/dkms "$newest"
'
in_shell() { run env "newest=$(newest)" sh -euc "$1"; }

reconfigure() { in_shell "$AGAIN"; }

# log_of KERNEL: where README says it is
log_of() { echo "$root/var/lib/dkms/$PACKAGE/$version/$1.log"; }

# what was said, with the log that it names
said() {
	cat "$work/log" "$(log_of "$(newest)")" 2> /dev/null
}

# passes_over REGEX [COMMAND..]: as things are (or as COMMAND makes them while it runs $AGAIN), our package's
# installation succeeds without a module for the newest kernel, so does that kernel's, and what is said
# matches REGEX
passes_over() {
	local regex=$1
	shift
	"${@:-reconfigure}" > "$work/log" 2>&1 || { said; return 1; }
	all_configured
	not_built
	said | grep -E "$regex" || { said; return 1; }
}

not_built() {
	local status
	attempt built_for "$version" "$(newest)" > /dev/null 2>&1
	[ "$status" != 0 ] || { echo "it is built"; return 1; }
}

# told REGEX: passes_over, and mctp-usb-diag says so
told() {
	local status
	passes_over "$1"
	attempt diagnose "$(newest)" > "$work/diag"
	cat "$work/diag"
	[ "$status" = 1 ]
	grep "DKMS could not build mctp-usb $version for this kernel: ." "$work/diag"
}

# mended: once the cause is gone, what the user was told to do works
mended() {
	not_built
	run dkms install "$PACKAGE/$version" -k "$(newest)"
	built_for "$version" "$(newest)"
	[ ! -e "$(log_of "$(newest)")" ]
}

# with FILE SED COMMAND..: COMMAND runs while FILE is edited
with() {
	local file=$1 edit=$2 kept status
	shift 2
	kept=$(mktemp "$work/kept.XXXXXX")
	cp -a "$file" "$kept"
	sed -i "$edit" "$file"
	attempt "$@"
	cp -a "$kept" "$file"
	return "$status"
}

# of several kernels the oldest one fails: the reason is there still when it was built for the others
reason_is_kept() {
	local oldest
	oldest=$(kernels | head -n 1)
	[ "$oldest" != "$(newest)" ] || { echo "there is only one kernel"; return 1; }
	with "$(headers_of "$oldest" source/include/linux/usb.h)" '$a #error changed' reconfigure
	all_configured
	built_for "$version" "$(newest)"
	grep "mctp-usb: no modules for Linux $oldest" "$(log_of "$oldest")"
	run dkms install "$PACKAGE/$version" -k "$oldest"
	built_for_all "$version"
	[ ! -e "$(log_of "$oldest")" ]
}

without_compiler() {
	local status gcc f files
	gcc=$(sed -n 's/^CC = .*(CROSS_COMPILE)\(gcc-[0-9]*\)$/\1/p' "$(headers_file build/.kernelvariables)")
	# newer kernels' headers call it by its longer name
	files=("$root/usr/bin/$gcc" "$root/usr/bin/x86_64-linux-gnu-$gcc" "$root/usr/lib/ccache")
	for f in "${files[@]}"; do mv "$f" "$f.away"; done
	attempt passes_over 'compiler that this kernel wants is not installed'
	for f in "${files[@]}"; do mv "$f.away" "$f"; done
	return "$status"
}

# in a directory too small for the build
reconfigure_in_little_space() {
	in_shell '
		cp -a /var/lib/dkms /tmp/dkms
		mount -t tmpfs -o size=2m tmpfs /var/lib/dkms
		cp -a /tmp/dkms/. /var/lib/dkms/
		rm -rf /tmp/dkms
		'"$AGAIN"'
		cp -a /var/lib/dkms /tmp/dkms
		# newer dkms leaves a process there that has nothing more to do
		umount --lazy /var/lib/dkms
		rm -rf /var/lib/dkms
		mv /tmp/dkms /var/lib/dkms
	'
}

reconfigure_without_headers() {
	in_shell '
		for d in /lib/modules/*/build; do mv "$d" "$d.away"; done
		('"$AGAIN"') || status=1
		for d in /lib/modules/*/build.away; do mv "$d" "${d%.away}"; done
		exit ${status:-0}
	'
}

# the power goes off while it is built
interrupted() {
	local i p
	(bring "$debs" "$version" && apt install --reinstall /packages/dkms.deb) &
	for ((i = 0; i < 6000; i++)); do
		[ -z "$(find "$root/var/lib/dkms/$PACKAGE" -name '*.o' 2> /dev/null)" ] || break
		sleep 0.1
	done
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/root")" != "$root" ] || kill -KILL "${p#/proc/}" || true
	done
	wait || true
	[ -n "$(run dpkg --audit)" ] || { echo "it was done already"; return 1; }
	run dpkg --configure -a
	all_configured
	built_for "$version" "$(newest)"
}

# --- the kernel's own core ------------------------------------------------------
# a kernel with CONFIG_MCTP=y, as far as one sees when modules are built for it. It has none of ours: dkms
# removes what dkms.conf says that there is, by a configuration that does not change in a kernel's life.
with_own_core() {
	run dkms remove "$PACKAGE/$version" -k "$(newest)"
	printf '0x00000000\t%s\tvmlinux\tEXPORT_SYMBOL_GPL\t\n' mctp_{,un}register_netdev > "$work/symvers"
	with "$(headers_file build/include/config/auto.conf)" '$a CONFIG_MCTP=y' \
		with "$(headers_file build/.config)" '$a CONFIG_MCTP=y' \
		with "$(headers_file build/include/generated/autoconf.h)" '$a #define CONFIG_MCTP 1' \
		with "$(headers_file build/Module.symvers)" "\$r $work/symvers" "$@"
}

only_the_driver() {
	reconfigure
	status | grep -qF "$PACKAGE/$version, $(newest), x86_64: installed"
	[ "$(find "$root/lib/modules/$(newest)/updates" -name 'mctp*' -printf '%f\n' | sed 's/\..*//')" = mctp-usb ]
	[[ ,$(modinfo_of "$(newest)" mctp-usb depends), != *,mctp,* ]]
	run dkms remove "$PACKAGE/$version" -k "$(newest)"
	[ -z "$(find "$root/lib/modules/$(newest)/updates" -name 'mctp*')" ]
}

# --- the kernel's own driver ---------------------------------------------------
# a kernel that has it: its configuration says so, and there is a module of that name
with_own_driver() {
	local status dir own
	dir=$root/lib/modules/$(newest)/kernel/drivers/net
	own=$(find "$dir" -name 'dummy.ko*')
	mkdir -p "$dir/mctp"
	cp "$own" "$dir/mctp/mctp-usb.ko${own##*.ko}"
	own=$dir/mctp/mctp-usb.ko${own##*.ko}
	attempt with "$(headers_file build/include/config/auto.conf)" '$a CONFIG_MCTP_TRANSPORT_USB=m' \
		with "$(headers_file build/.config)" '$a CONFIG_MCTP_TRANSPORT_USB=m' "$@" "$own"
	rm -rf "$dir/mctp"
	run depmod "$(newest)"
	return "$status"
}

own_driver_stays() {
	passes_over 'has its own driver'
	[ -e "$1" ]
}

ours_is_preferred() {
	echo 'BUILD_EXCLUSIVE_CONFIG="CONFIG_USB CONFIG_NET"' > "$root/etc/dkms/mctp-usb.conf"
	reconfigure
	built_for "$version" "$(newest)"
	rm "$root/etc/dkms/mctp-usb.conf"
	reconfigure
	status
	[ -z "$(find "$root/lib/modules/$(newest)/updates" -name 'mctp*')" ]
	[ -e "$1" ]
}

trouble() {
	local usb_h socket_h
	usb_h=$(headers_file source/include/linux/usb.h)
	socket_h=$(headers_file source/include/linux/socket.h)
	check "the power goes off in the build: 'dpkg --configure -a' mends it" interrupted
	check "no headers: passed over" passes_over 'headers' reconfigure_without_headers
	check "mended" mended
	check "no compiler: passed over" without_compiler
	check "mended" mended
	check "no space: passed over" passes_over 'no space left for the build' reconfigure_in_little_space
	check "mended" mended
	check "a kernel that it does not build for: passed over, and told" with "$usb_h" '$a #error changed' \
		told 'may be newer than mctp-usb knows'
	check "mended" mended
	check "of several kernels it builds for all but one: the reason is kept" reason_is_kept
	check "a kernel that has the AF_MCTP core: only the driver is built" with_own_core only_the_driver
	check "mended" mended
	check "a kernel that does not know AF_MCTP: passed over" with "$socket_h" 's/AF_MCTP/AF_WHAT/' \
		passes_over 'cannot have MCTP'
	check "mended" mended
	check "a kernel with a driver of its own: passed over" with_own_driver own_driver_stays
	check "unless told to prefer ours, which can be undone" with_own_driver ours_is_preferred
	check "mended" mended
}
