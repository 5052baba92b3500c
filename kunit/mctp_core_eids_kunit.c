// SPDX-License-Identifier: GPL-2.0
/*
 * src/core/input.c: which EIDs packets may have, and where each takes them.
 */
#include "fake-core.h"

#define NET	5

/* Where routing leads to, and where the packet got to */
static struct {
	struct mc_link *link;
	int err;
	struct mc_path path;
	bool by_gateway;
	unsigned int netid;
	int asked;
	unsigned int delivered;
	unsigned int forwarded;
	int result;
	struct mctp_skb_cb cb;
} world;

struct mc_link *mc_link_rcu(const struct net_device *dev)
{
	return world.link && world.link->dev == dev ? world.link : NULL;
}

/* The short question; what it does not know is asked in full. */
bool mc_path_is_local(struct mc_net *mn, unsigned int netid, u8 eid)
{
	world.netid = netid;
	world.asked = eid;
	return !world.err && world.path.local && !world.by_gateway;
}

int mc_path_to_eid(struct mc_net *mn, unsigned int netid, u8 eid,
		   struct mc_path *path)
{
	world.netid = netid;
	world.asked = eid;
	*path = world.path;
	return world.err;
}

int mc_deliver_bh(struct mc_net *mn, struct mc_link *link, struct sk_buff *skb)
{
	if (mn == &fake.mn && link == world.link &&
	    skb_network_header(skb) == skb->data &&
	    skb_transport_header(skb) == skb->data)
		world.delivered++;
	memcpy(&world.cb, mctp_cb(skb), sizeof(world.cb));
	kfree_skb(skb);
	return world.result;
}

int mc_forward(const struct mc_path *path, struct sk_buff *skb)
{
	if (!memcmp(path, &world.path, sizeof(*path)))
		world.forwarded++;
	kfree_skb(skb);
	return world.result;
}

int mc_drop(struct sk_buff *skb, enum mc_drop why)
{
	trace_mctp_drop(skb, why);
	kfree_skb(skb);
	return -EINVAL;
}

static struct packet_type *added;

static void fake_add_pack(struct packet_type *type)
{
	added = type;
}

static void fake_remove_pack(struct packet_type *type)
{
	if (added == type)
		added = NULL;
}

/* Cloning may fail as any allocation. */
static struct sk_buff *fake_share_check(struct sk_buff *skb, gfp_t gfp)
{
	if (!skb_shared(skb) || !fake_out_of_memory())
		return skb_share_check(skb, gfp);
	refcount_dec(&skb->users);
	return NULL;
}

#define skb_share_check	fake_share_check
#define dev_add_pack	fake_add_pack
#define dev_remove_pack	fake_remove_pack

#include "../src/core/input.c"

/* A packet as the link hands it over, its header to be changed by the case */
static struct sk_buff *new_packet(struct kunit *test)
{
	struct sk_buff *skb = fake_packet(test, SOM | EOM | TO, 0, 10);

	skb_push(skb, MC_HDR_LEN);
	skb->dev = world.link->dev;
	skb->pkt_type = PACKET_HOST;
	return skb;
}

static int input(struct sk_buff *skb)
{
	int ret;

	world.asked = -1;
	world.delivered = 0;
	world.forwarded = 0;
	memset(fake.drops, 0, sizeof(fake.drops));
	/* Drivers need not tell where the header is. */
	skb_set_network_header(skb, 1);
	skb_set_transport_header(skb, 1);
	rcu_read_lock();
	ret = receive(skb, skb->dev, &packet_type, skb->dev);
	rcu_read_unlock();
	return ret;
}

static int input_with(struct kunit *test, u8 ver, u8 src, u8 dest)
{
	struct sk_buff *skb = new_packet(test);

	mctp_hdr(skb)->ver = ver;
	mctp_hdr(skb)->src = src;
	mctp_hdr(skb)->dest = dest;
	return input(skb);
}

static void unicast_eids_are_8_to_254(struct kunit *test)
{
	unsigned int eid;

	for (eid = 0; eid <= 255; eid++)
		KUNIT_EXPECT_EQ_MSG(test, mc_eid_unicast(eid),
				    eid >= 8 && eid <= 254, "EID %u", eid);
}

/* A sender without an EID yet may be heard, a group cannot speak. */
static void any_source_but_reserved_and_broadcast(struct kunit *test)
{
	unsigned int src;
	bool good;

	for (src = 0; src <= 255; src++) {
		good = !src || (src >= 8 && src != 255);
		KUNIT_EXPECT_EQ_MSG(test, input_with(test, 1, src, OURS),
				    good ? NET_RX_SUCCESS : NET_RX_DROP,
				    "EID %u", src);
		KUNIT_EXPECT_EQ(test, world.delivered, (unsigned int)good);
		KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_HEADER],
				(unsigned int)!good);
	}
}

