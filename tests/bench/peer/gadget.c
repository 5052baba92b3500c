// SPDX-License-Identifier: GPL-2.0
/*
 * The bench's device: a USB gadget with one MCTP interface and an endpoint that
 * lives in completion handlers, so that it costs little and always the same.
 *
 * It is told what to do, and asked what it saw, by parameters of the module in
 * sysfs. There are no locks: the bench's machines have one processor, and who
 * comes from a process turns softirqs off.
 */
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/usb/composite.h>

#include "endpoint.h"

#define REQUESTS	32

static bool spanning;
module_param(spanning, bool, 0444);
MODULE_PARM_DESC(spanning, "DSP0283 1.1 instead of 1.0");

static struct gadget_state {
	struct usb_ep *in;
	struct usb_ep *out;
	struct list_head idle;		/* IN requests */
	struct list_head waiting;	/* OUT requests to be answered */
	struct list_head held;		/* OUT requests, as the host gets none while: */
	bool hold;
	bool echo;
} dev;

static unsigned int buffer_size(void)
{
	return spanning ? 16384 : 512;
}

static void give(struct usb_ep *ep, struct usb_request *req)
{
	if (usb_ep_queue(ep, req, GFP_ATOMIC))
		bench_counters.bad++;
}

static struct usb_request *take(struct list_head *list)
{
	struct usb_request *req;

	req = list_first_entry_or_null(list, struct usb_request, list);
	if (req)
		list_del_init(&req->list);
	return req;
}

/* Give the host what the source has for it. */
static void send_more(void)
{
	struct usb_request *req;
	bool last;

	while ((req = take(&dev.idle))) {
		req->length = bench_source_fill(req->buf, buffer_size(), &last);
		if (!req->length) {
			list_add(&req->list, &dev.idle);
			return;
		}
		req->zero = spanning && last;
		give(dev.in, req);
	}
}

/* Answer OUT requests as long as there are IN requests for that. */
static void answer(void)
{
	struct usb_request *in, *out;

	while (!list_empty(&dev.waiting)) {
		in = take(&dev.idle);
		if (!in)
			return;
		out = take(&dev.waiting);
		swap(in->buf, out->buf);
		in->length = out->actual;
		in->zero = spanning;
		give(dev.in, in);
		give(dev.out, out);
	}
}

static void in_done(struct usb_ep *ep, struct usb_request *req)
{
	if (req->status == -ESHUTDOWN || req->status == -ECONNRESET)
		return;
	/* May be inside of usb_ep_queue(), where a short one is done at once. */
	list_add_tail(&req->list, &dev.idle);
	answer();
	send_more();
}

static void out_done(struct usb_ep *ep, struct usb_request *req)
{
	if (req->status == -ESHUTDOWN || req->status == -ECONNRESET)
		return;
	if (req->status)
		bench_counters.bad++;
	else
		bench_receive(req->buf, req->actual, dev.echo);
	if (dev.hold) {
		list_add_tail(&req->list, &dev.held);
	} else if (dev.echo && !req->status && req->actual) {
		list_add_tail(&req->list, &dev.waiting);
		answer();
	} else {
		give(ep, req);
	}
}

static struct usb_request *new_request(struct usb_ep *ep)
{
	struct usb_request *req = usb_ep_alloc_request(ep, GFP_ATOMIC);

	if (!req)
		return NULL;
	INIT_LIST_HEAD(&req->list);
	req->length = buffer_size();
	req->buf = kmalloc(req->length, GFP_ATOMIC);
	return req->buf ? req : NULL;
}

/* What is left over of an earlier configuration is lost; the machine is, too. */
static int bench_set_alt(struct usb_function *f, unsigned int interface,
			 unsigned int alt)
{
	struct usb_gadget *gadget = f->config->cdev->gadget;
	struct usb_request *req;
	int i, err;

	usb_ep_disable(dev.in);
	usb_ep_disable(dev.out);
	err = config_ep_by_speed(gadget, f, dev.in) ?:
	      config_ep_by_speed(gadget, f, dev.out) ?:
	      usb_ep_enable(dev.in) ?: usb_ep_enable(dev.out);
	if (err)
		return err;
	INIT_LIST_HEAD(&dev.idle);
	INIT_LIST_HEAD(&dev.waiting);
	INIT_LIST_HEAD(&dev.held);
	for (i = 0; i < REQUESTS; i++) {
		req = new_request(dev.in);
		if (!req)
			return -ENOMEM;
		req->complete = in_done;
		list_add_tail(&req->list, &dev.idle);
		req = new_request(dev.out);
		if (!req)
			return -ENOMEM;
		req->complete = out_done;
		give(dev.out, req);
	}
	return 0;
}

static void bench_disable(struct usb_function *f)
{
	usb_ep_disable(dev.in);
	usb_ep_disable(dev.out);
}

static struct usb_interface_descriptor interface = {
	.bLength = sizeof(interface),
	.bDescriptorType = USB_DT_INTERFACE,
	.bNumEndpoints = 2,
	.bInterfaceClass = 0x14,
	.bInterfaceProtocol = 0x01,
};

