// SPDX-License-Identifier: GPL-2.0
/*
 * The error policy of a pipe, with a clock that the test turns, an engine that
 * only writes down what it is told to do, and no USB core.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "fake-work.h"

#include "../src/usb/pipe.c"

struct workqueue_struct *mctp_usb_wq;

static void engine_kill(struct mctp_usb_pipe *pipe)
{
	note(KILL);
}

static void engine_resume(struct mctp_usb_pipe *pipe)
{
	note(RESUME);
	/* As the engines do it. */
	smp_store_release(&pipe->fault, MCTP_USB_OK);
	if (fake->resume_status)
		mctp_usb_pipe_fail(pipe, fake->resume_status);
}

static bool engine_trying(struct mctp_usb_pipe *pipe)
{
	return !fake->idle;
}

static void engine_failed(struct mctp_usb_pipe *pipe, int status)
{
	note(FAILED);
	fake->last_status = status;
}

static void engine_works(struct mctp_usb_pipe *pipe)
{
	note(WORKS);
}

static const struct mctp_usb_pipe_ops engine = {
	.kill = engine_kill,
	.resume = engine_resume,
	.trying = engine_trying,
	.failed = engine_failed,
	.works = engine_works,
};

static int set_up(struct kunit *test)
{
	struct mctp_usb_pipe *pipe;

	fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake);
	fake->udev = kunit_kzalloc(test, sizeof(*fake->udev), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fake->udev);
	fake->intf.dev.parent = &fake->udev->dev;

	pipe = &fake->pipe;
	pipe->halts = &fake->halts;
	pipe->retries = &fake->retries;
	pipe->reset_requests = &fake->resets;
	mctp_usb_pipe_init(pipe, &fake->intf, USB_PIPE, &engine);
	mctp_usb_pipe_start(pipe);
	test->priv = fake;
	return 0;
}

static unsigned long ms(unsigned int n)
{
	return msecs_to_jiffies(n);
}

/* Turn the clock to the next time that the work is due. */
static void run_work(struct kunit *test)
{
	struct work_struct *work = &fake->pipe.work.work;

	KUNIT_ASSERT_TRUE(test, fake->pending);
	fake->now = fake->due;
	fake->pending = false;
	work->func(work);
}

static void expect_actions(struct kunit *test, const u8 *expected, size_t n,
			   int line)
{
	KUNIT_EXPECT_EQ_MSG(test, fake->actions, n, "line %d", line);
	if (fake->actions == n)
		KUNIT_EXPECT_EQ_MSG(test, memcmp(fake->action, expected, n), 0,
				    "line %d", line);
	fake->actions = 0;
}

#define ACTIONS(...)	((const u8[]){ 0, ##__VA_ARGS__ })

/* Since the last call these were the actions and no others. */
#define EXPECT_ACTIONS(test, ...)						\
	expect_actions(test, ACTIONS(__VA_ARGS__) + 1,				\
		       sizeof(ACTIONS(__VA_ARGS__)) - 1, __LINE__)

static const struct answer {
	const char *name;
	int status;
	enum mctp_usb_answer answer;
} answers[] = {
	{ "success", 0, MCTP_USB_OK },
	{ "ENOENT", -ENOENT, MCTP_USB_STOPPED },
	{ "ECONNRESET", -ECONNRESET, MCTP_USB_STOPPED },
	{ "EPIPE", -EPIPE, MCTP_USB_HALTED },
	{ "ESHUTDOWN", -ESHUTDOWN, MCTP_USB_GONE },
	{ "ENODEV", -ENODEV, MCTP_USB_GONE },
	{ "EPROTO", -EPROTO, MCTP_USB_RETRY },
	{ "EILSEQ", -EILSEQ, MCTP_USB_RETRY },
	{ "ETIME", -ETIME, MCTP_USB_RETRY },
	{ "EOVERFLOW", -EOVERFLOW, MCTP_USB_RETRY },
	{ "ECOMM", -ECOMM, MCTP_USB_RETRY },
	{ "ENOSR", -ENOSR, MCTP_USB_RETRY },
	{ "ENOMEM", -ENOMEM, MCTP_USB_RETRY },
	{ "EREMOTEIO", -EREMOTEIO, MCTP_USB_RETRY },
	{ "EINVAL", -EINVAL, MCTP_USB_RETRY },
	{ "EHOSTUNREACH", -EHOSTUNREACH, MCTP_USB_RETRY },
	{ "unheard of", -4000, MCTP_USB_RETRY },
};

