/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was found: a list of findings. Each has a level, a plain sentence, what
 * to do about it if it is a problem, and the same as data for programs.
 */
#ifndef DIAG_REPORT_H
#define DIAG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum level {
	LEVEL_OK,
	LEVEL_NOTE,	/* worth knowing, nothing to mend */
	LEVEL_PROBLEM,
	LEVELS,
};

struct datum {
	const char *key;
	char *json;		/* the value as JSON */
};

struct finding {
	enum level level;
	const char *area;	/* "kernel", "usb", .. */
	const char *id;		/* says the same in all versions */
	char *text;
	char *fix;		/* NULL: nothing to do */
	struct datum *data;
	size_t n_data;
};

struct report {
	struct finding *findings;
	size_t count;
};

extern const char *const level_names[LEVELS];

[[gnu::format(printf, 5, 6)]]
struct finding *report_add(struct report *report, enum level level,
			   const char *area, const char *id, const char *fmt, ...);
[[gnu::format(printf, 2, 3)]]
void finding_fix(struct finding *finding, const char *fmt, ...);

/* A value that is not known (NULL) is left out. */
void finding_text(struct finding *finding, const char *key, const char *value);
void finding_number(struct finding *finding, const char *key, uint64_t value);
void finding_flag(struct finding *finding, const char *key, bool value);
void finding_json(struct finding *finding, const char *key, const char *json);

enum level report_worst(const struct report *report);
size_t report_problems(const struct report *report);
void report_free(struct report *report);

/* The two forms of output. */
void report_print_text(const struct report *report);
void report_print_json(const struct report *report);

#endif /* DIAG_REPORT_H */
