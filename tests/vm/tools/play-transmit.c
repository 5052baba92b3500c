// SPDX-License-Identifier: GPL-2.0
/* Transmit goldens: the link gets a packet, the endpoint a transfer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hex.h"
#include "player.h"
#include "util.h"

#define TRANSFER_MAX	16384
#define GOT_TIMEOUT_US	2000000
#define LOOK_US		20000

/* Transfers the emulator says it got: how many, and whether they are right. */
struct record {
	size_t transfers;	/* with data */
	size_t zlps;
	bool same;		/* the only transfer with data is the golden one */
};

static bool ask_record(struct player *p, const struct vector *v, struct record *r)
{
	static uint8_t buf[TRANSFER_MAX];
	char *line, *save;
	ssize_t len;

	memset(r, 0, sizeof(*r));
	if (!player_command(p, "got"))
		return false;
	p->emu.text[p->emu.last] = '\0';
	for (line = strtok_r(p->emu.text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		len = hex_parse(line, buf, sizeof(buf));
		if (len < 0) {
			player_log(p, "emulator: '%.60s' is no record", line);
			return false;
		}
		if (len)
			r->transfers++;
		else
			r->zlps++;
		if (len)
			r->same = r->transfers == 1 && (size_t)len == v->frame.len &&
				  !memcmp(buf, v->frame.data, len);
	}
	return true;
}

/*
 * FunctionFS reads with a large buffer: the zero-length packet ends the read
 * and is not seen for itself. Without it the read does not end, so that the
 * transfer is not in the record at all.
 */
static bool enough(const struct player *p, const struct vector *v,
		   const struct record *r)
{
	return r->transfers >= 1 && (p->gadget || r->zlps >= v->zlp);
}

static bool right(const struct player *p, const struct vector *v,
		  const struct record *r)
{
	if (v->refused)
		return !r->transfers && !r->zlps;
	return r->transfers == 1 && r->same &&
	       (r->zlps == v->zlp || (p->gadget && v->zlp && !r->zlps));
}

static bool compare_record(struct player *p, const struct vector *v)
{
	uint64_t end = now_us() + (v->refused ? 0 : GOT_TIMEOUT_US);
	struct record r;

	do {
		usleep(LOOK_US);
		if (!ask_record(p, v, &r))
			return false;
	} while (!enough(p, v, &r) && now_us() < end);
	/* One too many comes late. */
	usleep(2 * LOOK_US);
	if (!ask_record(p, v, &r))
		return false;
	if (right(p, v, &r))
		return true;
	if (v->refused)
		player_log(p, "expected nothing on the wire");
	else
		player_log(p, "expected one transfer of %zu bytes%s", v->frame.len,
			   v->zlp ? " and a zero-length packet" : "");
	player_log(p, "got %zu transfers with data, %zu zero-length%s", r.transfers,
		   r.zlps, r.transfers == 1 && !r.same ? ", other bytes" : "");
	if (player_command(p, "got"))
		player_log(p, "record: %.*s", (int)strcspn(p->emu.text, "\n"),
			   p->emu.text);
	return false;
}

/* The core may refuse a packet over the MTU before the driver can. */
static bool compare_refusal(struct player *p, const struct counters *before,
			    int rc)
{
	struct counters after;

	player_settle(p, &after);
	if (rc == -EMSGSIZE || after.n[CNT_TX_BAD_LEN] == before->n[CNT_TX_BAD_LEN] + 1)
		return true;
	player_log(p, "expected a refusal, got: send %s, tx_bad_len +%llu",
		   rc ? strerror(-rc) : "ok",
		   (unsigned long long)(after.n[CNT_TX_BAD_LEN] -
					before->n[CNT_TX_BAD_LEN]));
	return false;
}

bool play_transmit(struct player *p, const struct vector *v)
{
	struct counters before;
	bool ok = true;
	int rc;

	player_settle(p, &before);
	player_begin(p);
	if (!player_command(p, "got on") || !player_command(p, "got clear"))
		return false;
	rc = pkt_send(&p->pkt, v->packet.data, v->packet.len);
	if (v->refused)
		ok = compare_refusal(p, &before, rc);
	else if (rc)
		player_log(p, "send: %s", strerror(-rc));
	return compare_record(p, v) && ok && (v->refused || !rc);
}
