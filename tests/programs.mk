# SPDX-License-Identifier: GPL-2.0
# For the Makefiles of test programs, which set PROGRAMS and the objects of each, NAME-objs, and
# include this. make O=DIR puts them into DIR. What the conformance suite, the guest's tools
# and tools/link have is found by name.

O ?= $(error say where to build: make O=DIR)

TESTS := $(dir $(lastword $(MAKEFILE_LIST)))
VPATH := $(TESTS)conformance $(TESTS)vm/tools $(TESTS)../tools/link

# operations in tables have parameters and fields that not all of them need
WARNINGS ?= -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 $(WARNINGS) -MMD -MP -D_GNU_SOURCE -I$(TESTS)conformance -I$(TESTS)../tools/link

.PHONY: all clean
all: $(PROGRAMS:%=$(O)/%)

define link_program
$(O)/$(1): $$($(1)-objs:%=$(O)/%)
	$$(CC) $$(LDFLAGS) -o $$@ $$^ $$(LDLIBS) -lmnl
endef
$(foreach p,$(PROGRAMS),$(eval $(call link_program,$(p))))

$(O)/%.o: %.c | $(O)
	$(CC) $(CFLAGS) -c -o $@ $<

$(O):
	mkdir -p $@

clean:
	$(RM) $(PROGRAMS:%=$(O)/%) $(O)/*.o $(O)/*.d

-include $(wildcard $(O)/*.d)
