#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Feature probes: look into a kernel's headers, print -D flags for the overlay.
#
#   probes.sh KERNEL_SOURCE_TREE
#
# NEED_x: the overlay supplies or adapts x. HAVE_x: x is there in this shape.
# Versions say nothing, because stable and vendor trees carry later APIs; so each
# probe is one grep for a fact, and the comment says what changed and when.
set -eu

tree=${1:?kernel source tree}

# has FILE REGEX: the header has a line that matches
has() {
	grep -qsE "$2" "$tree/include/$1"
}

need() { printf ' -DNEED_%s' "$1"; }
have() { printf ' -DHAVE_%s' "$1"; }

# joined FILE: the header with its declarations on one line each
joined() {
	tr -s ' \t\n' ' ' < "$tree/include/$1" 2>/dev/null || :
}

# declares FILE REGEX: as has(), for a declaration that may span lines
declares() {
	joined "$1" | grep -qE "$2"
}

# mctp_register_netdev(): none in 5.15; (dev, ops) from 5.16, which we do without; a third
# argument, the physical binding, and its enum from 6.13 (580db513b4a9), in some vendor
# trees before that.
if declares net/mctpdevice.h 'mctp_register_netdev\([^)]*, ?enum mctp_phys_binding'; then
	have MCTP_REGISTER_NETDEV_BINDING
fi

# struct mctp_skb_cb has halen, the length of the link address of a received
# packet, from 5.16; before, cores know no link address there.
if has net/mctp.h '[[:space:]]halen;'; then
	have MCTP_CB_HALEN
fi

# netif_napi_add() lost its weight argument in 6.1 (b48b89f9c189); RHEL 9.2 too.
if ! declares linux/netdevice.h 'netif_napi_add\( ?struct net_device \*dev, struct napi_struct \*napi, int \(\*poll\)\(struct napi_struct \*, int\)\)'; then
	need NETIF_NAPI_ADD
fi

# ethtool_ops.{get,set}_ringparam take two more arguments from 5.17
# (74624944184e); RHEL 9.2 too.
if ! has linux/ethtool.h '^struct kernel_ethtool_ringparam'; then
	need ETHTOOL_RINGPARAM
fi

# ethtool_puts() came in 6.8; RHEL 9.6 has it.
if ! has linux/ethtool.h 'ethtool_puts\('; then
	need ETHTOOL_PUTS
fi

# hrtimer_setup() came in 6.13; hrtimer_init() went in 6.15.
if ! has linux/hrtimer.h 'hrtimer_setup\('; then
	need HRTIMER_SETUP
fi

# What follows is for the AF_MCTP core.

# The socket ABI grew: extended addressing in 5.16, names for sockaddr_mctp's
# padding then, too, tag ioctls in 5.18 and their second form in 6.9, gateways
# (mctp_fq_addr) in 6.17.
if ! has uapi/linux/mctp.h '^struct mctp_ioc_tag_ctl2' ||
   ! has uapi/linux/mctp.h '^struct mctp_fq_addr'; then
	need MCTP_UAPI
fi

# enum mctp_phys_binding came with the third argument above, IFLA_MCTP_PHYS_BINDING
# with both.
if ! has net/mctp.h '^enum mctp_phys_binding'; then
	need MCTP_PHYS_BINDING
fi
if ! has uapi/linux/if_link.h 'IFLA_MCTP_PHYS_BINDING'; then
	need IFLA_MCTP_PHYS_BINDING
fi

# The group for notifications of addresses came in 5.17; RHEL 9.2 has it.
if ! has uapi/linux/rtnetlink.h 'RTNLGRP_MCTP_IFADDR'; then
	need RTNLGRP_MCTP_IFADDR
fi

# rtnl_register_many() came in 6.13 and took the place of
# rtnl_register_module(); stable trees from 5.15 on have both.
if ! has net/rtnetlink.h 'define rtnl_register_many'; then
	need RTNL_REGISTER_MANY
fi

# rtnl_af_register() can fail from 6.13.
if ! has net/rtnetlink.h '^int rtnl_af_register'; then
	need RTNL_AF_REGISTER_INT
fi

# proto_ops.bind and .connect take a struct sockaddr_unsized from 6.19.
if ! has linux/net.h 'struct sockaddr_unsized'; then
	need SOCKADDR_UNSIZED
fi

# sock_recv_ts_and_drops() is sock_recv_cmsgs() from 5.19.
if ! has net/sock.h 'sock_recv_cmsgs\('; then
	need SOCK_RECV_CMSGS
fi

# timer_delete_sync() came in 6.2, old names went in 6.15; in stable trees, too.
if ! has linux/timer.h 'timer_delete_sync\(struct'; then
	need TIMER_DELETE_SYNC
fi

echo
