/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes as text: two hex digits each, (HH*N) for byte HH N times, "-" for no
 * bytes at all.
 */
#ifndef TOOLS_HEX_H
#define TOOLS_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

ssize_t hex_parse(const char *text, uint8_t *buf, size_t size);
void hex_print(FILE *f, const uint8_t *data, size_t len);
void hex_print_short(FILE *f, const uint8_t *data, size_t len);

#endif /* TOOLS_HEX_H */
