// SPDX-License-Identifier: GPL-2.0
/* Results of a test program, as TAP. */
#include <stdio.h>

#include "tap.h"

static unsigned int number, failures;

void check(bool good, const char *name)
{
	failures += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", ++number, name);
}

/* Return: the program's exit status */
int tap_end(void)
{
	printf("1..%u\n", number);
	return failures != 0;
}
