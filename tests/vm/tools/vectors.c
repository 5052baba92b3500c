// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "util.h"
#include "vectors.h"

#define FIELDS_MAX	8
#define TRANSFER_10	512	/* longest IN completion in mode 10 */
#define TRANSFER_11	8192	/* and in mode 11 */
#define BYTES_MAX	16384

const char * const vec_event_names[VEC_EVENTS] = {
	[VEC_BAD_ID] = "BAD_ID",
	[VEC_BAD_LEN] = "BAD_LEN",
	[VEC_SHORT_HDR] = "SHORT_HDR",
	[VEC_TRUNC] = "TRUNC",
	[VEC_PAD] = "PAD",
	[VEC_ABORT] = "ABORT",
	[VEC_URB] = "URB",
	[VEC_STALE] = "STALE",
};

static char *copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xrealloc(NULL, size), text, size);
}

/* Cut a line at " | " in place. Returns how many fields, 0 when too many. */
static size_t split_fields(char *line, char **fields)
{
	size_t n = 0;
	char *bar;

	for (;;) {
		if (n == FIELDS_MAX)
			return 0;
		fields[n++] = line;
		bar = strstr(line, " | ");
		if (!bar)
			return n;
		*bar = '\0';
		line = bar + 3;
	}
}

static bool parse_bytes(const char *text, struct vec_bytes *b)
{
	uint8_t buf[BYTES_MAX];
	ssize_t len = hex_parse(text, buf, sizeof(buf));

	if (len < 0)
		return false;
	b->data = memcpy(xrealloc(NULL, len + 1), buf, len);
	b->len = len;
	return true;
}

static bool parse_step(const char *text, int mode, struct vec_step *step)
{
	struct vec_bytes b;

	step->text = copy(text);
	step->len = 0;
	if (!strcmp(text, "!E"))
		step->kind = VEC_ERROR;
	else if (!strcmp(text, "!R"))
		step->kind = VEC_RESET;
	else if (!strcmp(text, "!T"))
		step->kind = VEC_TIMEOUT;
	else if (parse_bytes(text, &b))
		step->kind = VEC_TRANSFER;
	else
		return false;
	if (step->kind == VEC_TRANSFER) {
		step->len = b.len;
		free(b.data);
	}
	return step->len <= (mode == 10 ? TRANSFER_10 : TRANSFER_11);
}

static bool parse_steps(char *text, struct vector *v)
{
	char *save, *word;

	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		v->steps = xrealloc(v->steps, (v->n_steps + 1) * sizeof(*v->steps));
		if (!parse_step(word, v->mode, &v->steps[v->n_steps++]))
			return false;
	}
	return v->n_steps > 0;
}

static bool parse_deliver(char *text, struct vector *v)
{
	char *save, *word;

	if (!strcmp(text, "-"))
		return true;
	for (word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		v->deliver = xrealloc(v->deliver,
				      (v->n_deliver + 1) * sizeof(*v->deliver));
		if (!parse_bytes(word, &v->deliver[v->n_deliver]))
			return false;
		v->n_deliver++;
	}
	return true;
}

static bool parse_events(char *text, struct vector *v)
{
	char *save, *word;
	int e;

	if (!strcmp(text, "-"))
		return true;
	for (word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		for (e = 0; e < VEC_EVENTS; e++)
			if (!strcmp(word, vec_event_names[e]))
				break;
		if (e == VEC_EVENTS)
			return false;
		v->events[e]++;
	}
	return true;
}

/* No receiver can give or keep more than it got. */
static bool plausible(const struct vector *v)
{
	size_t in = 0, out = v->held, i;

	for (i = 0; i < v->n_steps; i++)
		in += v->steps[i].len;
	for (i = 0; i < v->n_deliver; i++)
		out += v->deliver[i].len;
	return out <= in;
}

/* Each returns NULL or the name of the field it could not take. */
static const char *parse_receive(char **f, struct vector *v)
{
	uint32_t held;

	if (!parse_steps(f[2], v))
		return "transfers";
	if (!parse_deliver(f[3], v))
		return "deliver";
	if (!parse_events(f[4], v))
		return "events";
	if (!parse_u32(f[5], 0, TRANSFER_11, &held))
		return "held";
	v->held = held;
	v->note = copy(f[7]);
	return plausible(v) ? NULL : "held (more than was received)";
}

static const char *parse_transmit(char **f, struct vector *v)
{
	v->tx = true;
	if (!parse_bytes(f[2], &v->packet))
		return "packet";
	v->refused = !strcmp(f[3], "!");
	if (!v->refused && !parse_bytes(f[3], &v->frame))
		return "frame";
	v->zlp = !strcmp(f[4], "yes");
	if (!v->zlp && strcmp(f[4], "no"))
		return "ZLP";
	v->note = copy(f[5]);
	return NULL;
}

static const char *parse_line(char *line, struct vector *v)
{
	char *f[FIELDS_MAX];
	size_t n = split_fields(line, f);
	bool tx = !strncmp(line, "tx-", 3);

	if (n != (tx ? 6 : 8))
		return "number of fields";
	v->id = copy(f[0]);
	if (!strcmp(f[1], "10"))
		v->mode = 10;
	else if (!strcmp(f[1], "11"))
		v->mode = 11;
	else
		return "mode";
	return tx ? parse_transmit(f, v) : parse_receive(f, v);
}

static int load_lines(struct vectors *set, FILE *file)
{
	const char *wrong = NULL;
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (!wrong && (len = getline(&line, &size, file)) >= 0) {
		number++;
		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		if (*line == '#' || !*line)
			continue;
		set->v = xrealloc(set->v, (set->n + 1) * sizeof(*set->v));
		memset(&set->v[set->n], 0, sizeof(*set->v));
		wrong = parse_line(line, &set->v[set->n++]);
	}
	free(line);
	if (wrong)
		snprintf(set->error, sizeof(set->error), "line %u: bad %s",
			 number, wrong);
	return wrong ? -EINVAL : 0;
}

/* Returns 0, or a negative errno with the reason in set->error. */
int vectors_load(struct vectors *set, const char *path)
{
	FILE *file = fopen(path, "r");
	int rc;

	memset(set, 0, sizeof(*set));
	if (!file) {
		rc = -errno;
		snprintf(set->error, sizeof(set->error), "%s", strerror(-rc));
		return rc;
	}
	rc = load_lines(set, file);
	fclose(file);
	if (!rc && !set->n) {
		snprintf(set->error, sizeof(set->error), "no vectors in it");
		rc = -EINVAL;
	}
	if (rc)
		vectors_free(set);
	return rc;
}

static void vector_free(struct vector *v)
{
	size_t i;

	for (i = 0; i < v->n_steps; i++)
		free(v->steps[i].text);
	for (i = 0; i < v->n_deliver; i++)
		free(v->deliver[i].data);
	free(v->steps);
	free(v->deliver);
	free(v->packet.data);
	free(v->frame.data);
	free(v->id);
	free(v->note);
}

void vectors_free(struct vectors *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		vector_free(&set->v[i]);
	free(set->v);
	set->v = NULL;
	set->n = 0;
}
