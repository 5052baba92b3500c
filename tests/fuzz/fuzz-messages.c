// SPDX-License-Identifier: GPL-2.0
/*
 * The core's tags, reassembly, delivery and fragmentation against a model
 * (message-model.h): what a socket gets has to be the same, byte for byte, and so
 * has what is held for links and sockets after each step.
 *
 * The input is a list of steps, see take_step().
 */
#include "core/core.h"

#include "message-model.h"

static inline void trace_mctp_drop(const struct sk_buff *skb, enum mc_drop why) {}
static inline void trace_mctp_key_acquire(u8 local, u8 peer, u8 tag) {}
static inline void trace_mctp_key_release(u8 local, u8 peer, u8 tag,
					  enum mc_key_end why) {}
static int queue_message(struct sock *sk, struct sk_buff *skb);
#define sock_queue_rcv_skb queue_message

#include "core/reassembly.c"
#include "core/partial.c"
#include "core/tag.c"
#include "core/deliver.c"
#include "core/fragment.c"

unsigned int mc_net_id;

static struct mc_net mn;
static struct net net = { &mn };
static struct net_device devs[LINKS];
static struct mc_link links[LINKS];
static struct mc_sock socks[SOCKS];

/* What was delivered in this step */
static struct {
	bool full;
	int sock;
	u8 header[4];
	struct net_device *dev;
	u8 bytes[BUFFER];
	unsigned int len;
} got;

static int queue_message(struct sock *sk, struct sk_buff *skb)
{
	expect(!mn.keys_lock.held, "a message is queued under the lock");
	expect(got.sock == NOBODY, "two messages from one packet");
	if (got.full)
		return -ENOMEM;
	got.sock = mc_sock_of(sk) - socks;
	memcpy(got.header, mctp_hdr(skb), 4);
	got.dev = skb->dev;
	got.len = skb->len;
	expect(got.len <= sizeof(got.bytes), "a message of %u bytes", got.len);
	expect(!skb_copy_bits(skb, 0, got.bytes, got.len), "a message with holes");
	kfree_skb(skb);
	return 0;
}

/* Who is bound to what: type 1 and, as far as it is for EID 8, type 2 */
static int bound_to(unsigned int netid, u8 type, u8 local)
{
	if (type == 1)
		return netid == 1 ? 0 : 1;
	return type == 2 && local == 8 ? 1 : NOBODY;
}

struct mc_sock *mc_bind_find(struct mc_net *in, unsigned int netid, u8 type,
			     u8 local, u8 peer)
{
	int sock = bound_to(netid, type, local);

	return sock == NOBODY ? NULL : &socks[sock];
}

static void check_state(void)
{
	unsigned int messages, i;
	size_t bytes;

	for (i = 0; i < LINKS; i++) {
		bytes = model_link_bytes(i, &messages);
		expect(links[i].partial_count == messages &&
		       links[i].partial_bytes == bytes,
		       "link %u: %u messages of %zu bytes, should be %u of %zu",
		       i, links[i].partial_count, links[i].partial_bytes,
		       messages, bytes);
	}
	for (i = 0; i < SOCKS; i++)
		expect(socks[i].partial_bytes == model_sock_bytes(i),
		       "socket %u: %zu bytes, should be %zu", i,
		       socks[i].partial_bytes, model_sock_bytes(i));
	expect(memory.objects == model.keys, "%d keys, should be %u",
	       memory.objects, model.keys);
	expect(memory.skbs == model.begun, "%d skbs, should be %u",
	       memory.skbs, model.begun);
	expect(!mn.keys_lock.held, "the lock is held");
}

static u8 contents[BUFFER];

