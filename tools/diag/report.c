// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "report.h"
#include "util.h"

const char *const level_names[LEVELS] = {
	[LEVEL_OK] = "ok",
	[LEVEL_NOTE] = "note",
	[LEVEL_PROBLEM] = "problem",
};

/*
 * Returns the new finding, good until the next one is added. Its text is one
 * sentence or a part of one, without a full stop.
 */
struct finding *report_add(struct report *report, enum level level,
			   const char *area, const char *id, const char *fmt, ...)
{
	struct finding *finding;
	va_list args;

	report->findings = must_realloc(report->findings,
					(report->count + 1) * sizeof(*finding));
	finding = &report->findings[report->count++];
	*finding = (struct finding){ .level = level, .area = area, .id = id };
	va_start(args, fmt);
	finding->text = must_vprintf(fmt, args);
	va_end(args);
	return finding;
}

void finding_fix(struct finding *finding, const char *fmt, ...)
{
	va_list args;

	free(finding->fix);
	va_start(args, fmt);
	finding->fix = must_vprintf(fmt, args);
	va_end(args);
}

static void finding_take(struct finding *finding, const char *key, char *json)
{
	finding->data = must_realloc(finding->data, (finding->n_data + 1) *
						    sizeof(*finding->data));
	finding->data[finding->n_data++] = (struct datum){ key, json };
}

void finding_text(struct finding *finding, const char *key, const char *value)
{
	if (value)
		finding_take(finding, key, json_quote(value));
}

void finding_number(struct finding *finding, const char *key, uint64_t value)
{
	finding_take(finding, key, must_printf("%llu", (unsigned long long)value));
}

void finding_flag(struct finding *finding, const char *key, bool value)
{
	finding_take(finding, key, must_printf("%s", value ? "true" : "false"));
}

/* For lists: the caller wrote the JSON. */
void finding_json(struct finding *finding, const char *key, const char *json)
{
	finding_take(finding, key, must_printf("%s", json));
}

enum level report_worst(const struct report *report)
{
	enum level worst = LEVEL_OK;
	size_t i;

	for (i = 0; i < report->count; i++)
		if (report->findings[i].level > worst)
			worst = report->findings[i].level;
	return worst;
}

size_t report_problems(const struct report *report)
{
	size_t i, n = 0;

	for (i = 0; i < report->count; i++)
		n += report->findings[i].level == LEVEL_PROBLEM;
	return n;
}

void report_free(struct report *report)
{
	struct finding *f;
	size_t i;

	for (f = report->findings; f < report->findings + report->count; f++) {
		for (i = 0; i < f->n_data; i++)
			free(f->data[i].json);
		free(f->data);
		free(f->text);
		free(f->fix);
	}
	free(report->findings);
	*report = (struct report){ 0 };
}
