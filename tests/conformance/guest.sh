#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Guest side of scripts/conformance: load what the suite needs and run it.
set -eu
modprobe tun
# where the core is a module nothing but a socket would load it by itself
modprobe -q mctp || true
mctp-conform "$@"