/* The packet as an skb, all of it linear or its end in a page */
static struct sk_buff *make_skb(const u8 *header, const u8 *bytes,
				unsigned int len, bool page)
{
	unsigned int tail = page && len > 1 ? min(len - 1, 4096u) : 0;
	struct sk_buff *skb = alloc_skb(4 + len - tail, GFP_KERNEL);
	struct page *p;

	skb_reset_network_header(skb);
	skb_put_data(skb, header, 4);
	skb_put_data(skb, bytes, len - tail);
	if (tail) {
		p = alloc_page(GFP_KERNEL);
		memcpy(p->bytes + 4096 - tail, bytes + len - tail, tail);
		skb_add_rx_frag(skb, 0, p, 4096 - tail, tail, PAGE_SIZE);
	}
	return skb;
}

static void packet(unsigned int netid, unsigned int link, const u8 *header,
		   const u8 *bytes, unsigned int len, bool page)
{
	unsigned int fail_in = memory.fail_in;
	struct sk_buff *skb;

	memory.fail_in = 0;
	skb = make_skb(header, bytes, len, page);
	memory.fail_in = fail_in;
	memory.failed = false;
	mctp_cb(skb)->net = netid;
	skb->dev = &devs[link];
	got.sock = NOBODY;
	mc_deliver(&mn, &links[link], skb);

	model_packet(netid, link, header, bytes, len,
		     len ? bound_to(netid, bytes[0] & 0x7f, header[1]) : NOBODY,
		     memory.failed);
	if (got.full)
		model.sock = NOBODY;
	expect(got.sock == model.sock, "message for socket %d, should be %d",
	       got.sock, model.sock);
	if (got.sock != NOBODY) {
		expect(got.len == model.len, "%u bytes, should be %u", got.len,
		       model.len);
		expect(!memcmp(got.bytes, model.bytes, got.len), "other bytes");
		expect(!memcmp(got.header, model.header, 4), "another header");
		expect(got.dev == &devs[link], "another device");
	}
	check_state();
}

static const u8 eids[] = { 8, 9, 10, 11, 0, 255, 254, 1 };

static unsigned int some_len(unsigned int code)
{
	static const unsigned int lens[] = {
		0, 1, 2, 64, 251, 252, 253, 4096, 8183, 4348, 4349, 256, 1400, 65535, 65536, 65537
	};

	return code & 0x80 ? lens[code & 15] : code;
}

static void any_packet(struct program *p)
{
	unsigned int where = program_byte(p), who = program_byte(p), start;
	unsigned int flags = program_byte(p), len = some_len(program_byte(p));
	u8 header[4] = { 1, eids[who & 7], eids[who >> 3 & 7], flags };
	u8 type;

	start = program_byte(p);
	type = contents[start];
	contents[start] = where >> 4;
	packet(1 + (where >> 2 & 1), (where & 3) % LINKS, header, contents + start,
	       len, where & 8);
	contents[start] = type;
}

/* Packets that fit a message which is under way, or the reply to a request */
static void go_on(struct program *p, unsigned int times)
{
	unsigned int which = program_byte(p), how = program_byte(p), i;
	unsigned int len = some_len(program_byte(p));
	struct model_key *k = NULL;
	u8 header[4];

	for (i = 0; i < model.top && !k; i++)
		if (model.key[i].used && !which--)
			k = &model.key[i];
	if (!k)
		return;
	for (i = 0; i < times && k->used; i++) {
		header[0] = 1;
		header[1] = k->local == ANY ? 8 + (how >> 5 & 1) : k->local;
		header[2] = k->peer == ANY ? 9 + (how >> 6 & 1) : k->peer;
		header[3] = k->tag | (k->seq + 1) % 4 << 4;
		if (!k->begun)
			header[3] |= MCTP_HDR_FLAG_SOM;
		if (i + 1 == times && how & 1)
			header[3] |= MCTP_HDR_FLAG_EOM;
		packet(k->net, how & 8 ? k->link : (how >> 1 & 3) % LINKS, header,
		       contents + i, len, how & 16);
	}
}

