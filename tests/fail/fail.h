/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations that fail, one after the other: an operation is done again and
 * again, and each time the next allocation that the kernel makes for it fails, until
 * it makes no more. Each time the outcome has to be an error or success, and all has
 * to work afterwards.
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
 * @works: does all of it work? Says why not
 * @task: whose allocations fail, 0 for this process
 */
struct fail_op {
	const char *name;
	void (*prepare)(void);
	int (*run)(void);
	void (*finish)(int rc);
	bool (*works)(void);
	pid_t (*task)(void);
};

/* nth.c */
void nth_open(void);
void nth_set(pid_t task, unsigned int n);
unsigned int nth_end(pid_t task);

/* kmsg.c */
void kmsg_open(void);
void kmsg_skip(void);
bool kmsg_site(char *site, char *complaint);
const char *kmsg_said(void);

/* core-ops.c, usb-ops.c */
void core_start(void);
extern const struct fail_op core_ops[];
extern const size_t core_op_count;
void usb_start(void);
extern const struct fail_op usb_ops[];
extern const size_t usb_op_count;

#endif /* FAIL_H */
