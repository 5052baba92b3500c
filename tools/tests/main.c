// SPDX-License-Identifier: GPL-2.0
/* Runs the emulator's self-test; results are TAP. */

#include "test.h"

static void test_hex(void)
{
	static const char *const bad[] = {
		"1", "1G", "(1*2)", "(12*)", "(12*-1)", "(12*3", "(12*99999999)",
		"12 34", "()",
	};
	struct bytes data = { 0 };
	unsigned int i, taken = 0;

	check(hex_parse("1a(b4*2)FF(00*0)", &data) && data.len == 4 &&
	      data.data[0] == 0x1a && data.data[2] == 0xb4 &&
	      data.data[3] == 0xff, "hex with repeats");
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		taken += hex_parse(bad[i], &data);
	check(!taken, "what is no hex is refused");
	bytes_free(&data);
}

int main(void)
{
	test_hex();
	test_control();
	test_messages();
	test_queue();
	test_descriptors();
	test_fuzz();
	return tap_end();
}
