/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the modules ask for fails, one request after the other: an operation is done
 * again and again, and each time the next request that is made on its behalf fails,
 * until there is none left. Each time the outcome has to be an error or success, and
 * all has to work afterwards.
 */
#ifndef FAIL_H
#define FAIL_H

#include "../conformance/conform.h"

#define SITE_MAX 160

/**
 * struct fail_op - an operation
 * @name: what it is called
 * @prepare: what is needed for it, without failures; may be NULL
 * @run: the operation; returns 0 or a negative errno
 * @finish: undo; @rc is what @run said; may be NULL
 * @works: does all of it work?
 * @whole: all requests of this task count, not only those that our modules make
 * @fragile: the USB core itself gives up when submissions fail in a row
 * @lengthy: has too many of them for a short run
 */
struct fail_op {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*finish)(int rc);
	bool (*works)(void);
	bool whole;
	bool fragile;
	bool lengthy;
};

/**
 * struct fail_way - a way in which a request fails
 * @what: as the hook knows it: slab, pages, urb
 * @name: what it is called
 * @times: so many requests fail in a row
 * @error: of a submission
 */
struct fail_way {
	const char *what;
	const char *name;
	unsigned int times;
	int error;
};

/* hook.c */
void hook_open(void);
void hook_forget(void);
void hook_arm(const struct fail_way *way, unsigned int nth, bool whole);
unsigned int hook_end(char *site);

/* sites.c */
void sites_clear(void);
void sites_note(const char *site, int rc);
void sites_print(void);
unsigned int sites_total(void);

/* kmsg.c */
void kmsg_open(void);
void kmsg_skip(void);
bool kmsg_quiet(char *complaint);
const char *kmsg_said(void);

/* core-ops.c, usb-ops.c */
void core_start(void);
extern const struct fail_op core_ops[];
extern const size_t core_op_count;
void usb_start(void);
extern const struct fail_op usb_ops[];
extern const size_t usb_op_count;

#endif /* FAIL_H */
