// SPDX-License-Identifier: GPL-2.0
/*
 * The health of a link: what its pipes report, what no event reports, and the
 * carrier that follows from it.
 */
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/ratelimit.h>

#include "usb/link.h"

/* Looks without progress before a partial packet is given up. */
#define STALE_LOOKS	5
/* Looks before a NAKing peer, which is legal, is worth a line. */
#define STALL_LOOKS	10

/**
 * mctp_usb_link_carrier() - tell userspace whether the link is usable
 * @link: link
 *
 * Context: any
 */
void mctp_usb_link_carrier(struct mctp_usb_link *link)
{
	/* Whoever stops the engines knows what becomes of it. */
	if (!READ_ONCE(link->running))
		return;
	if (!READ_ONCE(link->returning) &&
	    mctp_usb_pipe_usable(&link->rx.pipe) &&
	    mctp_usb_pipe_usable(&link->tx.pipe))
		netif_carrier_on(link->netdev);
	else
		netif_carrier_off(link->netdev);
}

static struct mctp_usb_link *link_of_rx(struct mctp_usb_pipe *pipe)
{
	return container_of(pipe, struct mctp_usb_link, rx.pipe);
}

static struct mctp_usb_link *link_of_tx(struct mctp_usb_pipe *pipe)
{
	return container_of(pipe, struct mctp_usb_link, tx.pipe);
}

static void say_failed(struct mctp_usb_link *link, const char *which, int status)
{
	enum mctp_usb_answer answer = mctp_usb_answer_to(status);

	if (answer == MCTP_USB_HALTED && __ratelimit(&link->ratelimit))
		netdev_warn(link->netdev,
			    "device halted its %s pipe, recovering\n", which);
	if (answer == MCTP_USB_RETRY && __ratelimit(&link->ratelimit))
		netdev_warn(link->netdev,
			    "%s transfer failed (%d), recovering\n", which,
			    status);
	mctp_usb_link_carrier(link);
}

static void rx_kill(struct mctp_usb_pipe *pipe)
{
	mctp_usb_rx_kill(&link_of_rx(pipe)->rx);
}

static void rx_resume(struct mctp_usb_pipe *pipe)
{
	mctp_usb_rx_resume(&link_of_rx(pipe)->rx);
}

/* There is always a buffer for what may come. */
static bool rx_trying(struct mctp_usb_pipe *pipe)
{
	return true;
}

static void rx_failed(struct mctp_usb_pipe *pipe, int status)
{
	say_failed(link_of_rx(pipe), "IN", status);
}

static void rx_works(struct mctp_usb_pipe *pipe)
{
	mctp_usb_link_carrier(link_of_rx(pipe));
}

static void tx_kill(struct mctp_usb_pipe *pipe)
{
	mctp_usb_tx_kill(&link_of_tx(pipe)->tx);
}

static void tx_resume(struct mctp_usb_pipe *pipe)
{
	mctp_usb_tx_resume(&link_of_tx(pipe)->tx);
}

static bool tx_trying(struct mctp_usb_pipe *pipe)
{
	struct mctp_usb_tx *tx = &link_of_tx(pipe)->tx;

	return READ_ONCE(tx->head) != READ_ONCE(tx->next);
}

static void tx_failed(struct mctp_usb_pipe *pipe, int status)
{
	say_failed(link_of_tx(pipe), "OUT", status);
}

static void tx_works(struct mctp_usb_pipe *pipe)
{
	mctp_usb_link_carrier(link_of_tx(pipe));
}

const struct mctp_usb_pipe_ops mctp_usb_rx_pipe_ops = {
	.kill = rx_kill,
	.resume = rx_resume,
	.trying = rx_trying,
	.failed = rx_failed,
	.works = rx_works,
};

const struct mctp_usb_pipe_ops mctp_usb_tx_pipe_ops = {
	.kill = tx_kill,
	.resume = tx_resume,
	.trying = tx_trying,
	.failed = tx_failed,
	.works = tx_works,
};

static void watch_rx(struct mctp_usb_link *link)
{
	struct mctp_usb_counts counts;
	u64 transfers;

	mctp_usb_stats_read(&link->stats, &counts);
	transfers = counts.rx[MCTP_USB_RX_TRANSFERS];
	if (transfers != link->rx_seen) {
		link->rx_seen = transfers;
		link->rx_idle = 0;
	} else if (++link->rx_idle == STALE_LOOKS) {
		mctp_usb_rx_expire(&link->rx, transfers);
	}
}

static void watch_tx(struct mctp_usb_link *link)
{
	unsigned int head = READ_ONCE(link->tx.head);

	if (head != link->tx_seen || head == READ_ONCE(link->tx.next)) {
		link->tx_seen = head;
		link->tx_idle = 0;
	} else if (++link->tx_idle == STALL_LOOKS) {
		atomic_inc(&link->stats.link[MCTP_USB_TX_STALLS]);
		if (__ratelimit(&link->ratelimit))
			netdev_warn(link->netdev,
				    "device takes no data, waiting for it\n");
	}
}

/**
 * mctp_usb_link_watch() - look at what no event tells, once a second
 * @work: of the link's @watch
 */
void mctp_usb_link_watch(struct work_struct *work)
{
	struct mctp_usb_link *link = container_of(to_delayed_work(work),
						  struct mctp_usb_link, watch);

	/* The network core, which has to say it, takes up to a second. */
	if (link->returning && READ_ONCE(link->netdev->operstate) == IF_OPER_UP) {
		queue_delayed_work(mctp_usb_wq, &link->watch, MCTP_USB_RETURN_TIME);
		return;
	}
	WRITE_ONCE(link->returning, false);

	watch_rx(link);
	watch_tx(link);
	/* Two pipes that changed state at once may have left it wrong. */
	mctp_usb_link_carrier(link);
	queue_delayed_work(mctp_usb_wq, &link->watch, MCTP_USB_WATCH_INTERVAL);
}
