// SPDX-License-Identifier: GPL-2.0
/* mctp-usb-diag: can this machine have MCTP over USB, and what keeps it from it? */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag.h"
#include "files.h"
#include "util.h"
#include "version.h"

#define EXIT_PROBLEM	1

static const char usage[] =
	"usage: mctp-usb-diag [--json] [--root DIR]\n"
	"\n"
	"  --json       for programs\n"
	"  --root DIR   look at the files below DIR instead of this machine's\n"
	"  --version    print it\n"
	"  -h, --help   print this\n"
	"\n"
	"Exit status: 0 nothing is wrong, 1 there are problems, 2 this program failed.\n";

static void scan(struct machine *machine)
{
	kernel_scan(machine);
	dkms_scan(machine);
	modules_scan(machine);
	usb_scan(machine);
}

static void judge(const struct machine *machine, struct report *report)
{
	kernel_report(machine, report);
	headers_report(machine, report);
	dkms_report(machine, report);
	secure_boot_report(machine, report);
	modules_report(machine, report);
	usb_report(machine, report);
	links_report(machine, report);
	mctpd_report(report);
}

static void free_module(struct module *module)
{
	free(module->loaded_version);
	free(module->file);
	free(module->stray);
}

static void machine_free(struct machine *machine)
{
	struct port *port;

	for (port = machine->ports; port < machine->ports + machine->n_ports; port++) {
		free(port->name);
		free(port->vendor);
		free(port->product);
		free(port->speed);
		free(port->driver);
		free(port->link);
	}
	free(machine->ports);
	free(machine->unauthorized);
	free_module(&machine->core);
	free_module(&machine->driver);
	free(machine->config_source);
	free(machine->release);
	free(machine->arch);
	free(machine->distribution);
	free(machine->os_ids);
	free(machine->dkms_version);
}

static void parse_options(int argc, char **argv, bool *json)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "root", required_argument, NULL, 'r' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			*json = true;
			break;
		case 'r':
			files_root(optarg);
			break;
		case 'V':
			puts("mctp-usb-diag " MCTP_USB_VERSION);
			exit(0);
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(EXIT_OWN_FAILURE);
		}
	}
	if (optind < argc) {
		fputs(usage, stderr);
		exit(EXIT_OWN_FAILURE);
	}
}

int main(int argc, char **argv)
{
	struct machine machine = { 0 };
	struct report report = { 0 };
	size_t problems;
	bool json = false;

	parse_options(argc, argv, &json);
	scan(&machine);
	judge(&machine, &report);
	if (json)
		report_print_json(&report);
	else
		report_print_text(&report);
	problems = report_problems(&report);
	report_free(&report);
	machine_free(&machine);
	if (fflush(stdout) || ferror(stdout))
		die("standard output: write error");
	return problems ? EXIT_PROBLEM : 0;
}
