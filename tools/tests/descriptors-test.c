// SPDX-License-Identifier: GPL-2.0
/* The bytes of the descriptors, and the settings that change them. */
#include <string.h>

#include "../emu/descriptors.h"
#include "test.h"

/* Is the configuration what these strings of hex say, one after the other? */
static bool config_is(const struct descriptors *d, const char *const *hex)
{
	struct bytes want = { 0 }, got = { 0 };
	bool same;

	while (*hex)
		hex_parse(*hex++, &want);
	descriptors_put_config(d, &got);
	same = want.len == got.len && !memcmp(want.data, got.data, got.len);
	bytes_free(&want);
	bytes_free(&got);
	return same;
}

static void test_defaults(void)
{
	static const char *const high[] = {
		"09022000010100C000", "090400000214000104", "07058102000200",
		"07050102000200", NULL
	};
	static const char *const super[] = {
		"09022C00010100C000", "090400000214020104",
		"07058102000400", "063000000000",
		"07050102000400", "063000000000", NULL
	};
	struct descriptors d;

	descriptors_init(&d, false, SPEED_HIGH);
	check(config_is(&d, high), "1.0 at high speed");
	descriptors_init(&d, true, SPEED_SUPER);
	check(config_is(&d, super), "1.1 at super speed");
}

/* All keys of numbers that a configuration shows */
static bool set_all(struct descriptors *d, const char *value)
{
	static const char *const keys[] = {
		"attributes", "max-power", "class", "subclass", "protocol",
		"first-interface", "num-endpoints", "extra-endpoints", "truncated",
		"in-maxp", "in-address", "in-interval",
		"out-maxp", "out-address", "out-interval",
	};
	unsigned int i, taken = 0;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		taken += descriptors_set(d, keys[i], value);
	return taken == ARRAY_SIZE(keys);
}

static void test_settings(void)
{
	static const char *const other[] = {
		"09021900010100C000", "0904000001FF000104", "07058103000007", NULL
	};
	static const char *const truncated[] = {
		"09021500010100C000", "0904000001FF000104", "070581", NULL
	};
	static const char *const raw[] = { "0902FFFFFF", NULL };
	static const char *const back[] = {
		"09022000010100C000", "090400000214000104", "07058102400000",
		"07050102400000", NULL
	};
	struct descriptors d;

	descriptors_init(&d, false, SPEED_FULL);
	check(descriptors_set(&d, "class", "0xff") &&
	      descriptors_set(&d, "in-type", "interrupt") &&
	      descriptors_set(&d, "in-interval", "7") &&
	      descriptors_set(&d, "out-type", "none") &&
	      descriptors_set(&d, "in-maxp", "0") && config_is(&d, other),
	      "another class, no OUT endpoint");
	check(descriptors_set(&d, "truncated", "4") && config_is(&d, truncated),
	      "truncated");
	check(descriptors_set(&d, "raw-config", "0902(FF*3)") &&
	      config_is(&d, raw), "raw bytes");
	check(!descriptors_set(&d, "class", "256") &&
	      !descriptors_set(&d, "class", "x") &&
	      !descriptors_set(&d, "in-type", "x") &&
	      !descriptors_set(&d, "nothing", "1"), "bad settings are refused");
	descriptors_reset(&d);
	check(config_is(&d, back), "back to the default");
	check(set_all(&d, "7") && !config_is(&d, back) && set_all(&d, "auto") &&
	      config_is(&d, back), "back to the right one, key by key");
	descriptors_free(&d);
}

static void test_strings(void)
{
	static const u8 product[] = { 6, 3, 'A', 0, 'B', 0 };
	struct bytes text = { 0 };
	struct descriptors d;

	descriptors_init(&d, false, SPEED_FULL);
	check(descriptors_set(&d, "product", "AB") &&
	      descriptors_put_string(&d, STRING_PRODUCT, &text) &&
	      text.len == sizeof(product) &&
	      !memcmp(text.data, product, sizeof(product)) &&
	      !descriptors_put_string(&d, 5, &text), "strings");
	bytes_free(&text);
	descriptors_free(&d);
}

void test_descriptors(void)
{
	test_defaults();
	test_settings();
	test_strings();
}
