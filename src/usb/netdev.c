// SPDX-License-Identifier: GPL-2.0
/*
 * The link: a netdev over the two engines.
 *
 * Whether the engines run follows from two facts, what the user wants (@up) and
 * what the USB core allows (not @held); the netdev operations change the one,
 * the USB driver the other. So the netdev, its addresses and its routes outlive
 * a suspend or a reset of the device.
 */
#include <linux/hrtimer.h>
#include <linux/if_arp.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/usb.h>
#include <net/mctp.h>
#include <net/mctpdevice.h>

#include "usb/link.h"

/*
 * Slots. A high-speed microframe takes 13 full packets, and what is submitted
 * in one is served in the next but one; a 1.1 transfer is 16 packets.
 */
#define RX_SIZE_1_0	64
#define RX_SIZE_1_1	16
#define TX_SIZE_1_0	64
#define TX_SIZE_1_1	16
#define MAX_SIZE_1_0	256
#define MAX_SIZE_1_1	64

/* Two of the longest messages (64 KiB) in packets of the baseline unit. */
#define TX_QUEUE_LEN	2048

static enum hrtimer_restart mctp_usb_rested(struct hrtimer *timer)
{
	struct mctp_usb_link *link = container_of(timer, struct mctp_usb_link,
						  rest);

	WRITE_ONCE(link->resting, false);
	napi_schedule(&link->napi);
	return HRTIMER_NORESTART;
}

/* Return: number of packets, less than @budget if nothing is to be done now. */
static int receive(struct mctp_usb_link *link, int budget)
{
	struct mctp_usb_rx *rx = &link->rx;
	struct mctp_usb_pace_poll poll = {
		.started = ktime_get_ns(),
		.queued = rx->tail - rx->head,
	};
	unsigned int head = rx->head;
	u64 rest;

	rx->messages = 0;
	poll.packets = mctp_usb_rx_poll(rx, budget);
	if (!poll.packets)
		return 0;
	poll.ended = ktime_get_ns();
	poll.messages = rx->messages;
	poll.transfers = rx->head - head;
	rest = mctp_usb_pace_poll(&link->pace, &poll);
	rx->depth = link->pace.depth;
	if (!rest)
		return poll.packets;

	WRITE_ONCE(link->resting, true);
	hrtimer_start(&link->rest, ns_to_ktime(rest), HRTIMER_MODE_REL);
	return min_t(int, poll.packets, budget - 1);
}

static int mctp_usb_poll(struct napi_struct *napi, int budget)
{
	struct mctp_usb_link *link = container_of(napi, struct mctp_usb_link,
						  napi);
	int work = 0;

	/* Receive first, so that IN buffers are out before what they answer. */
	if (!READ_ONCE(link->resting))
		work = receive(link, budget);
	mctp_usb_tx_reap(&link->tx);
	if (work < budget)
		napi_complete_done(napi, work);
	return work;
}

/* Return: 0, or an error when the device is gone. */
static int start(struct mctp_usb_link *link)
{
	int err;

	mctp_usb_pace_start(&link->pace, link->rx.ring.size);
	link->rx.depth = link->pace.depth;
	err = mctp_usb_rx_start(&link->rx);
	if (link->rx.pipe.fault == MCTP_USB_GONE) {
		mctp_usb_rx_stop(&link->rx);
		netif_carrier_off(link->netdev);
		return err ?: -ENODEV;
	}

	napi_enable(&link->napi);
	mctp_usb_tx_start(&link->tx);
	WRITE_ONCE(link->running, true);

	/* Completions of before napi_enable() could schedule nothing. */
	local_bh_disable();
	napi_schedule(&link->napi);
	local_bh_enable();

	link->rx_idle = 0;
	link->tx_idle = 0;
	queue_delayed_work(mctp_usb_wq, &link->watch,
			   link->returning ? MCTP_USB_RETURN_TIME :
					     MCTP_USB_WATCH_INTERVAL);
	mctp_usb_link_carrier(link);
	return 0;
}

