/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The transmit engine with all that surrounds it: a fake USB core and pipe, and
 * a queue whose wakes are counted.
 */
#ifndef MCTP_USB_KUNIT_FAKE_TX_H
#define MCTP_USB_KUNIT_FAKE_TX_H

#include <kunit/test.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/usb.h>
#include <net/mctp.h>

#include "fake-pipe.h"
#include "fake-usb.h"

/**
 * struct fake_queue - the network stack, and the time
 * @wakes: how often the queue was woken
 * @copies_left: packets that can be read, FAKE_NEVER: no end
 * @timer: what runs when somebody lets it
 */
static struct fake_queue {
	unsigned int wakes;
	int copies_left;
	struct timer_list *timer;
} fake_queue;

static inline void fake_wake_queue(struct netdev_queue *queue)
{
	clear_bit(__QUEUE_STATE_DRV_XOFF, &queue->state);
	fake_queue.wakes++;
}

static inline int fake_skb_copy_bits(const struct sk_buff *skb, int at, void *to,
				     int len)
{
	if (fake_usb_used_up(&fake_queue.copies_left))
		return -EFAULT;
	return skb_copy_bits(skb, at, to, len);
}

static inline int fake_mod_timer(struct timer_list *timer, unsigned long expires)
{
	fake_usb_expect(time_after(expires, jiffies + 1), "less than a tick");
	fake_queue.timer = timer;
	return 0;
}

static inline int fake_timer_pending(const struct timer_list *timer)
{
	return fake_queue.timer == timer;
}

static inline int fake_timer_delete_sync(struct timer_list *timer)
{
	if (fake_queue.timer == timer)
		fake_queue.timer = NULL;
	return 0;
}

#undef mod_timer
#undef timer_pending
#undef timer_delete_sync
#define mod_timer		fake_mod_timer
#define timer_pending		fake_timer_pending
#define timer_delete_sync	fake_timer_delete_sync

#undef netif_tx_wake_queue
#undef skb_copy_bits
#define netif_tx_wake_queue	fake_wake_queue
#define skb_copy_bits		fake_skb_copy_bits

#include "../src/frame.c"
#include "../src/usb/tx.c"
#include "../src/usb/ring.c"

#define FAKE_OUT_PIPE	0xc0008200

/**
 * struct tx_fixture - an engine
 * @tx: what is tested
 * @framing: of its link
 * @stats: its counters
 * @napi: never run; the test reaps
 * @udev: only to be compared with
 * @made: packets made for it
 * @freed: packets it has freed
 * @go_on: packets before that number are not the last ones of their messages
 */
static struct tx_fixture {
	struct mctp_usb_tx tx;
	struct mctp_framing framing;
	struct mctp_usb_tx_stats stats;
	struct napi_struct napi;
	struct usb_device *udev;
	unsigned int made;
	unsigned int freed;
	unsigned int go_on;
} *fix;

/* Without a ring. */
static inline int tx_set_up(struct kunit *test)
{
	fake_usb_reset();
	fake_pipe_reset();
	fake_queue.wakes = 0;
	fake_queue.timer = NULL;
	fake_queue.copies_left = FAKE_NEVER;

	fix = kunit_kzalloc(test, sizeof(*fix), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fix);
	fix->udev = kunit_kzalloc(test, sizeof(*fix->udev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fix->udev);
	fix->tx.netdev = alloc_netdev(0, "mctpusb%d", NET_NAME_ENUM,
				      fake_netdev_setup);
	KUNIT_ASSERT_NOT_NULL(test, fix->tx.netdev);

	u64_stats_init(&fix->stats.sync);
	fix->tx.netdev->mtu = MCTP_PACKET_BTU;
	fix->tx.pipe.pipe = FAKE_OUT_PIPE;
	fix->tx.udev = fix->udev;
	fix->tx.napi = &fix->napi;
	fix->tx.framing = &fix->framing;
	fix->tx.stats = &fix->stats;
	fix->tx.packing = true;
	return 0;
}

static inline void tx_tear_down(struct kunit *test)
{
	struct net_device *netdev;

	if (!fix || !fix->tx.netdev)
		return;
	netdev = fix->tx.netdev;
	if (fix->tx.ring.slots) {
		mctp_usb_tx_stop(&fix->tx);
		mctp_usb_tx_purge(&fix->tx);
		KUNIT_EXPECT_EQ(test, fake_usb.flying, 0);
		mctp_usb_ring_free(&fix->tx.ring);
	}
	free_netdev(netdev);
	KUNIT_EXPECT_PTR_EQ(test, fake_queue.timer, NULL);
	KUNIT_EXPECT_EQ(test, fix->freed, fix->made);
	KUNIT_EXPECT_PTR_EQ_MSG(test, fake_usb.wrong, NULL, "%s", fake_usb.wrong);
	KUNIT_EXPECT_EQ(test, fake_usb.alive, 0);
	fix = NULL;
}

/* A running engine with a ring of @size. */
static inline void tx_begin(struct kunit *test, bool spanning, unsigned int size)
{
	KUNIT_ASSERT_EQ(test, mctp_framing_init(&fix->framing, spanning, 512, 512),
			0);
	KUNIT_ASSERT_EQ(test, mctp_usb_tx_alloc(&fix->tx, &fix->tx.ring, size), 0);
	mctp_usb_tx_start(&fix->tx);
}

static inline void skb_is_freed(struct sk_buff *skb)
{
	fix->freed++;
}

/* Byte @i of packet number @n. */
static inline u8 packet_byte(unsigned int n, unsigned int i)
{
	u8 byte = n * 31 + i * 7;

	/* the first ones tell the number, this one whether the message goes on */
	if (i == offsetof(struct mctp_hdr, flags_seq_tag))
		return n < fix->go_on ? byte & ~MCTP_HDR_FLAG_EOM :
					byte | MCTP_HDR_FLAG_EOM;
	return i == 0 ? n : i == 1 ? n >> 8 : byte;
}

static inline struct sk_buff *make_packet(struct kunit *test, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 0; i < len; i++)
		skb_put_u8(skb, packet_byte(fix->made, i));
	skb->protocol = htons(ETH_P_MCTP);
	skb->dev = fix->tx.netdev;
	skb->destructor = skb_is_freed;
	fix->made++;
	return skb;
}

