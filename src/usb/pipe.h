/* SPDX-License-Identifier: GPL-2.0 */
/* Error policy of one bulk pipe, the same for both directions. */
#ifndef MCTP_USB_PIPE_H
#define MCTP_USB_PIPE_H

#include <linux/types.h>
#include <linux/workqueue.h>

struct usb_interface;

/**
 * enum mctp_usb_answer - what the status of an URB calls for
 * @MCTP_USB_OK: nothing
 * @MCTP_USB_STOPPED: nothing, the driver took the URB back itself
 * @MCTP_USB_RETRY: submit again, later
 * @MCTP_USB_HALTED: clear the halt, then submit again
 * @MCTP_USB_GONE: stop; what follows is a disconnect or a reset
 */
enum mctp_usb_answer {
	MCTP_USB_OK,
	MCTP_USB_STOPPED,
	MCTP_USB_RETRY,
	MCTP_USB_HALTED,
	MCTP_USB_GONE,
};

struct mctp_usb_pipe;

/* For all that sleeps; clearing a halt may take seconds. */
extern struct workqueue_struct *mctp_usb_wq;

/**
 * struct mctp_usb_pipe_ops - what a pipe's engine and link do for it
 * @kill: take back all URBs and wait for them; may sleep
 * @resume: forget @fault and submit again; process context
 * @trying: is there a transfer under way, which would fail if the pipe did?
 * @failed: a failure was noted and its answer is under way; any context
 * @works: the pipe works again after failures, or is to be tried; any context
 */
struct mctp_usb_pipe_ops {
	void (*kill)(struct mctp_usb_pipe *pipe);
	void (*resume)(struct mctp_usb_pipe *pipe);
	bool (*trying)(struct mctp_usb_pipe *pipe);
	void (*failed)(struct mctp_usb_pipe *pipe, int status);
	void (*works)(struct mctp_usb_pipe *pipe);
};

/**
 * struct mctp_usb_pipe - one bulk pipe
 * @intf: the interface, for a device reset
 * @pipe: as the USB core wants it
 * @ops: see there
 * @fault: what keeps the engine from submitting: MCTP_USB_OK nothing, and the
 *	engine owns it; MCTP_USB_STOPPED that it is stopped; else the work owns it
 * @fails: failures in a row
 * @failing: they are too many for anybody to use it, until it works or is to be tried
 * @work: the answer to @fault, and afterwards the end of probation
 * @halts: counter of halts met
 * @retries: counter of other failures met
 * @reset_requests: counter of device resets asked for
 */
struct mctp_usb_pipe {
	struct usb_interface *intf;
	unsigned int pipe;
	const struct mctp_usb_pipe_ops *ops;
	enum mctp_usb_answer fault;
	unsigned int fails;
	bool failing;
	struct delayed_work work;
	atomic_t *halts;
	atomic_t *retries;
	atomic_t *reset_requests;
};

enum mctp_usb_answer mctp_usb_answer_to(int status);
unsigned long mctp_usb_backoff(unsigned int fails);

void mctp_usb_pipe_init(struct mctp_usb_pipe *pipe, struct usb_interface *intf,
			unsigned int usb_pipe,
			const struct mctp_usb_pipe_ops *ops);
void mctp_usb_pipe_forget(struct mctp_usb_pipe *pipe);
void mctp_usb_pipe_start(struct mctp_usb_pipe *pipe);
void mctp_usb_pipe_stop(struct mctp_usb_pipe *pipe);
void mctp_usb_pipe_fail(struct mctp_usb_pipe *pipe, int status);
void mctp_usb_pipe_recovered(struct mctp_usb_pipe *pipe);

/**
 * mctp_usb_urb_error() - the status of an URB that the driver did not take back
 * @status: not 0
 *
 * Return: @status; or -EPROTO, as some host controllers' drivers report
 * transaction errors like an URB that was taken back
 */
static inline int mctp_usb_urb_error(int status)
{
	return mctp_usb_answer_to(status) == MCTP_USB_STOPPED ? -EPROTO : status;
}

/**
 * mctp_usb_pipe_ok() - a transfer came through
 * @pipe: pipe
 *
 * Context: as mctp_usb_pipe_fail().
 */
static inline void mctp_usb_pipe_ok(struct mctp_usb_pipe *pipe)
{
	if (unlikely(READ_ONCE(pipe->fails)))
		mctp_usb_pipe_recovered(pipe);
}

/**
 * mctp_usb_pipe_open() - may the engine submit?
 * @pipe: pipe
 */
static inline bool mctp_usb_pipe_open(const struct mctp_usb_pipe *pipe)
{
	/* Pairs with the release by which the work gives the pipe back. */
	return smp_load_acquire(&pipe->fault) == MCTP_USB_OK;
}

/**
 * mctp_usb_pipe_usable() - is it worth offering to users?
 * @pipe: pipe
 */
static inline bool mctp_usb_pipe_usable(const struct mctp_usb_pipe *pipe)
{
	return READ_ONCE(pipe->fault) != MCTP_USB_GONE &&
	       !READ_ONCE(pipe->failing);
}

#endif /* MCTP_USB_PIPE_H */
