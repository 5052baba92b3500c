// SPDX-License-Identifier: GPL-2.0
/* Will the kernel take modules that this machine's key has signed? */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "files.h"
#include "util.h"

#define EFIVARS		"/sys/firmware/efi/efivars"
#define MOK_VARIABLES	"/sys/firmware/efi/mok-variables"
#define GLOBAL_GUID	"8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SIGN_ADVICE \
	"Install openssl, then: dpkg-reconfigure mctp-usb-dkms (or: dnf reinstall mctp-usb-dkms)"
#define SIGNED_MARK	"~Module signature appended~\n"

enum answer { NO, YES, UNKNOWN };

struct secure_boot {
	enum answer on;		/* the firmware's switch */
	char *lockdown;		/* "none", "integrity", .. or NULL */
	bool enforced;		/* what is not signed by a known key is refused */
	char *key;		/* the certificate that DKMS signs with, or NULL */
	enum answer enrolled;
	enum answer is_signed;	/* the driver */
};

/* Four bytes of attributes, then the value. */
static enum answer read_switch(void)
{
	size_t len;
	char *value = file_read(EFIVARS "/SecureBoot-" GLOBAL_GUID, &len);
	enum answer on = UNKNOWN;

	if (value && len >= 5)
		on = value[4] == 1 ? YES : NO;
	free(value);
	return on;
}

/* "none [integrity] confidentiality": the one in brackets. NULL if there is none. */
static char *read_lockdown(void)
{
	char *text = file_read_line("/sys/kernel/security/lockdown");
	char *open = text ? strchr(text, '[') : NULL;
	char *value = NULL;

	if (open)
		value = must_printf("%.*s", (int)strcspn(open + 1, "]"), open + 1);
	free(text);
	return value;
}

static bool is_enforced(const struct secure_boot *sb)
{
	char *enforce = file_read_line("/sys/module/module/parameters/sig_enforce");
	bool always = enforce && *enforce == 'Y';

	free(enforce);
	if (always)
		return true;
	/* distributions lock their kernels down under Secure Boot */
	if (sb->lockdown)
		return strcmp(sb->lockdown, "none");
	return sb->on == YES;
}

/* Where the owner has told DKMS to look, or NULL. */
static char *configured_key(void)
{
	char *text = file_read("/etc/dkms/framework.conf", NULL);
	char *key = text ? text_value(text, "mok_certificate") : NULL;

	free(text);
	return key;
}

