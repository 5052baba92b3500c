/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The receive engine with all that surrounds it: a fake USB core and pipe, a
 * network stack that keeps what it is given, and memory that can run out.
 */
#ifndef MCTP_USB_KUNIT_FAKE_RX_H
#define MCTP_USB_KUNIT_FAKE_RX_H

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/usb.h>
#include <net/mctp.h>

#include "fake-pipe.h"
#include "fake-usb.h"

/**
 * struct fake_net - the network stack
 * @up: packets that it was given
 * @skbs_left: packets there is memory for, FAKE_NEVER: no end
 * @warning: the last message
 * @warnings: how many
 */
static struct fake_net {
	struct sk_buff_head up;
	int skbs_left;
	char warning[80];
	unsigned int warnings;
} fake_net;

static inline struct sk_buff *fake_napi_alloc_skb(struct napi_struct *napi,
						  unsigned int len)
{
	struct sk_buff *skb;

	if (fake_usb_used_up(&fake_net.skbs_left))
		return NULL;
	skb = napi_alloc_skb(napi, len);
	/* nothing is to rely on what is in there */
	if (skb)
		memset(skb->cb, 0xff, sizeof(skb->cb));
	return skb;
}

static inline struct sk_buff *fake_alloc_skb_with_frags(unsigned long head,
							unsigned long data,
							int order, int *err,
							gfp_t gfp)
{
	fake_usb_expect(!order, "an allocation of more than a page");
	fake_usb_expect(!(gfp & __GFP_DIRECT_RECLAIM), "an allocation that sleeps");
	if (fake_usb_used_up(&fake_net.skbs_left))
		return NULL;
	return alloc_skb_with_frags(head, data, order, err, gfp);
}

static inline int fake_netif_receive_skb(struct sk_buff *skb)
{
	__skb_queue_tail(&fake_net.up, skb);
	return 0;
}

static inline __printf(2, 3) void fake_netdev_warn(struct net_device *netdev,
						   const char *format, ...)
{
	va_list args;

	fake_usb_expect(netdev, "a message of no link");
	va_start(args, format);
	vscnprintf(fake_net.warning, sizeof(fake_net.warning), format, args);
	va_end(args);
	fake_net.warnings++;
}

#undef napi_alloc_skb
#undef alloc_skb_with_frags
#undef netif_receive_skb
#undef netdev_warn
#define napi_alloc_skb		fake_napi_alloc_skb
#define alloc_skb_with_frags	fake_alloc_skb_with_frags
#define netif_receive_skb	fake_netif_receive_skb
#define netdev_warn		fake_netdev_warn

#include "../src/frame.c"
#include "../src/usb/rx.c"
#include "../src/usb/ring.c"

#define FAKE_IN_PIPE	0xc0008280

/**
 * struct rx_fixture - an engine
 * @rx: what is tested
 * @framing: of its link
 * @stats: its counters
 * @napi: never run; the test polls
 * @udev: only to be compared with
 * @sent: packets that the device made
 * @buf: for making transfers
 */
static struct rx_fixture {
	struct mctp_usb_rx rx;
	struct mctp_framing framing;
	struct mctp_usb_rx_stats stats;
	struct napi_struct napi;
	struct usb_device *udev;
	unsigned int sent;
	u8 buf[8192];
} *fix;