static void describe(const struct answer *a, char *text)
{
	strscpy(text, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(answer, answers, describe);

static void status_has_its_answer(struct kunit *test)
{
	const struct answer *a = test->param_value;

	KUNIT_EXPECT_EQ(test, (int)mctp_usb_answer_to(a->status), (int)a->answer);
}

static void failure_has_its_effect(struct kunit *test)
{
	const struct answer *a = test->param_value;
	struct mctp_usb_pipe *pipe = &fake->pipe;
	bool halted = a->answer == MCTP_USB_HALTED;
	bool counts = halted || a->answer == MCTP_USB_RETRY;

	if (!a->status)
		return;
	mctp_usb_pipe_fail(pipe, a->status);

	/* A submission that was "unlinked" found no endpoint. */
	KUNIT_EXPECT_EQ(test, (int)pipe->fault,
			counts ? (int)a->answer : (int)MCTP_USB_GONE);
	KUNIT_EXPECT_FALSE(test, mctp_usb_pipe_open(pipe));
	KUNIT_EXPECT_EQ(test, mctp_usb_pipe_usable(pipe), counts);
	KUNIT_EXPECT_EQ(test, pipe->fails, counts);
	KUNIT_EXPECT_EQ(test, fake->pending, counts);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->halts), halted);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->retries), counts && !halted);
	KUNIT_EXPECT_EQ(test, fake->last_status, a->status);
	EXPECT_ACTIONS(test, FAILED);
}

static void wait_doubles_from_4_to_2048_ms(struct kunit *test)
{
	static const unsigned int expected[] = {
		4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 2048, 2048,
	};
	static const unsigned int many[] = {
		20, 21, 22, 31, 32, 33, 64, 1000, 0x7fffffff, 0xffffffff,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(expected); i++)
		KUNIT_EXPECT_EQ_MSG(test, mctp_usb_backoff(i + 1), ms(expected[i]),
				    "%u failures", i + 1);
	for (i = 0; i < ARRAY_SIZE(many); i++)
		KUNIT_EXPECT_EQ_MSG(test, mctp_usb_backoff(many[i]), ms(2048),
				    "%u failures", many[i]);
}

static void failures_during_an_answer_are_part_of_it(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPIPE);
	mctp_usb_pipe_fail(pipe, -EPIPE);
	mctp_usb_pipe_fail(pipe, -EPROTO);
	mctp_usb_pipe_fail(pipe, -ENODEV);
	EXPECT_ACTIONS(test, FAILED);
	KUNIT_EXPECT_EQ(test, pipe->fails, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->halts), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->retries), 0);
	KUNIT_EXPECT_EQ(test, (int)pipe->fault, (int)MCTP_USB_HALTED);
}

static void first_failures_are_retried_and_the_third_clears_a_halt(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_usable(pipe));
	KUNIT_EXPECT_EQ(test, fake->due, ms(4));
	run_work(test);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_open(pipe));
	EXPECT_ACTIONS(test, FAILED, RESUME);

	mctp_usb_pipe_fail(pipe, -EPROTO);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_usable(pipe));
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(8));
	run_work(test);
	EXPECT_ACTIONS(test, FAILED, RESUME);

	mctp_usb_pipe_fail(pipe, -EPROTO);
	KUNIT_EXPECT_FALSE(test, mctp_usb_pipe_usable(pipe));
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(16));
	run_work(test);
	EXPECT_ACTIONS(test, FAILED, KILL, CLEAR, RESUME);
	KUNIT_EXPECT_FALSE(test, fake->wrong_target);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->retries), 3);
}

static void halt_is_cleared_at_once(struct kunit *test)
{
	mctp_usb_pipe_fail(&fake->pipe, -EPIPE);
	KUNIT_EXPECT_EQ(test, fake->due, ms(4));
	run_work(test);
	EXPECT_ACTIONS(test, FAILED, KILL, CLEAR, RESUME);
	KUNIT_EXPECT_FALSE(test, fake->wrong_target);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_open(&fake->pipe));
}

