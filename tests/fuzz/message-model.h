/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DSP0236's rules for messages of several packets and tags, and the core's bounds
 * on what is unfinished, written to be obviously right: one table that is searched
 * from end to end, with a copy of every byte.
 */
#ifndef FUZZ_MESSAGE_MODEL_H
#define FUZZ_MESSAGE_MODEL_H

#include "program.h"

#define KEYS		2048
#define SOCKS		3
#define LINKS		3
#define ANY		0xff
#define NOBODY		(-1)
#define LIFETIME	(6 * HZ)
#define LONGEST		65536	/* of several packets */
#define BUFFER		(LONGEST + 4096)
#define LINK_MESSAGES	256
#define LINK_BYTES	(1024 * 1024)

struct model_key {
	bool used;
	unsigned int net;
	u8 peer, local, tag;
	bool manual, expires;
	int sock;
	unsigned long end;
	unsigned long born;

	bool begun;		/* there is a part of a message */
	int link;
	u8 seq, header[4];
	u8 *bytes;
	unsigned int len;
	unsigned long number;	/* the lower the older */
};

static struct {
	struct model_key key[KEYS];
	int top;		/* no key in use from here on */
	unsigned int keys, begun;
	unsigned long now, number;
	int rcvbuf[SOCKS];
	bool closed[SOCKS], dead[LINKS];
	/* what has to be delivered in this step */
	int sock;
	u8 header[4];
	u8 bytes[BUFFER];
	unsigned int len;
} model;

/* Memory of @len bytes: 256 linear ones with the header, then pages */
static size_t model_cost(unsigned int len)
{
	size_t pages = len > 252 ? (len - 252 + PAGE_SIZE - 1) / PAGE_SIZE : 0;

	return 256 + SKB_OVERHEAD + pages * PAGE_SIZE;
}

static size_t model_link_bytes(int link, unsigned int *messages)
{
	size_t bytes = 0;
	int i;

	*messages = 0;
	for (i = 0; i < model.top; i++) {
		if (model.key[i].begun && model.key[i].link == link) {
			bytes += model_cost(model.key[i].len);
			++*messages;
		}
	}
	return bytes;
}

static size_t model_sock_bytes(int sock)
{
	size_t bytes = 0;
	int i;

	for (i = 0; i < model.top; i++)
		if (model.key[i].begun && model.key[i].sock == sock)
			bytes += model_cost(model.key[i].len);
	return bytes;
}

static void model_forget(struct model_key *k)
{
	if (!k->begun)
		return;
	k->begun = false;
	free(k->bytes);
	k->bytes = NULL;
	model.begun--;
}

static void model_end(struct model_key *k)
{
	model_forget(k);
	k->used = false;
	model.keys--;
}

static void model_abort(struct model_key *k)
{
	if (k->tag & 8)
		model_end(k);
	else
		model_forget(k);
}

static struct model_key *model_new(void)
{
	int i = 0;

	while (model.key[i].used)
		expect(++i < KEYS, "too many keys");
	memset(&model.key[i], 0, sizeof(model.key[i]));
	model.key[i].used = true;
	model.key[i].born = ++model.number;
	model.keys++;
	if (i >= model.top)
		model.top = i + 1;
	return &model.key[i];
}

/* The key whose peer is @key_peer. There is one of ours at most; of others the youngest. */
static struct model_key *model_lookup(unsigned int net, u8 key_peer, u8 local,
				      u8 tag)
{
	struct model_key *found = NULL;
	int i;

	for (i = 0; i < model.top; i++) {
		struct model_key *k = &model.key[i];

		if (!k->used || k->net != net || k->tag != tag ||
		    k->peer != key_peer ||
		    (k->local != local && k->local != ANY))
			continue;
		expect(!found || tag & 8, "two keys for one packet");
		if (!found || k->born > found->born)
			found = k;
	}
	return found;
}

static struct model_key *model_find(unsigned int net, const u8 *header)
{
	struct model_key *k;

