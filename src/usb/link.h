/* SPDX-License-Identifier: GPL-2.0 */
/* One MCTP interface of a USB device, and its netdev. */
#ifndef MCTP_USB_LINK_H
#define MCTP_USB_LINK_H

#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/usb.h>

#include "frame.h"
#include "usb/pace.h"
#include "usb/rx.h"
#include "usb/stats.h"
#include "usb/tx.h"

#define MCTP_USB_DRIVER_NAME	"mctp-usb"

/**
 * struct mctp_usb_link - private part of the netdev
 * @netdev: the netdev
 * @intf: the USB interface
 * @spanning: DSP0283 1.1 with spanning, else 1.0
 * @framing: what that and the endpoints imply
 * @napi: drains both engines
 * @pace: of receive
 * @resting: polls do not receive
 * @rest: ends that
 * @rx: receive engine
 * @tx: transmit engine
 * @stats: counters
 * @rx_size: slots of the receive ring when up
 * @tx_size: slots of the transmit ring when up
 * @ratelimit: for messages on failing pipes
 * @lock: of the four below (but the watch ends @returning), of start and stop; inside
 *	RTNL and the USB device lock. Nothing under it takes RTNL
 * @up: the netdev is open and has its rings
 * @held: the USB core forbids I/O: suspended, or being reset
 * @running: the engines run: @up and not @held
 * @returning: from a reset; the carrier stays off until userspace knows, which the
 *	watch finds out
 * @watch: looks once a second for what no event tells
 * @rx_seen: receive transfers at the last look
 * @tx_seen: transmit position at the last look
 * @rx_idle: looks since @rx_seen changed
 * @tx_idle: looks since @tx_seen changed
 */
struct mctp_usb_link {
	struct net_device *netdev;
	struct usb_interface *intf;
	bool spanning;
	struct mctp_framing framing;
	struct napi_struct napi;
	struct mctp_usb_pace pace;
	bool resting;
	struct hrtimer rest;
	struct mctp_usb_rx rx;
	struct mctp_usb_tx tx;
	struct mctp_usb_stats stats;
	unsigned int rx_size;
	unsigned int tx_size;
	struct ratelimit_state ratelimit;

	struct mutex lock;	/* see above */
	bool up;
	bool held;
	bool running;
	bool returning;

	struct delayed_work watch;
	u64 rx_seen;
	unsigned int tx_seen;
	unsigned int rx_idle;
	unsigned int tx_idle;
};

/* On the full second, so that an idle machine wakes once for all such work. */
#define MCTP_USB_WATCH_INTERVAL	round_jiffies_relative(HZ)
/* Between the first looks after a reset: userspace is to see the carrier down. */
#define MCTP_USB_RETURN_TIME	msecs_to_jiffies(100)

struct ethtool_ringparam;
struct kernel_ethtool_ringparam;
struct netlink_ext_ack;

extern const struct ethtool_ops mctp_usb_ethtool_ops;
extern const struct mctp_usb_pipe_ops mctp_usb_rx_pipe_ops;
extern const struct mctp_usb_pipe_ops mctp_usb_tx_pipe_ops;

void mctp_usb_get_ringparam(struct net_device *netdev,
			    struct ethtool_ringparam *ring,
			    struct kernel_ethtool_ringparam *kernel_ring,
			    struct netlink_ext_ack *extack);
int mctp_usb_set_ringparam(struct net_device *netdev,
			   struct ethtool_ringparam *ring,
			   struct kernel_ethtool_ringparam *kernel_ring,
			   struct netlink_ext_ack *extack);

void mctp_usb_link_carrier(struct mctp_usb_link *link);
void mctp_usb_link_watch(struct work_struct *work);

struct mctp_usb_link *
mctp_usb_link_create(struct usb_interface *intf, bool spanning,
		     const struct mctp_framing *framing,
		     unsigned int in_pipe, unsigned int out_pipe);
void mctp_usb_link_destroy(struct mctp_usb_link *link);
void mctp_usb_link_hold(struct mctp_usb_link *link, bool reset);
void mctp_usb_link_release(struct mctp_usb_link *link, bool peer_reset);
int mctp_usb_link_resize(struct mctp_usb_link *link, unsigned int rx_size,
			 unsigned int tx_size);
unsigned int mctp_usb_link_max_ring(const struct mctp_usb_link *link);

#endif /* MCTP_USB_LINK_H */
