// SPDX-License-Identifier: GPL-2.0
/* What ethtool shows and sets: counters, ring sizes, packing. */
#include <linux/ethtool.h>
#include <linux/log2.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/usb.h>

#include "usb/link.h"
#include "version.h"

#define FLAG_TX_PACKING	BIT(0)

static const char flag_names[][ETH_GSTRING_LEN] = { "tx-packing" };

static void get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	strscpy(info->driver, MCTP_USB_DRIVER_NAME, sizeof(info->driver));
	strscpy(info->version, MCTP_USB_VERSION, sizeof(info->version));
	usb_make_path(interface_to_usbdev(link->intf), info->bus_info,
		      sizeof(info->bus_info));
}

static int get_sset_count(struct net_device *netdev, int sset)
{
	switch (sset) {
	case ETH_SS_STATS:
		return MCTP_USB_STATS_NUM;
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(flag_names);
	default:
		return -EOPNOTSUPP;
	}
}

static void get_strings(struct net_device *netdev, u32 sset, u8 *data)
{
	unsigned int i;

	switch (sset) {
	case ETH_SS_STATS:
		for (i = 0; i < MCTP_USB_STATS_NUM; i++)
			ethtool_puts(&data, mctp_usb_stat_names[i]);
		break;
	case ETH_SS_PRIV_FLAGS:
		for (i = 0; i < ARRAY_SIZE(flag_names); i++)
			ethtool_puts(&data, flag_names[i]);
		break;
	}
}

static void get_ethtool_stats(struct net_device *netdev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct mctp_usb_link *link = netdev_priv(netdev);
	struct mctp_usb_counts counts;

	BUILD_BUG_ON(sizeof(counts) != MCTP_USB_STATS_NUM * sizeof(*data));
	mctp_usb_stats_read(&link->stats, &counts);
	memcpy(data, &counts, sizeof(counts));
}

/* Not static: older kernels reach these through the compat header. */
void mctp_usb_get_ringparam(struct net_device *netdev,
			    struct ethtool_ringparam *ring,
			    struct kernel_ethtool_ringparam *kernel_ring,
			    struct netlink_ext_ack *extack)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	ring->rx_max_pending = mctp_usb_link_max_ring(link);
	ring->tx_max_pending = mctp_usb_link_max_ring(link);
	ring->rx_pending = link->rx_size;
	ring->tx_pending = link->tx_size;
}

int mctp_usb_set_ringparam(struct net_device *netdev,
			   struct ethtool_ringparam *ring,
			   struct kernel_ethtool_ringparam *kernel_ring,
			   struct netlink_ext_ack *extack)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	if (ring->rx_mini_pending || ring->rx_jumbo_pending ||
	    !ring->rx_pending || !ring->tx_pending)
		return -EINVAL;
	/* The ethtool core has checked the upper limits, powers of two. */
	return mctp_usb_link_resize(link, roundup_pow_of_two(ring->rx_pending),
				    roundup_pow_of_two(ring->tx_pending));
}

static u32 get_priv_flags(struct net_device *netdev)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	return link->tx.packing ? FLAG_TX_PACKING : 0;
}

static int set_priv_flags(struct net_device *netdev, u32 flags)
{
	struct mctp_usb_link *link = netdev_priv(netdev);

	WRITE_ONCE(link->tx.packing, flags & FLAG_TX_PACKING);
	return 0;
}

const struct ethtool_ops mctp_usb_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_ethtool_stats,
	.get_ringparam = MCTP_USB_GET_RINGPARAM,
	.set_ringparam = MCTP_USB_SET_RINGPARAM,
	.get_priv_flags = get_priv_flags,
	.set_priv_flags = set_priv_flags,
};
