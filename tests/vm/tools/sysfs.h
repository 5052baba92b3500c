/* SPDX-License-Identifier: GPL-2.0 */
/* Files of the kernel's, USB devices among them. */
#ifndef SYSFS_H
#define SYSFS_H

#define USB_DEVICES "/sys/bus/usb/devices/"

int write_file(const char *path, const char *text);
long usb_number(const char *of, const char *name);
int usb_node(const char *of);
int usb_reset(const char *of);

#endif /* SYSFS_H */
