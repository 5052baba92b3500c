/* SPDX-License-Identifier: GPL-2.0 */
/* The link to the emulated endpoint, as the operations on it see it. */
#ifndef USB_LINK_H
#define USB_LINK_H

#include "../vm/tools/sysfs.h"
#include "fail.h"

#define DEV "mctpusb0"
#define LONGEST 251
/* Ten failures in a row take as long, with a reset among them. */
#define LADDER_US 20000000

/* usb-link.c */
bool file_is(const char *path, const char *text);
long attr(const char *name);
bool present(void);
void new_netlink(void);
int set_up(bool up);
bool endpoint(const char *command);
int send_packet(size_t len);
int receive_packet(size_t len);
int bind_driver(void);
int unbind_driver(void);
bool works(void);
bool works_anew(void);
void link_start(void);
const char *device(void);

/* usb-sleep.c */
void need_node(void);
int run_reset(void);
void close_node(int rc);
int run_load(void);
int run_suspend(void);
int run_wake(void);
void unloaded(void);
void asleep(void);
void awake(int rc);
bool works_loaded(void);

#endif /* USB_LINK_H */