static void stop(struct mctp_usb_link *link)
{
	WRITE_ONCE(link->running, false);
	cancel_delayed_work_sync(&link->watch);
	napi_disable(&link->napi);
	hrtimer_cancel(&link->rest);
	link->resting = false;
	mctp_usb_tx_stop(&link->tx);
	mctp_usb_rx_stop(&link->rx);
}

/* Make the engines follow @up and @held. */
static int update(struct mctp_usb_link *link)
{
	bool run = link->up && !link->held;

	lockdep_assert_held(&link->lock);

	if (run == link->running)
		return 0;
	if (run)
		return start(link);
	stop(link);
	return 0;
}

static void free_rings(struct mctp_usb_link *link)
{
	mctp_usb_ring_free(&link->rx.ring);
	mctp_usb_ring_free(&link->tx.ring);
}

/* Return: 0, or -ENOMEM and no rings. */
static int alloc_rings(struct mctp_usb_link *link, struct mctp_usb_ring *rx,
		       unsigned int rx_size, struct mctp_usb_ring *tx,
		       unsigned int tx_size)
{
	int err;

	err = mctp_usb_rx_alloc(&link->rx, rx, rx_size);
	if (err)
		return err;
	err = mctp_usb_tx_alloc(&link->tx, tx, tx_size);
	if (err)
		mctp_usb_ring_free(rx);
	return err;
}

static int open_locked(struct mctp_usb_link *link)
{
	int err;

	err = alloc_rings(link, &link->rx.ring, link->rx_size, &link->tx.ring,
			  link->tx_size);
	if (err)
		return err;

	mctp_usb_pipe_forget(&link->rx.pipe);
	mctp_usb_pipe_forget(&link->tx.pipe);
	link->returning = false;
	link->up = true;
	/* It runs while the transmit engine does. */
	netif_stop_queue(link->netdev);
	err = update(link);
	if (err) {
		link->up = false;
		free_rings(link);
	}
	return err;
}

static int mctp_usb_open(struct net_device *netdev)
{
	struct mctp_usb_link *link = netdev_priv(netdev);
	int err;

	/* Not under the lock: this may resume the device. */
	err = usb_autopm_get_interface(link->intf);
	if (err)
		return err;

	mutex_lock(&link->lock);
	err = open_locked(link);
	mutex_unlock(&link->lock);
	if (err)
		usb_autopm_put_interface(link->intf);
	return err;
}

static int mctp_usb_stop(struct net_device *netdev)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	mutex_lock(&link->lock);
	link->up = false;
	update(link);
	netif_carrier_off(netdev);
	mctp_usb_tx_purge(&link->tx);
	free_rings(link);
	mutex_unlock(&link->lock);
	usb_autopm_put_interface(link->intf);
	return 0;
}

static netdev_tx_t mctp_usb_start_xmit(struct sk_buff *skb,
				       struct net_device *netdev)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	return mctp_usb_tx_send(&link->tx, skb);
}

static void mctp_usb_get_stats64(struct net_device *netdev,
				 struct rtnl_link_stats64 *stats)
{
	struct mctp_usb_link *link = netdev_priv(netdev);
	struct mctp_usb_counts counts;

	mctp_usb_stats_read(&link->stats, &counts);
	mctp_usb_stats_map(&counts, stats);
}

static const struct net_device_ops mctp_usb_netdev_ops = {
	.ndo_open = mctp_usb_open,
	.ndo_stop = mctp_usb_stop,
	.ndo_start_xmit = mctp_usb_start_xmit,
	.ndo_get_stats64 = mctp_usb_get_stats64,
};

/**
 * mctp_usb_link_hold() - stop I/O until mctp_usb_link_release()
 * @link: link
 * @reset: the device is about to be reset, so the far end will not be what it
 *	was, which the carrier says; else it is suspended
 *
 * Packets that were not sent yet are kept.
 *
 * Context: process; from the USB driver's callbacks, which may run inside a
 * mctp_usb_open() that waits for the device to resume.
 */
