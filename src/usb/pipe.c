// SPDX-License-Identifier: GPL-2.0
/*
 * What happens when a bulk pipe fails: the ladder from a retry to a reset.
 *
 *	failure		answer
 *	1st, 2nd	wait, submit again; clear the halt first if there was one
 *	from the 3rd	clear the halt whatever the status was; carrier is off
 *	8th, 16th, 32nd	also ask for a reset of the device
 *
 * The wait doubles from 4 ms to 2 s. It never ends in giving up: only success,
 * or the device going away, ends it. An unplugged device fails for some 100 ms
 * before its disconnect is known, which the ladder spends on retries.
 *
 * A NAKing device gives no completion to tell success by. So a pipe on which
 * nothing failed for a while after its restart counts as working (probation), if
 * it had something to do. If not, as with a sender who waits for an answer, its
 * failures still count; but it is offered again, or nobody would ever try it.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/usb.h>

#include "usb/pipe.h"

#define BACKOFF_MIN_MS		4
#define BACKOFF_MAX_MS		2048
#define PROBATION_MS		250
#define FAILS_CLEAR		3
/* As many failures in a row and the link is not usable for anybody. */
#define FAILS_CARRIER		3
#define FAILS_RESET		8

/**
 * mctp_usb_answer_to() - classify the status of an URB or of its submission
 * @status: 0 or a negative errno, see the kernel's usb/error-codes document
 *
 * Return: the answer. Anything unheard of is worth another try.
 */
enum mctp_usb_answer mctp_usb_answer_to(int status)
{
	switch (status) {
	case 0:
		return MCTP_USB_OK;
	case -ENOENT:		/* killed */
	case -ECONNRESET:	/* unlinked */
		return MCTP_USB_STOPPED;
	case -EPIPE:		/* halted by the device */
		return MCTP_USB_HALTED;
	case -ESHUTDOWN:	/* endpoint or host controller disabled */
	case -ENODEV:		/* unplugged */
		return MCTP_USB_GONE;
	default:		/* bit stuffing, CRC, no answer in time, babble */
		return MCTP_USB_RETRY;
	}
}

/**
 * mctp_usb_backoff() - how long to wait after a failure
 * @fails: failures in a row, at least 1
 *
 * Return: jiffies
 */
unsigned long mctp_usb_backoff(unsigned int fails)
{
	unsigned int shift = min(fails - 1, 31U - ilog2(BACKOFF_MAX_MS));

	return msecs_to_jiffies(min(BACKOFF_MIN_MS << shift, BACKOFF_MAX_MS));
}

static void count_failure(struct mctp_usb_pipe *pipe, unsigned int fails)
{
	WRITE_ONCE(pipe->fails, fails);
	if (fails >= FAILS_CARRIER)
		WRITE_ONCE(pipe->failing, true);
}

/**
 * mctp_usb_pipe_fail() - note a failure and set its answer going
 * @pipe: pipe
 * @status: of the URB or its submission, not 0
 *
 * While a failure is being dealt with, further ones are part of it: a halted
 * pipe returns every URB of its ring.
 *
 * Context: any, serialised by the engine against itself and against
 * mctp_usb_pipe_ok().
 */
void mctp_usb_pipe_fail(struct mctp_usb_pipe *pipe, int status)
{
	enum mctp_usb_answer answer = mctp_usb_answer_to(status);
	unsigned int fails = READ_ONCE(pipe->fails) + 1;

	if (!mctp_usb_pipe_open(pipe))
		return;

	/* A submission that says it was unlinked found no endpoint any more. */
	if (answer == MCTP_USB_GONE || answer == MCTP_USB_STOPPED) {
		WRITE_ONCE(pipe->fault, MCTP_USB_GONE);
		pipe->ops->failed(pipe, status);
		return;
	}

	atomic_inc(answer == MCTP_USB_HALTED ? pipe->halts : pipe->retries);
	count_failure(pipe, fails);
	WRITE_ONCE(pipe->fault, answer);
	pipe->ops->failed(pipe, status);
	mod_delayed_work(mctp_usb_wq, &pipe->work, mctp_usb_backoff(fails));
}

/**
 * mctp_usb_pipe_forget() - what failed once does not count
 * @pipe: pipe
 */