static void any_destination_but_reserved(struct kunit *test)
{
	unsigned int dest;
	bool good;

	for (dest = 0; dest <= 255; dest++) {
		good = !dest || dest >= 8;
		KUNIT_EXPECT_EQ_MSG(test, input_with(test, 1, THEIRS, dest),
				    good ? NET_RX_SUCCESS : NET_RX_DROP,
				    "EID %u", dest);
		KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_HEADER],
				(unsigned int)!good);
		/* All but the null EID are a matter of routes. */
		KUNIT_EXPECT_EQ(test, world.asked,
				good && dest ? (int)dest : -1);
	}
}

/* The upper half of the byte is reserved, and ignored. */
static void the_only_version_is_1(struct kunit *test)
{
	unsigned int ver;

	for (ver = 0; ver <= 255; ver++) {
		KUNIT_EXPECT_EQ_MSG(test, input_with(test, ver, THEIRS, OURS),
				    ver % 16 == 1 ? NET_RX_SUCCESS :
				    NET_RX_DROP, "version 0x%02x", ver);
		KUNIT_EXPECT_EQ(test, world.delivered,
				(unsigned int)(ver % 16 == 1));
	}
}

static void the_null_eid_is_who_the_link_means(struct kunit *test)
{
	struct sk_buff *skb;

	world.err = -EHOSTUNREACH;
	KUNIT_EXPECT_EQ(test, input_with(test, 1, THEIRS, MCTP_ADDR_NULL),
			NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	KUNIT_EXPECT_EQ(test, world.asked, -1);

	/* not what was sent to somebody else, or to all */
	skb = new_packet(test);
	mctp_hdr(skb)->dest = MCTP_ADDR_NULL;
	skb->pkt_type = PACKET_OTHERHOST;
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_DROP);
	skb = new_packet(test);
	mctp_hdr(skb)->dest = MCTP_ADDR_NULL;
	skb->pkt_type = PACKET_BROADCAST;
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, world.delivered, 0U);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_ROUTE], 1U);
}

static void routes_tell_where_a_packet_goes(struct kunit *test)
{
	world.path.local = true;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	KUNIT_EXPECT_EQ(test, world.forwarded, 0U);
	KUNIT_EXPECT_EQ(test, world.asked, OURS);
	KUNIT_EXPECT_EQ(test, world.netid, (unsigned int)NET);

	/* a gateway that we are ourselves */
	world.by_gateway = true;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	KUNIT_EXPECT_EQ(test, world.forwarded, 0U);

	world.path.local = false;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 0U);
	KUNIT_EXPECT_EQ(test, world.forwarded, 1U);

	world.err = -EHOSTUNREACH;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, world.delivered, 0U);
	KUNIT_EXPECT_EQ(test, world.forwarded, 0U);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_ROUTE], 1U);
}

static void what_is_dropped_later_is_dropped(struct kunit *test)
{
	world.result = -ENOENT;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	world.path.local = false;
	KUNIT_EXPECT_EQ(test, input(new_packet(test)), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, world.forwarded, 1U);
	KUNIT_EXPECT_EQ(test, input_with(test, 1, THEIRS, MCTP_ADDR_NULL),
			NET_RX_DROP);
}

static void other_links_are_not_heard(struct kunit *test)
{
	struct sk_buff *skb = new_packet(test);

	skb->dev = fake_link(test, 2, NET)->dev;
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_NO_LINK], 1U);
	KUNIT_EXPECT_EQ(test, world.delivered, 0U);
}

static void a_packet_has_a_header(struct kunit *test)
{
	struct sk_buff *skb;
	unsigned int len;

	for (len = 0; len <= MC_HDR_LEN; len++) {
		skb = new_packet(test);
		skb_trim(skb, len);
		KUNIT_EXPECT_EQ_MSG(test, input(skb), len == MC_HDR_LEN ?
				    NET_RX_SUCCESS : NET_RX_DROP, "%u bytes",
				    len);
		KUNIT_EXPECT_EQ(test, fake.drops[MC_DROP_HEADER],
				(unsigned int)(len < MC_HDR_LEN));
	}
}

static void the_header_may_be_in_pieces(struct kunit *test)
{
	struct sk_buff *skb = new_packet(test);
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	memcpy(page_address(page), skb->data + 2, skb->len - 2);
	skb_add_rx_frag(skb, 0, page, 0, skb->len - 2, PAGE_SIZE);
	skb->len -= 12;
	skb_set_tail_pointer(skb, 2);
	skb_reset_network_header(skb);
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	KUNIT_EXPECT_EQ(test, world.asked, OURS);
}