/* First packets from many EIDs, as one who wants to fill the memory sends them */
static void flood(struct program *p, unsigned int times)
{
	unsigned int where = program_byte(p), first = program_byte(p), i;
	unsigned int len = some_len(program_byte(p));
	u8 header[4] = { 1, 8 };

	for (i = 0; i < times; i++) {
		header[2] = first + i;
		header[3] = 0x88 | (first & 7);
		contents[0] = 1 + (where >> 4 & 1);
		packet(1 + (where >> 2 & 1), (where & 3) % LINKS, header,
		       contents, len, false);
	}
}

static void tag(struct program *p, bool manual)
{
	unsigned int who = program_byte(p), how = program_byte(p);
	u8 local = how & 4 ? ANY : eids[who & 7];
	u8 peer = eids[who >> 3 & 7];
	unsigned int netid = 1 + (how >> 3 & 1);
	int sock = (how & 3) % SOCKS, ret;

	memory.failed = false;
	init_user_ns.net_raw = !(how & 16);
	ret = mc_tag_alloc(&socks[sock], netid, local, peer, manual);
	model_tag_alloc(sock, netid, local, peer, manual, init_user_ns.net_raw,
			memory.failed, ret);
}

static void drop_tag(struct program *p)
{
	unsigned int who = program_byte(p), how = program_byte(p);
	int sock = (how & 3) % SOCKS, ret;

	ret = mc_tag_drop(&socks[sock], 1 + (how >> 2 & 1), eids[who & 7], how >> 4 & 7);
	expect(!ret == model_tag_drop(sock, 1 + (how >> 2 & 1), eids[who & 7], how >> 4 & 7),
	       "tag dropped: %d", ret);
}

static void close_sock(unsigned int i)
{
	mc_tags_close(&socks[i]);
	model_close(i);
	check_state();
}

static void open_sock(unsigned int i)
{
	close_sock(i);
	expect(list_empty(&socks[i].partials) && hlist_empty(&socks[i].keys) &&
	       !socks[i].tag_count, "a closed socket has something left");
	socks[i].closed = false;
	model.closed[i] = false;
	socks[i].sk.sk_rcvbuf = model.rcvbuf[i];
}

static void set_rcvbuf(unsigned int i, int bytes)
{
	socks[i].sk.sk_rcvbuf = bytes;
	model.rcvbuf[i] = bytes;
}

static void unplug(unsigned int i)
{
	mc_partials_del_link(&links[i]);
	model_link_gone(i);
	check_state();
}

static void plug(unsigned int i)
{
	unplug(i);
	expect(list_empty(&links[i].partials), "a gone link has something left");
	links[i].dead = false;
	model.dead[i] = false;
}

static void pass_time(unsigned int ticks)
{
	while (ticks--) {
		jiffies++;
		if (mn.timer.pending && !time_after(mn.timer.expires, jiffies)) {
			mn.timer.pending = false;
			mn.timer.function(&mn.timer);
		}
		model_time_passes();
		check_state();
	}
}

/* What mc_split() has made, to be looked at and given to mc_deliver() as if it came in */
static struct {
	const struct mctp_hdr *hdr;
	unsigned int mtu, pos, len, seq;
	int link;
	int left;	/* packets until the link fails */
} splitting;

int mc_send_packet(const struct mc_path *path, struct sk_buff *skb)
{
	bool last = splitting.pos + skb->len - 4 == splitting.len;
	bool once = !splitting.pos && last;
	u8 header[4], expected = splitting.hdr->flags_seq_tag;

	memcpy(header, skb->data, 4);
	expected |= (splitting.pos ? 0 : 0x80) | (last ? 0x40 : 0) | splitting.seq++ % 4 << 4;
	expect(header[3] == expected, "packet 0x%02x, should be 0x%02x", header[3], expected);
	expect(!memcmp(header, splitting.hdr, 3), "another header");
	expect(skb->len <= splitting.mtu, "longer than the MTU");
	expect(last || skb->len == splitting.mtu, "shorter than it could be");
	expect(skb->len > 4 || once, "an empty packet");
	expect(!memcmp(skb->data + 4, contents + splitting.pos, skb->len - 4), "other bytes");
	splitting.pos += skb->len - 4;
	kfree_skb(skb);
	return splitting.left-- ? 0 : -ENOBUFS;
}