void mctp_usb_link_hold(struct mctp_usb_link *link, bool reset)
{
	mutex_lock(&link->lock);
	link->held = true;
	/*
	 * Opening a closed link resumes the device and holds it awake. Were the
	 * link detached, the network core would resume it before, hold nothing,
	 * and find a device that is asleep again: -ENODEV. And of a detached
	 * one's carrier nobody hears.
	 */
	if (link->up && !reset)
		netif_device_detach(link->netdev);
	update(link);
	if (reset)
		netif_carrier_off(link->netdev);
	mutex_unlock(&link->lock);
}

/**
 * mctp_usb_link_release() - go on after mctp_usb_link_hold()
 * @link: link
 * @peer_reset: the far end was reset: its EID is gone, as is what was on its
 *	way to it. Userspace is told by a carrier that goes down and up
 *
 * Context: as mctp_usb_link_hold()
 */
void mctp_usb_link_release(struct mctp_usb_link *link, bool peer_reset)
{
	mutex_lock(&link->lock);
	if (peer_reset) {
		atomic_inc(&link->stats.link[MCTP_USB_RESETS]);
		netif_carrier_off(link->netdev);
		link->returning = true;
		if (link->up)
			mctp_usb_tx_purge(&link->tx);
	}
	link->held = false;
	/* A device that is gone already is about to be disconnected. */
	update(link);
	/* Behind that, as it wakes the queue. */
	netif_device_attach(link->netdev);
	mutex_unlock(&link->lock);
}

/**
 * mctp_usb_link_max_ring() - most slots of a ring
 * @link: link
 */
unsigned int mctp_usb_link_max_ring(const struct mctp_usb_link *link)
{
	return link->spanning ? MAX_SIZE_1_1 : MAX_SIZE_1_0;
}

static int replace_rings(struct mctp_usb_link *link, unsigned int rx_size,
			 unsigned int tx_size)
{
	struct mctp_usb_ring rx_ring, tx_ring;
	bool was_running = link->running;
	int err;

	err = alloc_rings(link, &rx_ring, rx_size, &tx_ring, tx_size);
	if (err)
		return err;
	if (was_running)
		stop(link);
	mctp_usb_tx_purge(&link->tx);
	free_rings(link);
	link->rx.ring = rx_ring;
	link->tx.ring = tx_ring;
	if (was_running)
		start(link);
	return 0;
}

/**
 * mctp_usb_link_resize() - give the rings other sizes
 * @link: link
 * @rx_size: slots of the receive ring, a power of two
 * @tx_size: slots of the transmit ring, a power of two
 *
 * An open link stops for the change; packets in the transmit ring that are not yet
 * sent are dropped, those in the queue wait.
 *
 * Context: process, under RTNL
 * Return: 0, or -ENOMEM with nothing changed
 */
int mctp_usb_link_resize(struct mctp_usb_link *link, unsigned int rx_size,
			 unsigned int tx_size)
{
	int err = 0;

	mutex_lock(&link->lock);
	if (link->up)
		err = replace_rings(link, rx_size, tx_size);
	if (!err) {
		link->rx_size = rx_size;
		link->tx_size = tx_size;
	}
	mutex_unlock(&link->lock);
	return err;
}

static void mctp_usb_setup(struct net_device *netdev)
{
	netdev->type = ARPHRD_MCTP;
	netdev->flags = IFF_NOARP;
	netdev->priv_flags |= IFF_LIVE_RENAME_OK;
	netdev->mtu = MCTP_PACKET_BTU;
	netdev->min_mtu = MCTP_PACKET_BTU;
	netdev->tx_queue_len = TX_QUEUE_LEN;
	netdev->netdev_ops = &mctp_usb_netdev_ops;
	netdev->ethtool_ops = &mctp_usb_ethtool_ops;
}