/* A packet socket may have it, too. */
static void a_shared_packet_is_cloned(struct kunit *test)
{
	struct sk_buff *skb = skb_get(new_packet(test));

	/* The clone is not one of ours, but it is us who free it. */
	fake.skbs++;
	memset(skb->cb, 0, sizeof(skb->cb));
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, world.delivered, 1U);
	KUNIT_EXPECT_FALSE(test, skb_shared(skb));
	KUNIT_EXPECT_FALSE(test, memchr_inv(skb->cb, 0, sizeof(skb->cb)));

	fake.fail_in = 1;
	KUNIT_EXPECT_EQ(test, input(skb_get(skb)), NET_RX_DROP);
	KUNIT_EXPECT_EQ(test, world.delivered, 0U);
	kfree_skb(skb);
}

struct sender {
	const char *name;
	u16 device_type;
	u32 magic;
	u8 halen;
	u8 told;
};

static const struct sender senders[] = {
	{ "a driver's address", ARPHRD_MCTP, CB_MAGIC, 1, 1 },
	{ "a driver's longest address", ARPHRD_MCTP, CB_MAGIC, MAX_ADDR_LEN,
	  MAX_ADDR_LEN },
	{ "none", ARPHRD_MCTP, CB_MAGIC, 0, 0 },
	{ "too long to be one", ARPHRD_MCTP, CB_MAGIC, MAX_ADDR_LEN + 1, 0 },
	{ "overwritten", ARPHRD_MCTP, CB_MAGIC + 1, 1, 0 },
	{ "from loopback", ARPHRD_LOOPBACK, CB_MAGIC, 1, 0 },
	{ "from a tunnel", ARPHRD_NONE, CB_MAGIC, 1, 0 },
};

static void describe_sender(const struct sender *sender, char *desc)
{
	strscpy(desc, sender->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(senders, senders, describe_sender);

static void the_senders_link_address_is_the_drivers(struct kunit *test)
{
	const struct sender *sender = test->param_value;
	struct sk_buff *skb = new_packet(test);
	struct mctp_skb_cb *cb = __mctp_cb(skb);

	world.link->dev->type = sender->device_type;
	cb->net = 1234;
	cb->ifindex = 1234;
	cb->halen = sender->halen;
	cb->haddr[0] = 0xab;
	cb->magic = sender->magic;
	KUNIT_EXPECT_EQ(test, input(skb), NET_RX_SUCCESS);
	KUNIT_EXPECT_EQ(test, (int)world.cb.halen, (int)sender->told);
	KUNIT_EXPECT_EQ(test, (int)world.cb.haddr[0], 0xab);
	/* What is ours to say is what is so. */
	KUNIT_EXPECT_EQ(test, world.cb.net, (unsigned int)NET);
	KUNIT_EXPECT_EQ(test, world.cb.ifindex, 1);
}

static void packets_of_mctp_are_received(struct kunit *test)
{
	mc_input_init();
	KUNIT_ASSERT_TRUE(test, added);
	KUNIT_EXPECT_EQ(test, ntohs(added->type), ETH_P_MCTP);
	KUNIT_EXPECT_TRUE(test, added->func == receive);
	/* from all interfaces, which links are a part of */
	KUNIT_EXPECT_FALSE(test, added->dev);
	mc_input_exit();
	KUNIT_EXPECT_FALSE(test, added);
}

static int eids_init(struct kunit *test)
{
	fake_core_start();
	memset(&world, 0, sizeof(world));
	world.link = fake_link(test, 1, NET);
	world.path.local = true;
	world.path.link = world.link;
	return 0;
}

static struct kunit_case eids_cases[] = {
	KUNIT_CASE(unicast_eids_are_8_to_254),
	KUNIT_CASE(any_source_but_reserved_and_broadcast),
	KUNIT_CASE(any_destination_but_reserved),
	KUNIT_CASE(the_only_version_is_1),
	KUNIT_CASE(the_null_eid_is_who_the_link_means),
	KUNIT_CASE(routes_tell_where_a_packet_goes),
	KUNIT_CASE(what_is_dropped_later_is_dropped),
	KUNIT_CASE(other_links_are_not_heard),
	KUNIT_CASE(a_packet_has_a_header),
	KUNIT_CASE(the_header_may_be_in_pieces),
	KUNIT_CASE(a_shared_packet_is_cloned),
	KUNIT_CASE_PARAM(the_senders_link_address_is_the_drivers,
			 senders_gen_params),
	KUNIT_CASE(packets_of_mctp_are_received),
	{}
};

static struct kunit_suite eids_suite = {
	.name = "mctp_core_eids",
	.init = eids_init,
	.exit = fake_core_end,
	.test_cases = eids_cases,
};

kunit_test_suite(eids_suite);

MODULE_DESCRIPTION("KUnit: EIDs of received MCTP packets");
MODULE_LICENSE("GPL");
