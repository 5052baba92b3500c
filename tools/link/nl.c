// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "nl.h"

/* Returns 0 or a negative errno. */
int nl_connect(struct nl *nl)
{
	int on = 1;

	nl->seq = 0;
	nl->extack[0] = '\0';
	nl->sock = mnl_socket_open(NETLINK_ROUTE);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &on, sizeof(on)) < 0 ||
	    mnl_socket_setsockopt(nl->sock, NETLINK_GET_STRICT_CHK, &on, sizeof(on)) < 0) {
		int err = -errno;

		nl_close(nl);
		return err;
	}
	return 0;
}

void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

int nl_fd(const struct nl *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

struct nlmsghdr *nl_start(char *buf, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	return nlh;
}

/* Find NLMSGERR_ATTR_MSG behind an error message, if the kernel gave one. */
static void nl_save_extack(struct nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	unsigned int skip = sizeof(*err);
	const struct nlattr *attr;

	nl->extack[0] = '\0';
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(err->msg.nlmsg_len - sizeof(err->msg));
	mnl_attr_for_each(attr, nlh, skip) {
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG)
			continue;
		snprintf(nl->extack, sizeof(nl->extack), "%.*s",
			 (int)mnl_attr_get_payload_len(attr),
			 mnl_attr_get_str(attr));
	}
}

/* One received message of a request: 1 = go on, 0 = finished, < 0 = errno. */
static int nl_reply(struct nl *nl, const struct nlmsghdr *nlh, nl_cb cb,
		    void *data)
{
	const struct nlmsgerr *err;
	int rc;

	if (nlh->nlmsg_seq != nl->seq)
		return 1;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		err = mnl_nlmsg_get_payload(nlh);
		nl_save_extack(nl, nlh);
		return err->error;
	}
	if (nlh->nlmsg_type == NLMSG_DONE)
		return *(const int *)mnl_nlmsg_get_payload(nlh);
	rc = cb ? cb(nlh, data) : 0;
	return rc < 0 ? rc : 1;
}

/*
 * Send one request and take its answers up to the acknowledgment or the end of
 * the dump. Returns 0 or a negative errno; nl->extack then has the reason.
 */
int nl_request(struct nl *nl, struct nlmsghdr *req, nl_cb cb, void *data)
{
	const struct nlmsghdr *nlh;
	int len, rc;

	req->nlmsg_seq = ++nl->seq;
	/* One of the bits alone means "exclusive" to requests that create. */
	if ((req->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		req->nlmsg_flags |= NLM_F_ACK;
	nl->extack[0] = '\0';
	if (mnl_socket_sendto(nl->sock, req, req->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		len = mnl_socket_recvfrom(nl->sock, nl->buf, sizeof(nl->buf));
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			rc = nl_reply(nl, nlh, cb, data);
			if (rc <= 0)
				return rc;
		}
	}
}

int nl_join(struct nl *nl, unsigned int group)
{
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return -errno;
	return 0;
}

/*
 * Take one datagram of notifications. -ENOBUFS means some were lost: the
 * caller has to look at the state again.
 */
int nl_events(struct nl *nl, nl_cb cb, void *data)
{
	const struct nlmsghdr *nlh;
	int len, rc;

	len = mnl_socket_recvfrom(nl->sock, nl->buf, sizeof(nl->buf));
	if (len < 0)
		return -errno;
	for (nlh = (void *)nl->buf; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		rc = cb(nlh, data);
		if (rc < 0)
			return rc;
	}
	return 0;
}