static struct usb_endpoint_descriptor in_desc = {
	.bLength = USB_DT_ENDPOINT_SIZE,
	.bDescriptorType = USB_DT_ENDPOINT,
	.bEndpointAddress = USB_DIR_IN,
	.bmAttributes = USB_ENDPOINT_XFER_BULK,
};

static struct usb_endpoint_descriptor out_desc = {
	.bLength = USB_DT_ENDPOINT_SIZE,
	.bDescriptorType = USB_DT_ENDPOINT,
	.bEndpointAddress = USB_DIR_OUT,
	.bmAttributes = USB_ENDPOINT_XFER_BULK,
};

static struct usb_descriptor_header *descriptors[] = {
	(struct usb_descriptor_header *)&interface,
	(struct usb_descriptor_header *)&in_desc,
	(struct usb_descriptor_header *)&out_desc,
	NULL,
};

static int bench_bind(struct usb_configuration *c, struct usb_function *f)
{
	int id = usb_interface_id(c, f);

	if (id < 0)
		return id;
	interface.bInterfaceNumber = id;
	interface.bInterfaceSubClass = spanning ? 2 : 0;
	dev.in = usb_ep_autoconfig(c->cdev->gadget, &in_desc);
	dev.out = usb_ep_autoconfig(c->cdev->gadget, &out_desc);
	if (!dev.in || !dev.out)
		return -ENODEV;
	/* That has made them full-speed ones. */
	in_desc.wMaxPacketSize = cpu_to_le16(512);
	out_desc.wMaxPacketSize = cpu_to_le16(512);
	return usb_assign_descriptors(f, descriptors, descriptors, NULL, NULL);
}

static void bench_unbind(struct usb_configuration *c, struct usb_function *f)
{
	usb_free_all_descriptors(f);
}

static struct usb_function function = {
	.name = "mctp",
	.bind = bench_bind,
	.unbind = bench_unbind,
	.set_alt = bench_set_alt,
	.disable = bench_disable,
};

static struct usb_configuration configuration = {
	.label = "mctp",
	.bConfigurationValue = 1,
	.bmAttributes = USB_CONFIG_ATT_ONE,
};

static int add_function(struct usb_configuration *c)
{
	return usb_add_function(c, &function);
}

static int bench_gadget_bind(struct usb_composite_dev *cdev)
{
	return usb_add_config(cdev, &configuration, add_function);
}

static const struct usb_device_descriptor device = {
	.bLength = sizeof(device),
	.bDescriptorType = USB_DT_DEVICE,
	.bcdUSB = cpu_to_le16(0x0200),
	.idVendor = cpu_to_le16(0x1d6b),	/* Linux Foundation */
	.idProduct = cpu_to_le16(0x0104),	/* composite gadget */
	.bNumConfigurations = 1,
};

static struct usb_composite_driver driver = {
	.name = "mctp-usb-bench",
	.dev = &device,
	.max_speed = USB_SPEED_HIGH,
	.bind = bench_gadget_bind,
};

static void receive_all(bool echo)
{
	struct usb_request *req;

	dev.echo = echo;
	dev.hold = false;
	while ((req = take(&dev.held)))
		give(dev.out, req);
}

/* "echo", "sink", "hold" (take what fits) or "source COUNT SIZE MTU PACK" */
static int do_command(const char *text, const struct kernel_param *param)
{
	unsigned int count, size, mtu, pack;
	int err = 0;

	if (!dev.in)
		return -ENODEV;
	local_bh_disable();
	if (sysfs_streq(text, "echo")) {
		receive_all(true);
	} else if (sysfs_streq(text, "sink")) {
		receive_all(false);
	} else if (sysfs_streq(text, "hold")) {
		dev.hold = true;
	} else if (sscanf(text, "source %u %u %u %u", &count, &size, &mtu,
			  &pack) == 4) {
		err = bench_source_start(count, size, mtu, pack);
		if (!err)
			send_more();
	} else {
		err = -EINVAL;
	}
	local_bh_enable();
	return err;
}

static int show_counters(char *text, const struct kernel_param *param)
{
	const struct bench_counters *c = &bench_counters;

	return sysfs_emit(text, "%llu %llu %llu %llu %llu %llu\n", c->packets,
			  c->payload, c->transfers, c->bad, c->last_ns, c->sent);
}

static const struct kernel_param_ops command_ops = { .set = do_command };
static const struct kernel_param_ops counters_ops = { .get = show_counters };

module_param_cb(command, &command_ops, NULL, 0200);
module_param_cb(counters, &counters_ops, NULL, 0444);

static int __init bench_init(void)
{
	int err;

	if (num_online_cpus() > 1)
		return -EOPNOTSUPP;
	err = bench_endpoint_init(spanning);
	if (err)
		return err;
	err = usb_composite_probe(&driver);
	if (err)
		bench_endpoint_exit();
	return err;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	usb_composite_unregister(&driver);
	bench_endpoint_exit();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("Far end of mctp-usb's bench");
MODULE_LICENSE("GPL");
