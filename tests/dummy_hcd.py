# SPDX-License-Identifier: GPL-2.0
"""Linux 7.3's dummy_hcd with changes, for the make-bus of several tests."""
import sys


def make_bus(usage, edits):
    """make-bus KERNEL_SOURCE OUT.c; edits: (what is there, how often, what takes its place)"""
    if len(sys.argv) != 3:
        sys.exit(usage)
    with open(sys.argv[1] + '/drivers/usb/gadget/udc/dummy_hcd.c') as f:
        text = f.read()
    for old, count, new in edits:
        if text.count(old) != count:
            sys.exit('make-bus: this is another dummy_hcd.c, without: ' + old)
        text = text.replace(old, new)
    with open(sys.argv[2], 'w') as f:
        f.write(text)
