/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A second receiver, made to be obviously right instead of fast: it keeps all
 * bytes of an unfinished frame and looks at them again from the first one.
 *
 * To be included behind frame.c.
 */
#ifndef MCTP_USB_KUNIT_FRAME_MODEL_H
#define MCTP_USB_KUNIT_FRAME_MODEL_H

#include "frame-reader.h"

/**
 * struct frame_model - a receiver
 * @framing: the link's framing
 * @log: what came of it
 * @buf: bytes held, and those that came in
 * @held: bytes in @buf
 * @ended: the transfer before ended
 * @good: there was a good frame in this transfer
 */
struct frame_model {
	const struct mctp_framing *framing;
	struct frame_log log;
	u8 *buf;
	unsigned int held;
	bool ended;
	bool good;
};

static inline struct frame_model *frame_model_new(struct kunit *test)
{
	struct frame_model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	frame_log_init(test, &m->log);
	m->buf = kunit_kzalloc(test, READ_BYTES_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m->buf);
	return m;
}

static inline void frame_model_reset(struct frame_model *m,
				     const struct mctp_framing *framing)
{
	m->framing = framing;
	m->held = 0;
	m->ended = true;
	m->good = false;
	frame_log_reset(&m->log);
}

/* Return: why these are no frame, DATA if they are, NONE if they may become one. */
static inline enum mctp_frame_what
frame_model_judge(const struct frame_model *m, const u8 *at, unsigned int n,
		  unsigned int *len)
{
	if (m->good && !memchr_inv(at, 0, n))
		return MCTP_FRAME_PAD;
	if (n < 4 && m->ended)
		return MCTP_FRAME_SHORT_HDR;
	if (at[0] != 0x1a || (n > 1 && at[1] != 0xb4))
		return MCTP_FRAME_BAD_ID;
	if (n < 4)
		return MCTP_FRAME_NONE;
	*len = (at[2] * 256 + at[3]) & m->framing->len_mask;
	if (*len < 8)
		return MCTP_FRAME_BAD_LEN;
	if (*len <= n)
		return MCTP_FRAME_DATA;
	return m->ended ? MCTP_FRAME_TRUNC : MCTP_FRAME_NONE;
}

static inline void frame_model_feed(struct frame_model *m, const u8 *data,
				    unsigned int n)
{
	enum mctp_frame_what what = MCTP_FRAME_DATA;
	unsigned int pos = 0, len;

	if (m->ended || m->framing->border == MCTP_FRAME_BORDER_NONE)
		m->good = false;
	m->ended = m->framing->border == MCTP_FRAME_BORDER_EVERY ||
		   (m->framing->border == MCTP_FRAME_BORDER_SHORT &&
		    n < m->framing->in_size);
	memcpy(m->buf + m->held, data, n);
	m->held += n;

	while (pos < m->held && what == MCTP_FRAME_DATA) {
		what = frame_model_judge(m, m->buf + pos, m->held - pos, &len);
		if (what == MCTP_FRAME_NONE)
			break;
		if (what != MCTP_FRAME_DATA) {
			frame_log_event(&m->log, what);
			pos = m->held;
			break;
		}
		memcpy(m->log.bytes + m->log.len, m->buf + pos + 4, len - 4);
		frame_log_packet(&m->log, len - 4);
		m->good = true;
		pos += len;
	}
	m->held -= pos;
	memmove(m->buf, m->buf + pos, m->held);
}

static inline bool frame_model_drop(struct frame_model *m)
{
	bool held = m->held;

	m->held = 0;
	m->ended = true;
	return held;
}

#endif /* MCTP_USB_KUNIT_FRAME_MODEL_H */
