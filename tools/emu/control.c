// SPDX-License-Identifier: GPL-2.0
/* MCTP control protocol responder (DSP0236, clauses 11 and 12). */
#include <string.h>

#include "endpoint.h"

#define CONTROL_HDR_LEN		3
#define CONTROL_RQ		0x80
#define CONTROL_D		0x40
#define CONTROL_INSTANCE	0x1f

enum control_command {
	SET_ENDPOINT_ID = 0x01,
	GET_ENDPOINT_ID,
	GET_ENDPOINT_UUID,
	GET_VERSION_SUPPORT,
	GET_MESSAGE_TYPES,
};

enum completion {
	CC_SUCCESS = 0x00,
	CC_ERROR_INVALID_DATA = 0x02,
	CC_ERROR_INVALID_LENGTH = 0x03,
	CC_ERROR_UNSUPPORTED_CMD = 0x05,
	CC_TYPE_NOT_SUPPORTED = 0x80,	/* of Get MCTP Version Support */
};

/* A command: data bytes of its request, and what makes the response. */
struct handler {
	u8 command;
	u8 len;
	enum completion (*run)(struct endpoint *ep, const u8 *data,
			       struct bytes *response);
};

static enum completion set_eid(struct endpoint *ep, const u8 *data,
			       struct bytes *response)
{
	/* Accepted, no EID pool; the EID; pool size. */
	u8 answer[] = { 0x00, data[1], 0 };
	u8 operation = data[0] & 3;

	/* 0 sets, 1 forces; 2 and 3 are for static EIDs and discovery. */
	if (operation > 1 || data[1] == EID_NULL || data[1] == EID_BROADCAST)
		return CC_ERROR_INVALID_DATA;
	ep->eid = data[1];
	bytes_add(response, answer, sizeof(answer));
	return CC_SUCCESS;
}

static enum completion get_eid(struct endpoint *ep, const u8 *data,
			       struct bytes *response)
{
	/* The EID; simple endpoint with a dynamic EID; no medium's own info. */
	u8 answer[] = { ep->eid, 0x00, 0x00 };

	(void)data;
	bytes_add(response, answer, sizeof(answer));
	return CC_SUCCESS;
}

static enum completion get_uuid(struct endpoint *ep, const u8 *data,
				struct bytes *response)
{
	(void)data;
	bytes_add(response, ep->uuid, sizeof(ep->uuid));
	return CC_SUCCESS;
}

static enum completion get_versions(struct endpoint *ep, const u8 *data,
				    struct bytes *response)
{
	/* A count and versions as DSP0236 codes them: 1.0, 1.3.1. */
	static const u8 base[] = {
		2, 0xf1, 0xf0, 0xff, 0x00, 0xf1, 0xf3, 0xf1, 0x00,
	};
	static const u8 test[] = { 1, 0xf1, 0xf0, 0xff, 0x00 };

	(void)ep;
	switch (data[0]) {
	case 0xff:	/* the base specification */
	case MESSAGE_TYPE_CONTROL:
		bytes_add(response, base, sizeof(base));
		return CC_SUCCESS;
	case MESSAGE_TYPE_TEST:
		bytes_add(response, test, sizeof(test));
		return CC_SUCCESS;
	default:
		return CC_TYPE_NOT_SUPPORTED;
	}
}

static enum completion get_types(struct endpoint *ep, const u8 *data,
				 struct bytes *response)
{
	/* A count and the types; control itself is understood. */
	static const u8 answer[] = { 1, MESSAGE_TYPE_TEST };

	(void)ep;
	(void)data;
	bytes_add(response, answer, sizeof(answer));
	return CC_SUCCESS;
}

static const struct handler handlers[] = {
	{ SET_ENDPOINT_ID, 2, set_eid },
	{ GET_ENDPOINT_ID, 0, get_eid },
	{ GET_ENDPOINT_UUID, 0, get_uuid },
	{ GET_VERSION_SUPPORT, 1, get_versions },
	{ GET_MESSAGE_TYPES, 0, get_types },
};

static const struct handler *find_handler(u8 command)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(handlers); i++) {
		if (handlers[i].command == command)
			return &handlers[i];
	}
	return NULL;
}

/* Take a control message; answer it if it is a request. */
void control_message(struct endpoint *ep, const struct message_from *from,
		     const u8 *message, size_t len)
{
	enum completion code = CC_ERROR_UNSUPPORTED_CMD;
	struct bytes response = { 0 };
	const struct handler *handler;

	/* Responses and datagrams (Rq and D both set) get no response. */
	if (len < CONTROL_HDR_LEN || !from->owner ||
	    (message[1] & (CONTROL_RQ | CONTROL_D)) != CONTROL_RQ) {
		ep->stat[STAT_UNKNOWN]++;
		return;
	}
	ep->stat[STAT_CONTROL_REQUESTS]++;

	bytes_grow(&response, CONTROL_HDR_LEN + 1);
	handler = find_handler(message[2]);
	if (handler && len - CONTROL_HDR_LEN != handler->len)
		code = CC_ERROR_INVALID_LENGTH;
	else if (handler)
		code = handler->run(ep, message + CONTROL_HDR_LEN, &response);

	response.data[0] = MESSAGE_TYPE_CONTROL;
	response.data[1] = message[1] & CONTROL_INSTANCE;
	response.data[2] = message[2];
	response.data[3] = code;
	endpoint_answer(ep, from, response.data, response.len);
	bytes_free(&response);
}
