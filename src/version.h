/* SPDX-License-Identifier: GPL-2.0 */
/* Set by scripts/version, which knows where else it is written. */
#ifndef MCTP_USB_VERSION_H
#define MCTP_USB_VERSION_H

#define MCTP_USB_VERSION	"0.1.0"

#endif