static void halt_that_cannot_be_cleared_is_one_failure_more(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	fake->clear_err = -ETIMEDOUT;
	mctp_usb_pipe_fail(pipe, -EPIPE);
	run_work(test);
	EXPECT_ACTIONS(test, FAILED, KILL, CLEAR);
	KUNIT_EXPECT_EQ(test, pipe->fails, 2);
	KUNIT_EXPECT_FALSE(test, mctp_usb_pipe_open(pipe));
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(8));
	/* of failures to clear it no counter tells, they are no halts */
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->halts), 1);

	fake->clear_err = 0;
	run_work(test);
	EXPECT_ACTIONS(test, KILL, CLEAR, RESUME);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_open(pipe));
}

/* A device that fails right after each restart, for a long time. */
static void endless_failures_climb_the_ladder(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;
	unsigned int resets = 0, fails;

	fake->resume_status = -EPROTO;
	mctp_usb_pipe_fail(pipe, -EPROTO);
	for (fails = 1; fails <= 70; fails++) {
		bool resets_now = fails == 8 || fails == 16 || fails == 32 ||
				  fails == 64;

		KUNIT_ASSERT_EQ(test, pipe->fails, fails);
		KUNIT_EXPECT_EQ_MSG(test, fake->due - fake->now,
				    ms(min(4U << min(fails - 1, 9U), 2048U)),
				    "%u failures", fails);
		fake->actions = 0;
		run_work(test);
		if (resets_now)
			EXPECT_ACTIONS(test, RESET);
		else if (fails >= 3)
			EXPECT_ACTIONS(test, KILL, CLEAR, RESUME, FAILED);
		else
			EXPECT_ACTIONS(test, RESUME, FAILED);
		resets += resets_now;
		KUNIT_EXPECT_EQ_MSG(test, atomic_read(&fake->resets), (int)resets,
				    "%u failures", fails);
	}
	KUNIT_EXPECT_FALSE(test, fake->wrong_target);
}

static void pipe_without_completions_works_after_probation(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	run_work(test);
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(250));
	fake->actions = 0;
	run_work(test);
	EXPECT_ACTIONS(test, WORKS);
	KUNIT_EXPECT_EQ(test, pipe->fails, 0);
	KUNIT_EXPECT_FALSE(test, fake->pending);
}

/* One who sends a request and waits for an answer that cannot come. */
static void pipe_that_nobody_tried_is_offered_again_and_keeps_its_failures(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;
	unsigned int fails;

	fake->idle = true;
	for (fails = 1; fails < 8; fails++) {
		mctp_usb_pipe_fail(pipe, -EPROTO);
		KUNIT_EXPECT_EQ(test, mctp_usb_pipe_usable(pipe), fails < 3);
		run_work(test);
		fake->actions = 0;
		run_work(test);
		EXPECT_ACTIONS(test, WORKS);
		KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_usable(pipe));
		KUNIT_EXPECT_EQ(test, pipe->fails, fails);
		KUNIT_EXPECT_FALSE(test, fake->pending);
	}
	mctp_usb_pipe_fail(pipe, -EPROTO);
	run_work(test);
	EXPECT_ACTIONS(test, FAILED, RESET);
}

static void failures_are_forgotten_when_the_link_is_opened_anew(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;
	unsigned int fails;

	for (fails = 1; fails <= 3; fails++) {
		mctp_usb_pipe_fail(pipe, -EPROTO);
		run_work(test);
	}
	mctp_usb_pipe_stop(pipe);
	mctp_usb_pipe_forget(pipe);
	mctp_usb_pipe_start(pipe);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_usable(pipe));
	KUNIT_EXPECT_EQ(test, pipe->fails, 0);
	KUNIT_EXPECT_FALSE(test, fake->pending);
}

/* Or a device that needs long to fail would never be reset. */
static void probation_is_as_long_as_the_wait_before(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		mctp_usb_pipe_fail(pipe, -EPIPE);
		run_work(test);
		/* that was a reset, which another work would make */
		if (!mctp_usb_pipe_open(pipe))
			run_work(test);
		KUNIT_ASSERT_TRUE(test, mctp_usb_pipe_open(pipe));
	}
	KUNIT_EXPECT_GE(test, pipe->fails, 12);
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(2048));
}

static void success_ends_the_failures(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	run_work(test);
	fake->actions = 0;

	mctp_usb_pipe_ok(pipe);
	EXPECT_ACTIONS(test, WORKS);
	KUNIT_EXPECT_EQ(test, pipe->fails, 0);
	mctp_usb_pipe_ok(pipe);
	/* the end of probation has nothing to tell any more */
	run_work(test);
	EXPECT_ACTIONS(test);

	mctp_usb_pipe_fail(pipe, -EPROTO);
	KUNIT_EXPECT_EQ(test, pipe->fails, 1);
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(4));
}

