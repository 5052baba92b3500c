/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DIAG_TEST_H
#define DIAG_TEST_H

#include "../../tests/tap.h"
#include "../report.h"

const struct finding *found(const struct report *report, const char *id);

void test_json(void);
void test_links(void);
void test_counters(void);

#endif /* DIAG_TEST_H */
