/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DIAG_JSON_H
#define DIAG_JSON_H

char *json_quote(const char *text);

#endif /* DIAG_JSON_H */