/* Otherwise Debian's and most others' place, or Ubuntu's. */
static char *find_key(void)
{
	static const char *const places[] = {
		"/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der",
	};
	char *key = configured_key();
	size_t i;

	if (key && file_exists(key))
		return key;
	free(key);
	for (i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (file_exists(places[i]))
			return must_printf("%s", places[i]);
	return NULL;
}

/* Is the certificate in one of the lists in that directory? */
static enum answer look_in(const char *dir, const char *cert, size_t cert_len)
{
	enum answer found = UNKNOWN;
	struct names names;
	char *list, *path;
	size_t len, i;

	dir_read(dir, &names);
	/* an empty list has no variable, so that there are others is enough */
	if (names.count)
		found = NO;
	for (i = 0; i < names.count && found != YES; i++) {
		if (!starts_with(names.names[i], "MokListRT"))
			continue;
		path = must_printf("%s/%s", dir, names.names[i]);
		list = file_read(path, &len);
		if (!list)
			found = UNKNOWN;
		else if (memmem(list, len, cert, cert_len))
			found = YES;
		free(list);
		free(path);
	}
	names_free(&names);
	return found;
}

/*
 * shim shows its list of keys as variables, MokListRT, MokListRT1 and so on, the
 * certificates in them as they are. Long lists are in the second place only,
 * which root alone may read.
 */
static enum answer is_enrolled(const char *key)
{
	enum answer found, more;
	size_t cert_len;
	char *cert;

	cert = file_read(key, &cert_len);
	if (!cert || !cert_len) {
		free(cert);
		return UNKNOWN;
	}
	found = look_in(EFIVARS, cert, cert_len);
	if (found != YES && file_exists(MOK_VARIABLES)) {
		more = look_in(MOK_VARIABLES, cert, cert_len);
		if (more != UNKNOWN)
			found = more;
	}
	free(cert);
	return found;
}

/* Only what is not compressed shows it. */
static enum answer is_signed(const struct machine *machine)
{
	const char *file = machine->driver.file;
	enum answer found = UNKNOWN;
	size_t len, mark = strlen(SIGNED_MARK);
	char *path, *data;

	if (!file || !ends_with(file, ".ko"))
		return UNKNOWN;
	path = must_printf("/lib/modules/%s/%s", machine->release, file);
	data = file_read(path, &len);
	if (data)
		found = len > mark && !memcmp(data + len - mark, SIGNED_MARK, mark) ? YES : NO;
	free(data);
	free(path);
	return found;
}

static void import_advice(struct finding *f, const char *key)
{
	finding_fix(f, "mokutil --import %s\n"
		       "Then reboot, and choose 'Enroll MOK' in the blue menu, with the password you gave.",
		    key);
}

static struct finding *report_enforced(const struct machine *machine,
				       const struct secure_boot *sb, struct report *report)
{
	struct finding *f;

	if (sb->is_signed == NO) {
		f = report_add(report, LEVEL_PROBLEM, "secure-boot", "secure-boot",
			       "the kernel refuses modules that are not signed, and mctp_usb is not");
		finding_fix(f, "%s", SIGN_ADVICE);
	} else if (!sb->key && !machine->driver.file) {
		/* that nothing was built is a problem of its own */
		f = report_add(report, LEVEL_NOTE, "secure-boot", "secure-boot",
			       "the kernel takes signed modules only: DKMS will make a key, to be enrolled");
	} else if (!sb->key) {
		f = report_add(report, LEVEL_PROBLEM, "secure-boot", "secure-boot",
			       "the kernel refuses modules that are not signed, and DKMS has no key to sign with");
		finding_fix(f, "%s", SIGN_ADVICE);
	} else if (sb->enrolled == NO) {
		f = report_add(report, LEVEL_PROBLEM, "secure-boot", "secure-boot",
			       "the kernel refuses modules of unknown keys, and the key of DKMS (%s) is not enrolled",
			       sb->key);
		import_advice(f, sb->key);
	} else if (sb->enrolled == UNKNOWN) {
		f = report_add(report, LEVEL_NOTE, "secure-boot", "secure-boot",
			       "the kernel takes signed modules only; 'mokutil --test-key %s' may tell if they are",
			       sb->key);
	} else {
		f = report_add(report, LEVEL_OK, "secure-boot", "secure-boot",
			       "the kernel takes signed modules only, and the key of DKMS is enrolled");
	}
	return f;
}

static struct finding *report_state(const struct machine *machine, const struct secure_boot *sb,
				    struct report *report)
{
	static const char *const not_enforced[] = {
		[NO] = "Secure Boot is off, and the kernel takes modules signed or not",
		[YES] = "Secure Boot is on, but the kernel takes modules signed or not",
		[UNKNOWN] = "the kernel takes modules signed or not",
	};

	if (!sb->enforced)
		return report_add(report, LEVEL_OK, "secure-boot", "secure-boot", "%s",
				  not_enforced[sb->on]);
	if (!machine->needs_driver)
		return report_add(report, LEVEL_OK, "secure-boot", "secure-boot",
				  "the kernel takes signed modules only, as its own are");
	if (machine->driver.loaded && machine->driver.out_of_tree)
		return report_add(report, LEVEL_OK, "secure-boot", "secure-boot",
				  "the kernel takes signed modules only, and took mctp_usb");
	return report_enforced(machine, sb, report);
}

static void finding_answer(struct finding *f, const char *key, enum answer answer)
{
	if (answer != UNKNOWN)
		finding_flag(f, key, answer == YES);
}

void secure_boot_report(const struct machine *machine, struct report *report)
{
	struct secure_boot sb = { .enrolled = UNKNOWN };
	struct finding *f;

	if (!machine->knows_mctp)
		return;
	sb.on = read_switch();
	sb.lockdown = read_lockdown();
	sb.enforced = is_enforced(&sb);
	sb.key = find_key();
	if (sb.key)
		sb.enrolled = is_enrolled(sb.key);
	sb.is_signed = is_signed(machine);
	f = report_state(machine, &sb, report);
	finding_answer(f, "secure_boot", sb.on);
	finding_text(f, "lockdown", sb.lockdown);
	finding_flag(f, "enforced", sb.enforced);
	finding_text(f, "key", sb.key);
	finding_answer(f, "enrolled", sb.enrolled);
	finding_answer(f, "signed", sb.is_signed);
	free(sb.lockdown);
	free(sb.key);
}