	k = model_lookup(net, header[2], header[1], header[3] & 15);
	if (!k && !(header[3] & 8))
		k = model_lookup(net, ANY, header[1], header[3] & 15);
	return k;
}

static struct model_key *model_oldest(int link, int sock,
				      const struct model_key *but)
{
	struct model_key *oldest = NULL;
	int i;

	for (i = 0; i < model.top; i++) {
		struct model_key *k = &model.key[i];

		if (k->begun && k != but && (link == NOBODY || k->link == link) &&
		    (sock == NOBODY || k->sock == sock) &&
		    (!oldest || k->number < oldest->number))
			oldest = k;
	}
	return oldest;
}

static void model_bounds(struct model_key *k)
{
	struct model_key *victim;
	unsigned int messages;
	size_t bytes;

	for (;;) {
		victim = NULL;
		bytes = model_link_bytes(k->link, &messages);
		if (messages > LINK_MESSAGES || bytes > LINK_BYTES)
			victim = model_oldest(k->link, NOBODY, k);
		if (!victim && model_sock_bytes(k->sock) > model.rcvbuf[k->sock]) {
			victim = model_oldest(k->link, k->sock, k);
			if (!victim)
				victim = model_oldest(NOBODY, k->sock, k);
		}
		if (!victim)
			return;
		model_abort(victim);
	}
}

static void model_deliver(int sock, const u8 *header, const u8 *bytes,
			  unsigned int len)
{
	model.sock = sock;
	memcpy(model.header, header, 4);
	memcpy(model.bytes, bytes, len);
	model.len = len;
}

static void model_replied(struct model_key *k)
{
	if (k->manual)
		model_forget(k);
	else
		model_end(k);
}

static void model_begin(struct model_key *k, int link, const u8 *header,
			const u8 *bytes, unsigned int len)
{
	k->begun = true;
	k->link = link;
	k->seq = header[3] >> 4 & 3;
	memcpy(k->header, header, 4);
	k->bytes = malloc(LONGEST);
	memcpy(k->bytes, bytes, len);
	k->len = len;
	k->number = ++model.number;
	model.begun++;
	model_bounds(k);
	if (k->manual || k->tag & 8) {
		k->expires = true;
		k->end = model.now + LIFETIME;
	}
}

/* The key for a message that starts; a peer's that it interrupts ends. */
static struct model_key *model_start(unsigned int net, const u8 *header)
{
	struct model_key *k = model_find(net, header);

	if (k && k->tag & 8) {
		model_end(k);
		k = NULL;
	}
	return k;
}

/* @bound: socket for what nobody asked for; @no_memory: an allocation has failed */
static void model_first(unsigned int net, int link, const u8 *header,
			const u8 *bytes, unsigned int len, int bound,
			bool no_memory)
{
	struct model_key *k = model_start(net, header);

	if (k) {
		model_forget(k);
	} else {
		if (!(header[3] & 8) || bound == NOBODY ||
		    model.closed[bound])
			return;
		k = model_new();
		k->net = net;
		k->peer = header[2];
		k->local = header[1];
		k->tag = header[3] & 15;
		k->sock = bound;
		k->expires = true;
		k->end = model.now + LIFETIME;
	}
	if (no_memory || len > LONGEST || model.dead[link])
		model_abort(k);
	else
		model_begin(k, link, header, bytes, len);
}

static void model_next(unsigned int net, const u8 *header, const u8 *bytes,
		       unsigned int len, bool no_memory)
{
	struct model_key *k = model_find(net, header);

	/* a key may be for any ends, a message is between two */
	if (!k || !k->begun || k->header[1] != header[1] ||
	    k->header[2] != header[2])
		return;
	if (no_memory || (header[3] >> 4 & 3) != ((k->seq + 1) & 3) ||
	    k->len + len > LONGEST) {
		model_abort(k);
		return;
	}
	k->seq++;
	memcpy(k->bytes + k->len, bytes, len);
	k->len += len;
	model_bounds(k);
	if (header[3] & 0x40) {
		model_deliver(k->sock, k->header, k->bytes, k->len);
		model_replied(k);
	}
}

