/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own short type names over the system's <linux/types.h>. */
#ifndef TOOLS_LINUX_TYPES_H
#define TOOLS_LINUX_TYPES_H

#include_next <linux/types.h>

#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;

#endif /* TOOLS_LINUX_TYPES_H */