static void init_engines(struct mctp_usb_link *link, unsigned int in_pipe,
			 unsigned int out_pipe)
{
	struct usb_device *udev = interface_to_usbdev(link->intf);
	struct mctp_usb_rx *rx = &link->rx;
	struct mctp_usb_tx *tx = &link->tx;

	rx->udev = udev;
	rx->netdev = link->netdev;
	rx->napi = &link->napi;
	rx->framing = &link->framing;
	rx->stats = &link->stats.rx;
	rx->pipe.halts = &link->stats.link[MCTP_USB_RX_HALTS];
	rx->pipe.retries = &link->stats.link[MCTP_USB_RX_RETRIES];
	rx->pipe.reset_requests = &link->stats.link[MCTP_USB_RESET_REQUESTS];
	/* The counters say how much more there was: no lines about lines. */
	ratelimit_state_init(&rx->ratelimit, 60 * HZ, 5);
	ratelimit_set_flags(&rx->ratelimit, RATELIMIT_MSG_ON_RELEASE);
	mctp_usb_pipe_init(&rx->pipe, link->intf, in_pipe, &mctp_usb_rx_pipe_ops);

	tx->udev = udev;
	tx->netdev = link->netdev;
	tx->napi = &link->napi;
	tx->framing = &link->framing;
	tx->stats = &link->stats.tx;
	tx->packing = true;
	timer_setup(&tx->timer, mctp_usb_tx_timeout, 0);
	tx->pipe.halts = &link->stats.link[MCTP_USB_TX_HALTS];
	tx->pipe.retries = &link->stats.link[MCTP_USB_TX_RETRIES];
	tx->pipe.reset_requests = &link->stats.link[MCTP_USB_RESET_REQUESTS];
	mctp_usb_pipe_init(&tx->pipe, link->intf, out_pipe, &mctp_usb_tx_pipe_ops);
}

/**
 * mctp_usb_link_create() - make and register the link of an interface
 * @intf: USB interface
 * @spanning: DSP0283 1.1 with spanning, else 1.0
 * @framing: sizes that follow from that and the endpoints
 * @in_pipe: bulk IN
 * @out_pipe: bulk OUT
 *
 * Context: process, in the USB driver's probe
 * Return: the link, or an ERR_PTR
 */
struct mctp_usb_link *
mctp_usb_link_create(struct usb_interface *intf, bool spanning,
		     const struct mctp_framing *framing,
		     unsigned int in_pipe, unsigned int out_pipe)
{
	struct mctp_usb_link *link;
	struct net_device *netdev;
	int err;

	netdev = alloc_netdev(sizeof(*link), "mctpusb%d", NET_NAME_ENUM,
			      mctp_usb_setup);
	if (!netdev)
		return ERR_PTR(-ENOMEM);
	SET_NETDEV_DEV(netdev, &intf->dev);
	netdev->max_mtu = framing->packet_max;
	netif_carrier_off(netdev);

	link = netdev_priv(netdev);
	link->netdev = netdev;
	link->intf = intf;
	link->spanning = spanning;
	link->framing = *framing;
	link->rx_size = spanning ? RX_SIZE_1_1 : RX_SIZE_1_0;
	link->tx_size = spanning ? TX_SIZE_1_1 : TX_SIZE_1_0;
	mutex_init(&link->lock);
	INIT_DELAYED_WORK(&link->watch, mctp_usb_link_watch);
	ratelimit_state_init(&link->ratelimit, 60 * HZ, 5);
	ratelimit_set_flags(&link->ratelimit, RATELIMIT_MSG_ON_RELEASE);
	mctp_usb_stats_init(&link->stats);
	init_engines(link, in_pipe, out_pipe);
	netif_napi_add(netdev, &link->napi, mctp_usb_poll);
	hrtimer_setup(&link->rest, mctp_usb_rested, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);

	err = mctp_register_netdev(netdev, NULL, MCTP_PHYS_BINDING_USB);
	if (err) {
		dev_err(&intf->dev, "cannot register the link (%d)\n", err);
		free_netdev(netdev);
		return ERR_PTR(err);
	}
	return link;
}

/**
 * mctp_usb_link_destroy() - take the link away
 * @link: link
 *
 * Context: process, in the USB driver's disconnect
 */
void mctp_usb_link_destroy(struct mctp_usb_link *link)
{
	struct net_device *netdev = link->netdev;

	mctp_unregister_netdev(netdev);
	free_netdev(netdev);
}