static void model_packet(unsigned int net, int link, const u8 *header,
			 const u8 *bytes, unsigned int len, int bound,
			 bool no_memory)
{
	struct model_key *k;

	model.sock = NOBODY;
	if (!len)
		return;
	if (!(header[3] & 0x80)) {
		model_next(net, header, bytes, len, no_memory);
		return;
	}
	if (!(header[3] & 0x40)) {
		model_first(net, link, header, bytes, len, bound, no_memory);
		return;
	}
	k = model_start(net, header);
	if (k) {
		model_deliver(k->sock, header, bytes, len);
		model_replied(k);
	} else if (header[3] & 8 && bound != NOBODY) {
		model_deliver(bound, header, bytes, len);
	}
}

static void model_time_passes(void)
{
	int i;

	model.now++;
	for (i = 0; i < model.top; i++) {
		struct model_key *k = &model.key[i];

		if (!k->used || !k->expires || k->end > model.now)
			continue;
		k->expires = false;
		if (k->manual)
			model_forget(k);
		else
			model_end(k);
	}
}

/* Could a packet be for both, this key and a new one? Return: bit of the tag */
static unsigned int model_in_the_way(const struct model_key *k,
				     unsigned int net, u8 local, u8 peer)
{
	bool peers = peer == ANY || k->peer == ANY || k->peer == peer;
	bool locals = local == ANY || k->local == ANY || k->local == local;

	return k->used && !(k->tag & 8) && k->net == net && peers && locals ?
	       1u << k->tag : 0;
}

/* @got: what the core made of it */
static void model_tag_alloc(int sock, unsigned int net, u8 local, u8 peer,
			    bool manual, bool may_send, bool no_memory, int got)
{
	/* who may not send has half of them, the last that others are given */
	unsigned int taken = may_send ? 0 : 0x0f;
	struct model_key *k;
	int i;

	if (peer == 0)
		peer = ANY;
	for (i = 0; i < model.top; i++)
		taken |= model_in_the_way(&model.key[i], net, local, peer);
	if (no_memory) {
		expect(got == -ENOMEM, "tag: %d without memory", got);
		return;
	}
	if (model.closed[sock]) {
		expect(got == -EINVAL, "tag: %d for a closed socket", got);
		return;
	}
	if (taken == 0xff) {
		expect(got == -EBUSY, "tag: %d with none free", got);
		return;
	}
	expect(got >= 0 && got <= 7 && !(taken & 1u << got),
	       "tag: %d with 0x%02x taken", got, taken);
	k = model_new();
	k->net = net;
	k->peer = peer;
	k->local = local;
	k->tag = got;
	k->manual = manual;
	k->sock = sock;
	k->expires = !manual;
	k->end = model.now + LIFETIME;
}

static bool model_tag_drop(int sock, unsigned int net, u8 peer, u8 tag)
{
	struct model_key *found = NULL;
	int i;

	for (i = 0; i < model.top; i++) {
		struct model_key *k = &model.key[i];

		if (k->used && k->manual && k->sock == sock && k->net == net &&
		    k->peer == (peer ? peer : ANY) && k->tag == tag &&
		    (!found || k->born > found->born))
			found = k;
	}
	if (found)
		model_end(found);
	return found;
}

static void model_close(int sock)
{
	int i;

	model.closed[sock] = true;
	for (i = 0; i < model.top; i++)
		if (model.key[i].used && model.key[i].sock == sock)
			model_end(&model.key[i]);
}

static void model_link_gone(int link)
{
	int i;

	model.dead[link] = true;
	for (i = 0; i < model.top; i++)
		if (model.key[i].begun && model.key[i].link == link)
			model_abort(&model.key[i]);
}

#endif /* FUZZ_MESSAGE_MODEL_H */