/* Without a ring. */
static inline int rx_set_up(struct kunit *test)
{
	fake_usb_reset();
	fake_pipe_reset();
	memset(&fake_net, 0, sizeof(fake_net));
	__skb_queue_head_init(&fake_net.up);
	fake_net.skbs_left = FAKE_NEVER;

	fix = kunit_kzalloc(test, sizeof(*fix), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fix);
	fix->udev = kunit_kzalloc(test, sizeof(*fix->udev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fix->udev);
	fix->rx.netdev = alloc_netdev(0, "mctpusb%d", NET_NAME_ENUM,
				      fake_netdev_setup);
	KUNIT_ASSERT_NOT_NULL(test, fix->rx.netdev);

	u64_stats_init(&fix->stats.sync);
	fix->rx.pipe.pipe = FAKE_IN_PIPE;
	fix->rx.udev = fix->udev;
	fix->napi.dev = fix->rx.netdev;
	fix->rx.napi = &fix->napi;
	fix->rx.framing = &fix->framing;
	fix->rx.stats = &fix->stats;
	ratelimit_state_init(&fix->rx.ratelimit, HZ * 3600, 2);
	return 0;
}

static inline void rx_tear_down(struct kunit *test)
{
	struct net_device *netdev;

	if (!fix || !fix->rx.netdev)
		return;
	netdev = fix->rx.netdev;
	if (fix->rx.ring.slots) {
		mctp_usb_rx_stop(&fix->rx);
		KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
		mctp_usb_ring_free(&fix->rx.ring);
	}
	KUNIT_EXPECT_PTR_EQ(test, fix->rx.skb, NULL);
	__skb_queue_purge(&fake_net.up);
	free_netdev(netdev);
	KUNIT_EXPECT_PTR_EQ_MSG(test, fake_usb.wrong, NULL, "%s", fake_usb.wrong);
	KUNIT_EXPECT_EQ(test, fake_usb.alive, 0);
	fix = NULL;
}

/* A stopped engine with a ring of @size. */
static inline void rx_make(struct kunit *test, bool spanning, unsigned int maxp,
			   unsigned int size)
{
	KUNIT_ASSERT_EQ(test, mctp_framing_init(&fix->framing, spanning, maxp,
						maxp), 0);
	KUNIT_ASSERT_EQ(test, mctp_usb_rx_alloc(&fix->rx, &fix->rx.ring, size), 0);
	fix->rx.depth = size;
}

static inline void rx_begin(struct kunit *test, bool spanning, unsigned int maxp,
			    unsigned int size)
{
	rx_make(test, spanning, maxp, size);
	KUNIT_ASSERT_EQ(test, mctp_usb_rx_start(&fix->rx), 0);
}

static inline int rx_poll(int budget)
{
	int work;

	local_bh_disable();
	work = mctp_usb_rx_poll(&fix->rx, budget);
	local_bh_enable();
	return work;
}

/* Byte @i of the device's packet number @n. */
static inline u8 packet_byte(unsigned int n, unsigned int i)
{
	return n * 31 + i * 7 + i / 256;
}

/* The device's next packet, as a frame. Return: where it ends. */
static inline u8 *put_packet(u8 *to, unsigned int len)
{
	unsigned int i;

	*to++ = 0x1a;
	*to++ = 0xb4;
	*to++ = (len + 4) >> 8;
	*to++ = (len + 4) & 0xff;
	for (i = 0; i < len; i++)
		*to++ = packet_byte(fix->sent, i);
	fix->sent++;
	return to;
}

/* The device sends a transfer of that many packets of @len bytes. */
static inline void send_packets(unsigned int packets, unsigned int len)
{
	u8 *end = fix->buf;

	while (packets--)
		end = put_packet(end, len);
	fake_usb_send(fix->buf, end - fix->buf);
}

/* The next packet that came up is number @n of the device's. */
static inline void expect_packet(struct kunit *test, unsigned int n,
				 unsigned int len)
{
	struct sk_buff *skb = __skb_dequeue(&fake_net.up);
	unsigned int i;
	u8 byte;

	KUNIT_ASSERT_NOT_NULL_MSG(test, skb, "packet %u did not come", n);
	KUNIT_EXPECT_EQ_MSG(test, skb->len, len, "packet %u", n);
	for (i = 0; i < min(skb->len, len); i++) {
		if (skb_copy_bits(skb, i, &byte, 1) || byte != packet_byte(n, i))
			break;
	}
	KUNIT_EXPECT_EQ_MSG(test, i, len, "packet %u differs in byte %u", n, i);
	kfree_skb(skb);
}

static inline void expect_no_packet(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, skb_queue_len(&fake_net.up), 0);
}

static inline void expect_counts(struct kunit *test, const u64 *n, int line)
{
	unsigned int i;

	for (i = 0; i < MCTP_USB_RX_STATS; i++)
		KUNIT_EXPECT_EQ_MSG(test, u64_stats_read(&fix->stats.n[i]), n[i],
				    "counter %u, line %d", i, line);
}

#define COUNTS(...)	((const u64 [MCTP_USB_RX_STATS]) { __VA_ARGS__ })

/* These are the counters, as designated initialisers; all others are 0. */
#define EXPECT_COUNTS(test, ...) \
	expect_counts(test, COUNTS(__VA_ARGS__), __LINE__)

#endif /* MCTP_USB_KUNIT_FAKE_RX_H */
