# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Packages of any Debian release and architecture, from the mirror this machine's apt uses, without
# touching this machine's apt: every release and architecture has an apt state of its own in the
# cache. (Of their own: a mirror with one damaged index makes apt drop its whole release.)
# To be sourced after lib.sh.

KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_mirrors [-security]: the URIs this machine has its release (its security updates) from
apt_mirrors() {
	local codename
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	# other publishers have a release of that name as well, but hardly one of its updates
	apt-get --print-uris update |
		sed -n -E "s#^'(.*)/dists/$codename(-updates|-security)?/(InRelease|Release)' .*#\2 \1#p" |
		awk -v security="$1" '
			security && $1 == "-security" { print 1, $2 }
			!security && $1 == "-updates" { print 1, $2 }
			!security && NF == 1          { print 2, $1 }' |
		sort -u | cut -d ' ' -f 2 | awk '!seen[$0]++'
}

# apt_private SUITE ARCH: set APT to the options that make apt use the private state
apt_private() {
	local dir
	dir=$(cache_dir "apt/$1-$2")
	APT=(-o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache" -o Dir::State::status=/dev/null
		-o "APT::Architecture=$2" -o "APT::Architectures=$2" -o APT::Sandbox::User=root
		-o Acquire::Languages=none)
}

# apt_update SUITE ARCH: fetch the package lists
apt_update() {
	local dir uri
	dir=$(cache_dir "apt/$1-$2")
	apt_private "$1" "$2"
	rm -rf "$dir/lists"
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	for uri in $(apt_mirrors ''); do
		echo "deb [signed-by=$KEYRING] $uri $1 main" > "$dir/sources.list"
		apt-get "${APT[@]}" update || continue
		apt_update_security "$1" "$dir/sources.list"
		touch "$dir/updated"
		return 0
	done
	echo "E: no mirror of this machine's apt configuration has the release $1 for $2"
	return 1
}

# apt_update_security SUITE LIST: add it where there is one; the kernels of the last point release
# will do where it cannot be had
apt_update_security() {
	local uri
	case $1 in *-*|sid) return 0 ;; esac
	cp "$2" "$2.main"
	for uri in $(apt_mirrors -security); do
		echo "deb [signed-by=$KEYRING] $uri $1-security main" >> "$2"
		apt-get "${APT[@]}" update && return 0
		cp "$2.main" "$2"
	done
}

# apt_lists SUITE ARCH: make sure there are package lists, not older than a day; false if they
# cannot be had, which is not tried again within an hour
apt_lists() {
	local dir log
	dir=$(cache_dir "apt/$1-$2") log=$(cache_dir log)/apt-$1-$2
	[ -z "$(find "$dir" -name updated -mmin -1440)" ] || return 0
	[ -z "$(find "$dir" -name failed -mmin -60)" ] || return 1
	lock "apt-$1-$2"
	say "package lists of $1 for $2 ..."
	if apt_update "$1" "$2" > "$log" 2>&1; then
		rm -f "$dir/failed"
		unlock
		return 0
	fi
	say "no package lists of $1 for $2: $(grep -m 1 '^E: ' "$log") ($log)"
	touch "$dir/failed"
	unlock
	return 1
}

# apt_newest SUITE ARCH REGEX: the package of the highest version in its name
apt_newest() {
	local APT
	apt_private "$1" "$2"
	apt-cache "${APT[@]}" pkgnames | grep -E -x "$3" | sort -V | tail -n 1
}

# apt_depends SUITE ARCH PACKAGE REGEX: the names of its direct dependencies that match
apt_depends() {
	local APT
	apt_private "$1" "$2"
	apt-cache "${APT[@]}" --important depends "$3" | sed -n -E "s/^ *Depends: ($4)(:.*)?\$/\1/p" | sort -u
}

# apt_fetch SUITE ARCH PACKAGE..: download what is not there yet, print the file names
apt_fetch() {
	local APT debs suite=$1 arch=$2 uris
	shift 2
	debs=$(cache_dir debs)
	apt_private "$suite" "$arch"
	uris=$(apt-get "${APT[@]}" --print-uris download "$@")
	lock debs
	step "downloading $1" "$(cache_dir log)/download" apt_download "$debs" "$@"
	unlock
	echo "$uris" | awk -v debs="$debs" '{ print debs "/" $2 }'
}

apt_download() {
	cd "$1" || return
	shift
	apt-get "${APT[@]}" download "$@"
}
