/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table of lists of objects with the same key, the youngest first, as the kernel's
 * rhltable has them. Included by kernel.h.
 */
#ifndef FUZZ_RHASHTABLE_H
#define FUZZ_RHASHTABLE_H

#define RHL_BUCKETS	64

/* @next: with the same key, as of the last look-up; @other: in the same bucket */
struct rhlist_head {
	struct rhlist_head *next, *other;
};

struct rhltable {
	struct rhlist_head *bucket[RHL_BUCKETS];
};

struct rhashtable_compare_arg {
	const void *key;
};

struct rhashtable_params {
	size_t head_offset, key_offset, key_len, min_size;
	u32 (*hashfn)(const void *data, u32 len, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *obj);
	bool automatic_shrinking;
};

static inline const u8 *rhl_key(const struct rhlist_head *node,
				const struct rhashtable_params *params)
{
	return (const u8 *)node - params->head_offset + params->key_offset;
}

static inline struct rhlist_head **rhl_bucket(struct rhltable *table,
					      const u8 *key,
					      const struct rhashtable_params *params)
{
	return &table->bucket[params->hashfn(key, params->key_len, 0) % RHL_BUCKETS];
}

static inline int rhltable_init(struct rhltable *table,
				const struct rhashtable_params *params)
{
	memset(table, 0, sizeof(*table));
	return 0;
}

static inline void rhltable_destroy(struct rhltable *table)
{
	int i;

	for (i = 0; i < RHL_BUCKETS; i++)
		must(!table->bucket[i]);
}

/* It may have to grow, and find no memory. */
static inline int rhltable_insert(struct rhltable *table, struct rhlist_head *node,
				  const struct rhashtable_params params)
{
	struct rhlist_head **bucket = rhl_bucket(table, rhl_key(node, &params), &params);

	if (memory_fails())
		return -ENOMEM;
	node->other = *bucket;
	*bucket = node;
	return 0;
}

static inline void rhltable_remove(struct rhltable *table, struct rhlist_head *node,
				   const struct rhashtable_params params)
{
	struct rhlist_head **at = rhl_bucket(table, rhl_key(node, &params), &params);

	for (; *at != node; at = &(*at)->other)
		must(*at);
	*at = node->other;
}

static inline struct rhlist_head *rhltable_lookup(struct rhltable *table,
						  const void *key,
						  const struct rhashtable_params params)
{
	struct rhlist_head *node = *rhl_bucket(table, key, &params);
	struct rhlist_head *first = NULL, **end = &first;
	struct rhashtable_compare_arg arg = { .key = key };

	for (; node; node = node->other) {
		if (params.obj_cmpfn(&arg, (u8 *)node - params.head_offset))
			continue;
		*end = node;
		end = &node->next;
	}
	*end = NULL;
	return first;
}

struct rhl_chain {
	struct rhlist_head *first;
};

static inline struct rhl_chain *rhl_chain(struct rhlist_head **pos,
					  struct rhlist_head *list)
{
	static struct rhl_chain chain;

	*pos = list;
	chain.first = list;
	return &chain;
}

/* Their names are those of an hlist. */
#define rhl_for_each_entry_rcu(entry, pos, list, member) \
	hlist_for_each_entry(entry, rhl_chain(&(pos), list), member)

#endif /* FUZZ_RHASHTABLE_H */
