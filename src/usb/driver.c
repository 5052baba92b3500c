// SPDX-License-Identifier: GPL-2.0
/*
 * The USB driver: which interfaces are bound, and what the USB core asks of
 * them: power management and resets.
 *
 * Every interface of the MCTP class gets a link of its own. What a descriptor
 * says is checked here, once; the engines rely on it.
 */
#include <linux/module.h>
#include <linux/usb.h>
#include <linux/workqueue.h>

#include "usb/link.h"
#include "version.h"

#define SUBCLASS_NO_SPANNING	0x00
#define SUBCLASS_SPANNING	0x02
#define PROTOCOL_MCTP_1		0x01

struct workqueue_struct *mctp_usb_wq;

/* Return: 0 with both endpoints set, or -ENODEV with the reason said. */
static int find_endpoints(struct usb_interface *intf,
			  struct usb_endpoint_descriptor **in,
			  struct usb_endpoint_descriptor **out)
{
	struct usb_host_interface *alt = intf->cur_altsetting;
	int bulk_in = 0, bulk_out = 0;
	int i;

	for (i = 0; i < alt->desc.bNumEndpoints; i++) {
		struct usb_endpoint_descriptor *ep = &alt->endpoint[i].desc;

		if (usb_endpoint_is_bulk_in(ep)) {
			*in = ep;
			bulk_in++;
		} else if (usb_endpoint_is_bulk_out(ep)) {
			*out = ep;
			bulk_out++;
		}
	}
	if (bulk_in == 1 && bulk_out == 1)
		return 0;

	dev_err(&intf->dev,
		"not an MCTP interface: %d bulk IN and %d bulk OUT endpoints, not one each\n",
		bulk_in, bulk_out);
	return -ENODEV;
}

static int mctp_usb_probe(struct usb_interface *intf,
			  const struct usb_device_id *id)
{
	u8 subclass = intf->cur_altsetting->desc.bInterfaceSubClass;
	struct usb_device *udev = interface_to_usbdev(intf);
	struct usb_endpoint_descriptor *in, *out;
	struct mctp_framing framing;
	struct mctp_usb_link *link;
	int err;

	err = find_endpoints(intf, &in, &out);
	if (err)
		return err;

	err = mctp_framing_init(&framing, subclass == SUBCLASS_SPANNING,
				usb_endpoint_maxp(in), usb_endpoint_maxp(out));
	if (err) {
		dev_err(&intf->dev,
			"not an MCTP interface: packet sizes %d (IN) and %d (OUT)\n",
			usb_endpoint_maxp(in), usb_endpoint_maxp(out));
		return -ENODEV;
	}

	link = mctp_usb_link_create(intf, subclass == SUBCLASS_SPANNING,
				    &framing,
				    usb_rcvbulkpipe(udev, in->bEndpointAddress),
				    usb_sndbulkpipe(udev,
						    out->bEndpointAddress));
	if (IS_ERR(link))
		return PTR_ERR(link);
	usb_set_intfdata(intf, link);
	return 0;
}

static void mctp_usb_disconnect(struct usb_interface *intf)
{
	mctp_usb_link_destroy(usb_get_intfdata(intf));
}

static int mctp_usb_suspend(struct usb_interface *intf, pm_message_t message)
{
	struct mctp_usb_link *link = usb_get_intfdata(intf);

	atomic_inc(&link->stats.link[MCTP_USB_SUSPENDS]);
	mctp_usb_link_hold(link, false);
	return 0;
}

static int mctp_usb_resume(struct usb_interface *intf)
{
	mctp_usb_link_release(usb_get_intfdata(intf), false);
	return 0;
}

static int mctp_usb_reset_resume(struct usb_interface *intf)
{
	mctp_usb_link_release(usb_get_intfdata(intf), true);
	return 0;
}

static int mctp_usb_pre_reset(struct usb_interface *intf)
{
	mctp_usb_link_hold(usb_get_intfdata(intf), true);
	return 0;
}

static int mctp_usb_post_reset(struct usb_interface *intf)
{
	mctp_usb_link_release(usb_get_intfdata(intf), true);
	return 0;
}

static const struct usb_device_id mctp_usb_ids[] = {
	{ USB_INTERFACE_INFO(USB_CLASS_MCTP, SUBCLASS_NO_SPANNING,
			     PROTOCOL_MCTP_1) },
	{ USB_INTERFACE_INFO(USB_CLASS_MCTP, SUBCLASS_SPANNING,
			     PROTOCOL_MCTP_1) },
	{ }
};
MODULE_DEVICE_TABLE(usb, mctp_usb_ids);

/*
 * An open link holds the device awake, so autosuspend only ever happens to a
 * closed one, and by default (power/control is "on") not even to that.
 */
static struct usb_driver mctp_usb_driver = {
	.name = MCTP_USB_DRIVER_NAME,
	.id_table = mctp_usb_ids,
	.probe = mctp_usb_probe,
	.disconnect = mctp_usb_disconnect,
	.suspend = mctp_usb_suspend,
	.resume = mctp_usb_resume,
	.reset_resume = mctp_usb_reset_resume,
	.pre_reset = mctp_usb_pre_reset,
	.post_reset = mctp_usb_post_reset,
	.supports_autosuspend = 1,
};

static int __init mctp_usb_init(void)
{
	int err;

	mctp_usb_wq = alloc_workqueue("mctp_usb", WQ_UNBOUND, 0);
	if (!mctp_usb_wq)
		return -ENOMEM;
	err = usb_register(&mctp_usb_driver);
	if (err)
		destroy_workqueue(mctp_usb_wq);
	return err;
}
module_init(mctp_usb_init);

static void __exit mctp_usb_exit(void)
{
	usb_deregister(&mctp_usb_driver);
	destroy_workqueue(mctp_usb_wq);
}
module_exit(mctp_usb_exit);

MODULE_AUTHOR("The mctp-usb developers");
MODULE_DESCRIPTION("MCTP over USB (DMTF DSP0283) host driver");
MODULE_LICENSE("GPL");
MODULE_VERSION(MCTP_USB_VERSION);
