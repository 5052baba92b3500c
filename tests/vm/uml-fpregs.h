/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For arch/x86/um/os-Linux/registers.c of Linux 6.1, ahead of all in it. That has room for the
 * registers of processors up to AVX-512, and on one that has more the host refuses what is too
 * short. Without the requests for all registers it asks for those up to SSE, which is enough for
 * programs that are told to use no others.
 */
#include <sys/ptrace.h>
#include <asm/ptrace.h>

#undef PTRACE_GETREGSET
#undef PTRACE_SETREGSET
