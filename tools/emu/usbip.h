/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of USB/IP, as Documentation/usb/usbip_protocol.rst has them; all big endian. */
#ifndef EMU_USBIP_H
#define EMU_USBIP_H

#include <linux/types.h>

#define USBIP_CMD_SUBMIT	1
#define USBIP_CMD_UNLINK	2
#define USBIP_RET_SUBMIT	3
#define USBIP_RET_UNLINK	4

#define USBIP_DIR_IN		1
#define USBIP_ZERO_PACKET	0x40	/* of flags: Linux' URB_ZERO_PACKET */

struct usbip_basic {
	__be32 command, seqnum, devid, direction, ep;
};

struct usbip_message {
	struct usbip_basic basic;
	union {
		struct {
			__be32 flags, length, start_frame, packets, interval;
			u8 setup[8];
		} submit;
		struct {
			__be32 status, length, start_frame, packets, errors;
			u8 padding[8];
		} submitted;
		struct {
			__be32 seqnum;
			u8 padding[24];
		} unlink;
		struct {
			__be32 status;
			u8 padding[24];
		} unlinked;
	};
};

/* vhci.c: the kernel's virtual host controller */
const char *vhci_attach(unsigned int speed, int fd);

#endif /* EMU_USBIP_H */
