# SPDX-License-Identifier: GPL-2.0
# KUnit suites, built when MCTP_USB_KUNIT is set; included by the Kbuild above. Each is a module of
# its own that includes the source file it tests, so the modules users get export nothing for it.

mctp-usb-suites := mctp_usb_framing mctp_usb_packer mctp_usb_sizes \
		   mctp_usb_rx mctp_usb_rx_faults mctp_usb_rx_stop mctp_usb_rx_vectors \
		   mctp_usb_tx mctp_usb_tx_wait mctp_usb_tx_faults mctp_usb_tx_soak \
		   mctp_usb_pace mctp_usb_pipe mctp_usb_stats
mctp-core-suites := mctp_core_reassembly mctp_core_fragment mctp_core_tags \
		    mctp_core_routes mctp_core_eids mctp_core_partials \
		    mctp_core_deliver mctp_core_disorder mctp_core_lifetimes \
		    mctp_core_paths mctp_core_binds mctp_core_links mctp_core_addrs

obj-m += $(patsubst %,kunit/%_kunit.o,$(mctp-usb-suites))
# our core is built for kernels without one, and its suites as well
ifneq ($(CONFIG_MCTP),y)
obj-m += $(patsubst %,kunit/%_kunit.o,$(mctp-core-suites))
endif

# DSP0283 vectors: ours, or any other file in that format
MCTP_USB_VECTORS ?= $(src)/tests/data/dsp0283-vectors.txt

quiet_cmd_vectors = GEN     $@
      cmd_vectors = awk -f $(src)/kunit/vectors.awk $(MCTP_USB_VECTORS) > $@

$(obj)/kunit/vectors.h: $(src)/kunit/vectors.awk $(MCTP_USB_VECTORS) FORCE
	$(call if_changed,vectors)
targets += kunit/vectors.h

$(patsubst %,$(obj)/kunit/%_kunit.o,mctp_usb_framing mctp_usb_packer mctp_usb_rx_vectors): $(obj)/kunit/vectors.h
ccflags-y += -I$(obj)/kunit

# for scripts/coverage, in a kernel with GCOV_KERNEL
ifneq ($(MCTP_USB_COVERAGE),)
GCOV_PROFILE := y
# a copy that was inlined everywhere would count as never called
ccflags-y += -fno-inline-functions -fno-inline-small-functions \
	     -fno-inline-functions-called-once
endif
