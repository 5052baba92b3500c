/* SPDX-License-Identifier: GPL-2.0 */
/* What src/frame.c takes from the kernel's header, for user space. */
#ifndef TOOLS_LINUX_MINMAX_H
#define TOOLS_LINUX_MINMAX_H

#define min_t(type, a, b) \
	({ type _a = (a); type _b = (b); _a < _b ? _a : _b; })

#endif /* TOOLS_LINUX_MINMAX_H */
