/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of pipe.c for the engines: a policy that closes the pipe on a
 * failure, writes down what it heard, and leaves the answer to the test.
 */
#ifndef MCTP_USB_KUNIT_FAKE_PIPE_H
#define MCTP_USB_KUNIT_FAKE_PIPE_H

#include <linux/errno.h>
#include <linux/string.h>

#include "usb/pipe.h"

/**
 * struct fake_pipe - what an engine told it
 * @starts: how often it was started
 * @stops: how often it was stopped
 * @failures: failures of an open pipe
 * @status: of the last one
 * @recoveries: how often it was told to work again
 */
static struct fake_pipe {
	unsigned int starts;
	unsigned int stops;
	unsigned int failures;
	int status;
	unsigned int recoveries;
} fake_pipe;

static inline void fake_pipe_reset(void)
{
	memset(&fake_pipe, 0, sizeof(fake_pipe));
}

enum mctp_usb_answer mctp_usb_answer_to(int status)
{
	switch (status) {
	case 0:
		return MCTP_USB_OK;
	case -ENOENT:
	case -ECONNRESET:
		return MCTP_USB_STOPPED;
	case -EPIPE:
		return MCTP_USB_HALTED;
	case -ESHUTDOWN:
	case -ENODEV:
		return MCTP_USB_GONE;
	default:
		return MCTP_USB_RETRY;
	}
}

void mctp_usb_pipe_start(struct mctp_usb_pipe *pipe)
{
	fake_pipe.starts++;
	pipe->fault = MCTP_USB_OK;
}

void mctp_usb_pipe_stop(struct mctp_usb_pipe *pipe)
{
	fake_pipe.stops++;
	pipe->fault = MCTP_USB_STOPPED;
}

void mctp_usb_pipe_fail(struct mctp_usb_pipe *pipe, int status)
{
	if (!mctp_usb_pipe_open(pipe))
		return;
	fake_pipe.failures++;
	fake_pipe.status = status;
	pipe->fails++;
	pipe->fault = mctp_usb_answer_to(status);
}

void mctp_usb_pipe_recovered(struct mctp_usb_pipe *pipe)
{
	fake_pipe.recoveries++;
	pipe->fails = 0;
}

#endif /* MCTP_USB_KUNIT_FAKE_PIPE_H */
