// SPDX-License-Identifier: GPL-2.0
/* The control protocol, byte by byte. */
#include "test.h"

/* Is @response the only answer to @request? NULL: there is none. */
static void answers(struct host *h, const char *request, const char *response,
		    const char *name)
{
	host_forget(h);
	host_packet(h, request);
	host_in(h);
	check(response ? h->n_packets == 1 && host_got(h, 0, response) :
			 !h->n_packets, name);
}

void test_control(void)
{
	struct host h;

	host_start(&h, false, 512);
	answers(&h, "010008C8008002", "010800C000000200000000",
		"Get Endpoint ID to the null EID, none assigned");
	answers(&h, "010008C90081010009", "010809C100010100000900",
		"Set Endpoint ID, answered from the new EID");
	answers(&h, "010908CA008202", "010809C200020200090000",
		"Get Endpoint ID to its own EID");
	answers(&h, "010A08CA008202", NULL, "another EID is not ours");
	answers(&h, "01FF08CA008202", "010809C200020200090000",
		"broadcast EID is heard");
	answers(&h, "010008CF009F03",
		"010809C7001F030030313233343536373839616263646566",
		"Get Endpoint UUID, instance ID copied");
	answers(&h, "010008C8008004FF",
		"010809C00000040002F1F0FF00F1F3F100",
		"Get MCTP Version Support of the base");
	answers(&h, "010008C80080047E", "010809C000000480",
		"Get MCTP Version Support of a type there is not");
	answers(&h, "010008C8008005", "010809C000000500015A",
		"Get Message Type Support");
	answers(&h, "010008C8008006", "010809C000000605",
		"an unsupported command says so");
	answers(&h, "010008C80080FE", "010809C00000FE05",
		"and so does one out of range");
	answers(&h, "010008C800800200", "010809C000000203",
		"Get Endpoint ID with a byte too many: invalid length");
	answers(&h, "010008C800800100", "010809C000000103",
		"Set Endpoint ID with a byte too few: invalid length");
	answers(&h, "010008C80080010000", "010809C000000102",
		"Set Endpoint ID 0: invalid data");
	answers(&h, "010008C800800100FF", "010809C000000102",
		"Set Endpoint ID 0xff: invalid data");
	answers(&h, "010008C8008001020A", "010809C000000102",
		"reset EID, which is for static ones: invalid data");
	answers(&h, "010908C8008002", "010809C000000200090000",
		"refused EIDs have changed nothing");
	answers(&h, "010008C800C002", NULL, "a datagram gets no response");
	answers(&h, "010008C8000002", NULL, "a response gets no response");
	answers(&h, "010008C0008002", NULL, "tag owner bit clear: no request");
	answers(&h, "010008C80080", NULL, "too short for a control message");
	answers(&h, "020008C8008002", NULL, "header version 2 is not ours");
	answers(&h, "010008C8", NULL, "a packet without a message");
	port_reset(&h.port);
	answers(&h, "010008C8008002", "010800C000000200000000",
		"a reset takes the EID away");
	host_stop(&h);
}
