/* SPDX-License-Identifier: GPL-2.0 */
/* Socket buffers, as much of them as the core uses. Included by kernel.h. */
#ifndef FUZZ_SK_BUFF_H
#define FUZZ_SK_BUFF_H

#define MAX_SKB_FRAGS	17
/* What an skb costs besides its linear part; the kernel's own figure is another */
#define SKB_OVERHEAD	512

struct skb_frag {
	struct page *page;
	unsigned int off, len;
};

#define skb_frag_t	struct skb_frag

struct skb_shared_info {
	int nr_frags;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

struct skb_shared_hwtstamps {
	s64 hwtstamp;
};

struct sk_buff {
	char cb[48] __aligned(8);
	u8 *head, *data, *tail, *end;
	unsigned int len, data_len, truesize, network_header;
	struct net_device *dev;
	struct sock *sk;
	u16 protocol;
	u8 pkt_type;
	s64 tstamp;
	u32 mark, priority;
	struct skb_shared_hwtstamps hwtstamps;
	struct skb_shared_info shared;
};

#define ETH_P_MCTP	0x00fa

enum { PACKET_HOST, PACKET_OUTGOING = 4, PACKET_LOOPBACK };

#define skb_shinfo(skb)			(&(skb)->shared)
#define skb_hwtstamps(skb)		(&(skb)->hwtstamps)
#define skb_is_nonlinear(skb)		((skb)->data_len != 0)
#define skb_frag_size(frag)		((frag)->len)
#define skb_reset_mac_header(skb)	((void)(skb))
#define skb_reset_transport_header(skb)	((void)(skb))
#define skb_orphan(skb)			((skb)->sk = NULL)
#define skb_set_owner_w(skb, owner)	((skb)->sk = (owner))

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}

static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return skb->data - skb->head;
}

static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network_header = skb->data - skb->head;
}

/* No byte more than asked for: what is written behind it is found. */
static inline struct sk_buff *alloc_skb(unsigned int size, int gfp)
{
	struct sk_buff *skb = get_memory(sizeof(*skb));

	if (!skb)
		return NULL;
	skb->head = malloc(size);
	skb->data = skb->head;
	skb->tail = skb->head;
	skb->end = skb->head + size;
	skb->truesize = size + SKB_OVERHEAD;
	memory.skbs++;
	return skb;
}

static inline void kfree_skb(struct sk_buff *skb)
{
	int i;

	if (!skb)
		return;
	for (i = 0; i < skb->shared.nr_frags; i++)
		__free_page(skb->shared.frags[i].page);
	free(skb->head);
	free(skb);
	memory.skbs--;
}

#define consume_skb(skb)	kfree_skb(skb)

static inline void napi_consume_skb(struct sk_buff *skb, int budget)
{
	must(bh_off);
	kfree_skb(skb);
}

static inline int skb_tailroom(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? 0 : skb->end - skb->tail;
}

static inline void skb_reserve(struct sk_buff *skb, unsigned int len)
{
	must(!skb->len && len <= skb->end - skb->tail);
	skb->data += len;
	skb->tail += len;
}

static inline void *skb_put(struct sk_buff *skb, unsigned int len)
{
	u8 *at = skb->tail;

	must(!skb_is_nonlinear(skb) && len <= skb->end - skb->tail);
	skb->tail += len;
	skb->len += len;
	return at;
}

#define __skb_put(skb, len)	skb_put(skb, len)
#define skb_tail_pointer(skb)	((skb)->tail)

static inline void skb_put_data(struct sk_buff *skb, const void *data,
				unsigned int len)
{
	memcpy(skb_put(skb, len), data, len);
}

static inline void *skb_push(struct sk_buff *skb, unsigned int len)
{
	must(len <= skb_headroom(skb));
	skb->data -= len;
	skb->len += len;
	return skb->data;
}

static inline void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	must(len <= skb_headlen(skb));
	skb->len -= len;
	return skb->data += len;
}

#define __skb_pull(skb, len)	skb_pull(skb, len)

/* The inputs are made so that nothing needs to be moved. */
static inline bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	must(len > skb->len || len <= skb_headlen(skb));
	return len <= skb->len;
}

static inline void skb_add_rx_frag(struct sk_buff *skb, int i, struct page *page,
				   unsigned int off, unsigned int len,
				   unsigned int truesize)
{
	must(i == skb->shared.nr_frags && i < MAX_SKB_FRAGS);
	must(off + len <= PAGE_SIZE);
	skb->shared.frags[i] = (skb_frag_t){ page, off, len };
	skb->shared.nr_frags++;
	skb->len += len;
	skb->data_len += len;
	skb->truesize += truesize;
}

static inline void skb_frag_size_add(struct skb_frag *frag, unsigned int len)
{
	must(frag->off + frag->len + len <= PAGE_SIZE);
	frag->len += len;
}

static inline int skb_copy_bits(const struct sk_buff *skb, unsigned int from,
				void *to, unsigned int len)
{
	unsigned int start = 0, size = skb_headlen(skb), n;
	const u8 *at = skb->data;
	u8 *next = to;
	int i;

	if (from > skb->len || len > skb->len - from)
		return -EFAULT;
	for (i = 0; len; i++) {
		if (from < start + size) {
			n = min(len, start + size - from);
			memcpy(next, at + (from - start), n);
			next += n;
			from += n;
			len -= n;
		}
		if (!len)
			break;
		must(i < skb->shared.nr_frags);
		start += size;
		size = skb->shared.frags[i].len;
		at = skb->shared.frags[i].page->bytes + skb->shared.frags[i].off;
	}
	return 0;
}

#endif /* FUZZ_SK_BUFF_H */