static void split(struct program *p)
{
	struct mctp_hdr hdr = { 1, 9, 8, program_byte(p) & 15 };
	unsigned int len = some_len(program_byte(p)), how = program_byte(p);
	struct mc_path path = { .mn = &mn, .link = &links[0] };
	unsigned int fail_in = memory.fail_in;
	struct sk_buff *skb;
	int err;

	path.mtu = how & 0x80 ? how & 7 : 4 + (how & 0x7f) * 64;
	splitting.hdr = &hdr;
	splitting.mtu = path.mtu;
	splitting.pos = 0;
	splitting.seq = 0;
	splitting.len = len;
	splitting.left = program_byte(p);
	memory.fail_in = 0;
	skb = alloc_skb(16 + len, GFP_KERNEL);
	memory.fail_in = fail_in;
	skb_reserve(skb, 16);
	skb_put_data(skb, contents, len);

	memory.failed = false;
	err = mc_split(&path, skb, &hdr);
	expect(err || splitting.pos == len, "%u of %u bytes sent", splitting.pos, len);
	expect(!err || memory.failed || splitting.left < 0 || path.mtu <= 4, "error %d", err);
	check_state();
}

static void take_step(struct program *p)
{
	unsigned int step = program_byte(p), arg = step >> 4;

	switch (step & 15) {
	case 0 ... 3:
		any_packet(p);
		break;
	case 4 ... 6:
		go_on(p, 1);
		break;
	case 7:
		go_on(p, 1 + 4 * arg);
		break;
	case 8:
		tag(p, arg & 1);
		break;
	case 9:
		drop_tag(p);
		break;
	case 10:
		(arg & 8 ? open_sock : close_sock)(arg % SOCKS);
		break;
	case 11:
		(arg & 8 ? plug : unplug)(arg % LINKS);
		break;
	case 12:
		pass_time(1 + 4 * arg);
		break;
	case 13:
		memory.fail_in = arg;
		break;
	case 14:
		got.full = arg & 1;
		if (arg & 2)
			set_rcvbuf((arg >> 2) % SOCKS, 3000);
		break;
	case 15:
		if (arg & 8)
			split(p);
		else
			flood(p, 1 + 20 * arg);
		break;
	}
}

static void start(void)
{
	unsigned int i;

	memset(&mn, 0, sizeof(mn));
	memset(&model, 0, sizeof(model));
	memset(&memory, 0, sizeof(memory));
	memset(links, 0, sizeof(links));
	memset(socks, 0, sizeof(socks));
	got.full = false;
	/* It wraps on the way, as it may at any time. */
	jiffies = -10UL * HZ;
	expect(!mc_tags_net_init(&mn), "no namespace");
	for (i = 0; i < LINKS; i++) {
		devs[i] = (struct net_device){ .ifindex = i + 1, .net = &net };
		links[i].dev = &devs[i];
		INIT_LIST_HEAD(&links[i].partials);
	}
	for (i = 0; i < SOCKS; i++) {
		socks[i].sk = (struct sock){ .net = &net, .sk_rcvbuf = 212992 };
		model.rcvbuf[i] = 212992;
		INIT_HLIST_HEAD(&socks[i].keys);
		INIT_LIST_HEAD(&socks[i].partials);
	}
	for (i = 0; i < sizeof(contents); i++)
		contents[i] = i * 7 + (i >> 8) * 13 + (i >> 16);
}

int fuzz_one(const u8 *data, size_t size)
{
	struct program p = { data, data + size };
	unsigned int i;

	start();
	while (!program_ends(&p))
		take_step(&p);

	memory.fail_in = 0;
	for (i = 0; i < SOCKS; i++)
		close_sock(i);
	for (i = 0; i < LINKS; i++)
		unplug(i);
	expect(!memory.objects && !memory.skbs, "something is left");
	mc_tags_net_exit(&mn);
	return 0;
}