void mctp_usb_pipe_forget(struct mctp_usb_pipe *pipe)
{
	WRITE_ONCE(pipe->fails, 0);
	WRITE_ONCE(pipe->failing, false);
}

/**
 * mctp_usb_pipe_recovered() - the failures are over
 * @pipe: pipe
 */
void mctp_usb_pipe_recovered(struct mctp_usb_pipe *pipe)
{
	mctp_usb_pipe_forget(pipe);
	pipe->ops->works(pipe);
}

static void end_probation(struct mctp_usb_pipe *pipe)
{
	if (pipe->ops->trying(pipe)) {
		mctp_usb_pipe_recovered(pipe);
		return;
	}
	WRITE_ONCE(pipe->failing, false);
	pipe->ops->works(pipe);
}

/* No luck this time: one failure more, the next try is later. */
static void try_again(struct mctp_usb_pipe *pipe)
{
	unsigned int fails = READ_ONCE(pipe->fails) + 1;

	count_failure(pipe, fails);
	queue_delayed_work(mctp_usb_wq, &pipe->work, mctp_usb_backoff(fails));
}

/* Come back to see whether the pipe has done without failures. */
static void start_probation(struct mctp_usb_pipe *pipe, unsigned int fails)
{
	queue_delayed_work(mctp_usb_wq, &pipe->work,
			   max(mctp_usb_backoff(fails),
			       msecs_to_jiffies(PROBATION_MS)));
}

static void pipe_work(struct work_struct *work)
{
	struct mctp_usb_pipe *pipe = container_of(to_delayed_work(work),
						  struct mctp_usb_pipe, work);
	enum mctp_usb_answer fault = READ_ONCE(pipe->fault);
	unsigned int fails = READ_ONCE(pipe->fails);
	int err;

	if (fault == MCTP_USB_GONE)
		return;
	if (fault == MCTP_USB_OK) {
		if (fails)
			end_probation(pipe);
		return;
	}

	/*
	 * The reset is done by another work, which stops this one on its way.
	 * If it cannot be done the ladder just goes on.
	 */
	if (fails >= FAILS_RESET && is_power_of_2(fails)) {
		atomic_inc(pipe->reset_requests);
		usb_queue_reset_device(pipe->intf);
		try_again(pipe);
		return;
	}

	if (fault == MCTP_USB_HALTED || fails >= FAILS_CLEAR) {
		pipe->ops->kill(pipe);
		err = usb_clear_halt(interface_to_usbdev(pipe->intf),
				     pipe->pipe);
		if (err) {
			try_again(pipe);
			return;
		}
	}

	pipe->ops->resume(pipe);
	/* Does nothing when the restarted pipe has failed already. */
	start_probation(pipe, fails);
}

/**
 * mctp_usb_pipe_init() - prepare a pipe
 * @pipe: pipe, its counters set
 * @intf: interface
 * @usb_pipe: as made by usb_rcvbulkpipe() or usb_sndbulkpipe()
 * @ops: engine and link
 */
void mctp_usb_pipe_init(struct mctp_usb_pipe *pipe, struct usb_interface *intf,
			unsigned int usb_pipe,
			const struct mctp_usb_pipe_ops *ops)
{
	pipe->intf = intf;
	pipe->pipe = usb_pipe;
	pipe->ops = ops;
	INIT_DELAYED_WORK(&pipe->work, pipe_work);
}

/**
 * mctp_usb_pipe_start() - the engine is about to submit its first URBs
 * @pipe: pipe, its work not running
 *
 * Failures from before a device reset still count, or a device that fails right
 * after each reset would be reset for ever.
 */
void mctp_usb_pipe_start(struct mctp_usb_pipe *pipe)
{
	unsigned int fails = READ_ONCE(pipe->fails);

	WRITE_ONCE(pipe->fault, MCTP_USB_OK);
	if (fails)
		start_probation(pipe, fails);
}

/**
 * mctp_usb_pipe_stop() - no more submissions and no more answers
 * @pipe: pipe, whose engine lets nobody fail any more
 *
 * Context: process
 */
void mctp_usb_pipe_stop(struct mctp_usb_pipe *pipe)
{
	cancel_delayed_work_sync(&pipe->work);
	/* Behind the work, which may just have given the pipe back. */
	WRITE_ONCE(pipe->fault, MCTP_USB_STOPPED);
}
