# SPDX-License-Identifier: GPL-2.0
# Convenience for people; kernels are built by Kbuild, which DKMS uses directly.
#
#   make                 the modules, for the running kernel (KDIR=... for another)
#   make demo            see MCTP over USB work in a virtual machine, no hardware
#   make check           all tests; needs root and Debian 12
#   make check-long      the same with every kernel and many more rounds
#   make soak            fuzzing, a hostile device, races, failing allocations, for hours (tests/soak --help)
#   make kunit           the KUnit suites on User Mode Linux: KERNEL=6.12 SUITE=mctp_usb_rx
#                        VECTORS=FILE SEED=N, all optional
#   make kunit-arches    the same on arm64, 32-bit arm and s390, which is big-endian
#   make kunit-modules   the suites as modules, for a kernel with KUnit
#   make coverage        lines and branches that the suites reach
#   make mutation        do the suites notice when the code is wrong?
#   make fuzz            framing and reassembly against models, with sanitizers
#   make conformance     our AF_MCTP core against the kernel's own, check by check
#   make style           checkpatch, shellcheck and house rules
#   make bench           our driver beside the kernel's own: goodput, latency, instructions, memory
#   make analyze         static analysis; docs/static-analysis.md explains what is found
#   make matrix          builds for all of Debian's kernels
#   make tools           mctp-usb-diag and the emulated endpoint, into O=DIR (default build/)
#   make deb, make rpm   the packages, into build/deb and build/rpm
#   make check-packages  install, upgrade and remove them in Debian's releases; boot the result
#   make release-check   make the next release in a copy of this tree, and look at it (scripts/release makes it)
#   make install-dkms    the source as DKMS wants it, under DESTDIR
#   make clean
#
# What demo and check download and build is kept in MCTP_USB_CACHE
# (default ~/.cache/mctp-usb).

KERNELRELEASE ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNELRELEASE)/build
O ?= $(CURDIR)/build

# A kernel built by clang needs its modules built by clang.
ifneq ($(shell grep -s '^CONFIG_CC_IS_CLANG=y' $(KDIR)/include/config/auto.conf),)
LLVM ?= 1
export LLVM
endif

modules clean:
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

install: modules
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=updates modules_install

demo:
	tests/demo

check:
	tests/check

check-long:
	tests/check --long

soak:
	tests/soak

kunit:
	scripts/kunit $(if $(VECTORS),--vectors "$(VECTORS)") $(if $(SEED),--seed $(SEED)) \
		$(or $(KERNEL),all) $(if $(SUITE),"$(SUITE)")

kunit-arches:
	scripts/kunit arches

kunit-modules:
	$(MAKE) -C $(KDIR) M=$(CURDIR) MCTP_USB_KUNIT=m modules

coverage:
	scripts/coverage

mutation:
	scripts/mutation

fuzz:
	tests/fuzz/run

conformance:
	scripts/conformance

style:
	scripts/check-style

bench:
	tests/bench/run

analyze:
	scripts/analyze

matrix:
	scripts/matrix

tools:
	$(MAKE) -C tools O=$(O)

deb:
	scripts/build-deb

rpm:
	scripts/build-rpm

check-packages:
	tests/packages/check

release-check:
	scripts/release --check

# all that the modules are built of, and no more
dkms-source = $(DESTDIR)/usr/src/mctp-usb-$(shell scripts/version)
install-dkms:
	install -d $(dkms-source)/scripts $(DESTDIR)/usr/lib/modules-load.d
	cp -R --preserve=mode Kbuild dkms.conf include src $(dkms-source)
	install scripts/dkms-try-build $(dkms-source)/scripts
	install -m 644 dist/modules-load.d/mctp.conf $(DESTDIR)/usr/lib/modules-load.d

.PHONY: modules clean install demo check check-long soak kunit kunit-arches kunit-modules \
	coverage mutation fuzz analyze \
	conformance style bench matrix tools deb rpm check-packages \
	release-check install-dkms
.DEFAULT_GOAL := modules
