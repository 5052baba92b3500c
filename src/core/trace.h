/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: mctp_key_acquire and mctp_key_release as mainline's core has them,
 * and mctp_drop, which tells why a packet got nowhere.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mctp

#if !defined(MCTP_CORE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MCTP_CORE_TRACE_H

#include <linux/tracepoint.h>

#include "core/core.h"

TRACE_DEFINE_ENUM(MC_KEY_TIMEOUT);
TRACE_DEFINE_ENUM(MC_KEY_REPLIED);
TRACE_DEFINE_ENUM(MC_KEY_INVALIDATED);
TRACE_DEFINE_ENUM(MC_KEY_CLOSED);
TRACE_DEFINE_ENUM(MC_KEY_DROPPED);
TRACE_DEFINE_ENUM(MC_DROP_NO_LINK);
TRACE_DEFINE_ENUM(MC_DROP_HEADER);
TRACE_DEFINE_ENUM(MC_DROP_NO_ROUTE);
TRACE_DEFINE_ENUM(MC_DROP_MTU);
TRACE_DEFINE_ENUM(MC_DROP_NO_SOCKET);
TRACE_DEFINE_ENUM(MC_DROP_NO_KEY);
TRACE_DEFINE_ENUM(MC_DROP_NOT_STARTED);
TRACE_DEFINE_ENUM(MC_DROP_SEQUENCE);
TRACE_DEFINE_ENUM(MC_DROP_TOO_LONG);
TRACE_DEFINE_ENUM(MC_DROP_NO_MEMORY);
TRACE_DEFINE_ENUM(MC_DROP_RCVBUF);
TRACE_DEFINE_ENUM(MC_DROP_LINK_HEADER);

TRACE_EVENT(mctp_key_acquire,
	    TP_PROTO(u8 local, u8 peer, u8 tag),
	    TP_ARGS(local, peer, tag),
	    TP_STRUCT__entry(__field(__u8, paddr)
			     __field(__u8, laddr)
			     __field(__u8, tag)),
	    TP_fast_assign(__entry->paddr = peer;
			   __entry->laddr = local;
			   __entry->tag = tag;),
	    TP_printk("local %d, peer %d, tag %1x", __entry->laddr,
		      __entry->paddr, __entry->tag)
);

TRACE_EVENT(mctp_key_release,
	    TP_PROTO(u8 local, u8 peer, u8 tag, int reason),
	    TP_ARGS(local, peer, tag, reason),
	    TP_STRUCT__entry(__field(__u8, paddr)
			     __field(__u8, laddr)
			     __field(__u8, tag)
			     __field(int, reason)),
	    TP_fast_assign(__entry->paddr = peer;
			   __entry->laddr = local;
			   __entry->tag = tag;
			   __entry->reason = reason;),
	    TP_printk("local %d, peer %d, tag %1x %s", __entry->laddr,
		      __entry->paddr, __entry->tag,
		      __print_symbolic(__entry->reason,
				       { MC_KEY_TIMEOUT, "timeout" },
				       { MC_KEY_REPLIED, "replied" },
				       { MC_KEY_INVALIDATED, "invalidated" },
				       { MC_KEY_CLOSED, "closed" },
				       { MC_KEY_DROPPED, "dropped" }))
);

TRACE_EVENT(mctp_drop,
	    TP_PROTO(const struct sk_buff *skb, int reason),
	    TP_ARGS(skb, reason),
	    TP_STRUCT__entry(__field(int, ifindex)
			     __field(unsigned int, len)
			     __field(int, reason)),
	    TP_fast_assign(__entry->ifindex = skb->dev ? skb->dev->ifindex : 0;
			   __entry->len = skb->len;
			   __entry->reason = reason;),
	    TP_printk("ifindex %d, %u bytes: %s", __entry->ifindex,
		      __entry->len,
		      __print_symbolic(__entry->reason,
				       { MC_DROP_NO_LINK, "no link" },
				       { MC_DROP_HEADER, "bad header" },
				       { MC_DROP_NO_ROUTE, "no route" },
				       { MC_DROP_MTU, "longer than the MTU" },
				       { MC_DROP_NO_SOCKET, "no socket" },
				       { MC_DROP_NO_KEY, "no such message or tag" },
				       { MC_DROP_NOT_STARTED, "message not started" },
				       { MC_DROP_SEQUENCE, "out of sequence" },
				       { MC_DROP_TOO_LONG, "message too long" },
				       { MC_DROP_NO_MEMORY, "no memory" },
				       { MC_DROP_RCVBUF, "receive queue" },
				       { MC_DROP_LINK_HEADER, "no link header" }))
);

#endif /* MCTP_CORE_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH core
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