/* The same with all but the first 10 bytes in a page */
static inline struct sk_buff *make_paged_packet(struct kunit *test,
						unsigned int len)
{
	struct page *page = alloc_page(GFP_KERNEL);
	unsigned int n = fix->made, i;
	struct sk_buff *skb;
	u8 *bytes;

	KUNIT_ASSERT_NOT_NULL(test, page);
	bytes = page_address(page);
	for (i = 10; i < len; i++)
		bytes[i] = packet_byte(n, i);
	skb = make_packet(test, 10);
	skb_add_rx_frag(skb, 0, page, 10, len - 10, PAGE_SIZE);
	return skb;
}

static inline netdev_tx_t give_packet(struct sk_buff *skb)
{
	struct netdev_queue *queue = netdev_get_tx_queue(fix->tx.netdev, 0);
	netdev_tx_t ret;

	__netif_tx_lock_bh(queue);
	ret = mctp_usb_tx_send(&fix->tx, skb);
	__netif_tx_unlock_bh(queue);
	return ret;
}

/* The stack has that many packets of @len bytes to send. */
static inline void send_packets(struct kunit *test, unsigned int packets,
				unsigned int len)
{
	while (packets--)
		KUNIT_ASSERT_EQ(test, (int)give_packet(make_packet(test, len)),
				(int)NETDEV_TX_OK);
}

static inline bool queue_is_stopped(void)
{
	return netif_queue_stopped(fix->tx.netdev);
}

static inline void tx_reap(void)
{
	local_bh_disable();
	mctp_usb_tx_reap(&fix->tx);
	local_bh_enable();
}

/* The oldest transfer is done, and NAPI has run. */
static inline void end_transfer(int status, unsigned int actual)
{
	if (!fake_usb.flying) {
		fake_usb_expect(false, "no transfer to end");
		return;
	}
	fake_usb_give_back(fake_usb.flight[0], status, actual);
}

static inline void transfer_is_sent(void)
{
	if (fake_usb.flying)
		end_transfer(0, fake_usb.flight[0]->transfer_buffer_length);
	tx_reap();
}

/* Transfer @i in flight has @packets packets of @len bytes from number @n on. */
static inline void expect_transfer(struct kunit *test, unsigned int i,
				   unsigned int packets, unsigned int len,
				   unsigned int n)
{
	const struct urb *urb = fake_usb.flight[i];
	const u8 *at;
	unsigned int j;

	KUNIT_ASSERT_LT_MSG(test, i, fake_usb.flying, "no transfer %u", i);
	KUNIT_ASSERT_EQ_MSG(test, urb->transfer_buffer_length, packets * (len + 4),
			    "transfer %u, from packet %u on", i, n);
	at = urb->transfer_buffer;
	for (; packets--; n++, at += len) {
		KUNIT_EXPECT_EQ_MSG(test, at[0] << 8 | at[1], 0x1ab4, "packet %u", n);
		KUNIT_EXPECT_EQ_MSG(test, at[2] << 8 | at[3], (int)len + 4,
				    "packet %u", n);
		at += 4;
		for (j = 0; j < len && at[j] == packet_byte(n, j); j++)
			;
		KUNIT_EXPECT_EQ_MSG(test, j, len, "packet %u differs in byte %u",
				    n, j);
	}
}

static inline void expect_counts(struct kunit *test, const u64 *n, int line)
{
	unsigned int i;

	for (i = 0; i < MCTP_USB_TX_STATS; i++)
		KUNIT_EXPECT_EQ_MSG(test, u64_stats_read(&fix->stats.n[i]), n[i],
				    "counter %u, line %d", i, line);
}

#define COUNTS(...)	((const u64 [MCTP_USB_TX_STATS]) { __VA_ARGS__ })

/* These are the counters, as designated initialisers; all others are 0. */
#define EXPECT_COUNTS(test, ...) \
	expect_counts(test, COUNTS(__VA_ARGS__), __LINE__)

#endif /* MCTP_USB_KUNIT_FAKE_TX_H */