static void failure_in_probation_is_answered_in_its_own_time(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	run_work(test);
	fake->now += ms(100);
	mctp_usb_pipe_fail(pipe, -EPIPE);
	KUNIT_EXPECT_EQ(test, pipe->fails, 2);
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(8));
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->halts), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&fake->retries), 1);
}

static void device_that_is_gone_is_left_alone(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	run_work(test);
	mctp_usb_pipe_fail(pipe, -ENODEV);
	fake->actions = 0;

	/* probation ends all the same, which is no recovery */
	run_work(test);
	EXPECT_ACTIONS(test);
	KUNIT_EXPECT_FALSE(test, fake->pending);
	KUNIT_EXPECT_EQ(test, (int)pipe->fault, (int)MCTP_USB_GONE);
	KUNIT_EXPECT_FALSE(test, mctp_usb_pipe_usable(pipe));

	mctp_usb_pipe_fail(pipe, -EPROTO);
	EXPECT_ACTIONS(test);
	KUNIT_EXPECT_FALSE(test, fake->pending);
}

static void stopped_pipe_is_not_answered_for(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	mctp_usb_pipe_stop(pipe);
	KUNIT_EXPECT_FALSE(test, fake->pending);
	KUNIT_EXPECT_EQ(test, (int)pipe->fault, (int)MCTP_USB_STOPPED);
	KUNIT_EXPECT_FALSE(test, mctp_usb_pipe_open(pipe));
	fake->actions = 0;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	EXPECT_ACTIONS(test);
	KUNIT_EXPECT_FALSE(test, fake->pending);
}

static void restart_goes_on_counting_with_probation(struct kunit *test)
{
	struct mctp_usb_pipe *pipe = &fake->pipe;

	mctp_usb_pipe_fail(pipe, -EPROTO);
	mctp_usb_pipe_stop(pipe);
	mctp_usb_pipe_start(pipe);
	KUNIT_EXPECT_TRUE(test, mctp_usb_pipe_open(pipe));
	KUNIT_EXPECT_EQ(test, pipe->fails, 1);
	KUNIT_ASSERT_TRUE(test, fake->pending);
	KUNIT_EXPECT_EQ(test, fake->due, fake->now + ms(250));
	fake->actions = 0;
	run_work(test);
	EXPECT_ACTIONS(test, WORKS);

	/* nothing failed before, nothing to look at later */
	mctp_usb_pipe_stop(pipe);
	mctp_usb_pipe_start(pipe);
	KUNIT_EXPECT_FALSE(test, fake->pending);
}

static struct kunit_case pipe_cases[] = {
	KUNIT_CASE_PARAM(status_has_its_answer, answer_gen_params),
	KUNIT_CASE_PARAM(failure_has_its_effect, answer_gen_params),
	KUNIT_CASE(wait_doubles_from_4_to_2048_ms),
	KUNIT_CASE(failures_during_an_answer_are_part_of_it),
	KUNIT_CASE(first_failures_are_retried_and_the_third_clears_a_halt),
	KUNIT_CASE(halt_is_cleared_at_once),
	KUNIT_CASE(halt_that_cannot_be_cleared_is_one_failure_more),
	KUNIT_CASE(endless_failures_climb_the_ladder),
	KUNIT_CASE(pipe_without_completions_works_after_probation),
	KUNIT_CASE(pipe_that_nobody_tried_is_offered_again_and_keeps_its_failures),
	KUNIT_CASE(failures_are_forgotten_when_the_link_is_opened_anew),
	KUNIT_CASE(probation_is_as_long_as_the_wait_before),
	KUNIT_CASE(success_ends_the_failures),
	KUNIT_CASE(failure_in_probation_is_answered_in_its_own_time),
	KUNIT_CASE(device_that_is_gone_is_left_alone),
	KUNIT_CASE(stopped_pipe_is_not_answered_for),
	KUNIT_CASE(restart_goes_on_counting_with_probation),
	{}
};

static struct kunit_suite pipe_suite = {
	.name = "mctp_usb_pipe",
	.init = set_up,
	.test_cases = pipe_cases,
};

kunit_test_suite(pipe_suite);

MODULE_DESCRIPTION("KUnit: error policy of the pipes of mctp-usb");
MODULE_LICENSE("GPL");
