# SPDX-License-Identifier: GPL-2.0
# vectors.awk - a file of DSP0283 vectors as C tables, whose types are in vector-table.h
#
#	awk -f vectors.awk FILE > vectors.h
#
# The head of tests/data/dsp0283-vectors.txt describes the format. A line that is not in it ends
# this with its number and a failure, and nothing on stdout: no vector is ever left out silently.
# Runs with mawk, gawk and busybox awk.

function bad(what) {
	print FILENAME ":" FNR ": " what | "cat 1>&2"
	close("cat 1>&2")
	failed = 1
	exit 1
}

# digit(C): value of a hex digit, -1 when it is none
function digit(c) {
	return c == "" ? -1 : index("0123456789ABCDEF", toupper(c)) - 1
}

function byte_at(text, at, hi, lo) {
	hi = digit(substr(text, at, 1))
	lo = digit(substr(text, at + 1, 1))
	if (hi < 0 || lo < 0)
		bad("no hex byte: " substr(text, at, 8))
	return hi * 16 + lo
}

# take_bytes(TEXT, MOST): appends the bytes of TEXT to the pool. Returns "{ place, length }".
function take_bytes(text, most, first, byte, times, end, i) {
	first = n_bytes
	if (text == "")
		bad("two spaces in a row, or none where bytes should be")
	if (text == "-")
		return "{ " first ", 0 }"
	while (text != "") {
		times = 1
		if (substr(text, 1, 1) == "(") {
			byte = byte_at(text, 2)
			end = index(text, ")")
			times = substr(text, 5, end - 5)
			if (substr(text, 4, 1) != "*" || times !~ /^[0-9]+$/)
				bad("no repetition (HH*N): " substr(text, 1, 12))
			times += 0
			text = substr(text, end + 1)
		} else {
			byte = byte_at(text, 1)
			text = substr(text, 3)
		}
		if (n_bytes - first + times > most)
			bad("more than " most " bytes")
		for (i = 0; i < times; i++)
			bytes[n_bytes++] = byte
	}
	return "{ " first ", " (n_bytes - first) " }"
}

function take_steps(text, most, word, n, i) {
	n = split(text, word, / /)
	for (i = 1; i <= n; i++) {
		if (word[i] == "!E")
			steps[n_steps++] = "VECTOR_ERROR"
		else if (word[i] == "!R")
			steps[n_steps++] = "VECTOR_RESET"
		else if (word[i] == "!T")
			steps[n_steps++] = "VECTOR_TIMER"
		else
			steps[n_steps++] = "VECTOR_TRANSFER, " take_bytes(word[i], most)
	}
	if (n < 1)
		bad("no transfers")
}

function take_packets(text, word, n, i) {
	if (text == "-")
		return
	n = split(text, word, / /)
	for (i = 1; i <= n; i++)
		packets[n_packets++] = take_bytes(word[i], 8187)
	if (n < 1)
		bad("nothing in deliver")
}

function take_events(text, word, n, i) {
	if (text == "-")
		return
	n = split(text, word, /,/)
	for (i = 1; i <= n; i++) {
		if (!(word[i] in known_event))
			bad("unknown event: " word[i])
		events[n_events++] = "VECTOR_" word[i]
	}
	if (n < 1)
		bad("nothing in events")
}

# quote(TEXT): as a C string. What is not plain ASCII is a question mark: nobody but a reader of
# failures sees it.
function quote(text, out, c, i) {
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "\\" || c == "\"")
			c = "\\" c
		else if (c !~ /[ -~]/)
			c = "?"
		out = out c
	}
	return "\"" out "\""
}

function receive_vector(f, spanning, step, packet, event) {
	step = n_steps
	packet = n_packets
	event = n_events

	take_steps(f[3], spanning == "true" ? 8192 : 512)
	take_packets(f[4])
	take_events(f[5])
	if (f[6] !~ /^[0-9]+$/)
		bad("held is no number: " f[6])
	if (f[7] == "")
		bad("nothing in linux73")
	receive[n_receive++] = quote(f[1]) ", " quote(f[8]) ", " spanning \
		", { " step ", " (n_steps - step) " }, { " packet ", " (n_packets - packet) \
		" }, { " event ", " (n_events - event) " }, " (f[6] + 0)
}

function transmit_vector(f, spanning, packet, frame, refused) {
	refused = f[4] == "!" ? "true" : "false"

	# more than a packet may have, so that refusals can be told
	packet = take_bytes(f[3], 16384)
	frame = refused == "true" ? "{ 0, 0 }" : take_bytes(f[4], 8191)
	if (f[5] != "yes" && f[5] != "no")
		bad("ZLP is neither yes nor no: " f[5])
	transmit[n_transmit++] = quote(f[1]) ", " quote(f[6]) ", " spanning ", " \
		packet ", " refused ", " frame ", " (f[5] == "yes" ? "true" : "false")
}

BEGIN {
	n = split("BAD_ID BAD_LEN SHORT_HDR TRUNC PAD ABORT URB STALE", name, " ")
	for (i = 1; i <= n; i++)
		known_event[name[i]] = 1
	n_bytes = n_steps = n_packets = n_events = n_receive = n_transmit = 0
}

{ sub(/\r$/, "") }
/^#/ || /^[ \t]*$/ { next }

{
	lines++
	fields = split($0, field, / \| /)
	sending = field[1] ~ /^tx-/
	if (fields != (sending ? 6 : 8))
		bad(fields " fields instead of " (sending ? 6 : 8))
	if (field[1] !~ /^[!-~]+$/)
		bad("no id: " field[1])
	if (field[1] in seen)
		bad("the id " field[1] " was there before, in line " seen[field[1]])
	seen[field[1]] = FNR
	if (field[2] != "10" && field[2] != "11")
		bad("mode is neither 10 nor 11: " field[2])
	if (sending)
		transmit_vector(field, field[2] == "11" ? "true" : "false")
	else
		receive_vector(field, field[2] == "11" ? "true" : "false")
}

# table(TYPE, NAME, N, ROW, WIDE): a C table, of so many entries a line
function table(type, name, n, row, wide, i) {
	printf "\nstatic const %s %s[] __maybe_unused = {", type, name
	for (i = 0; i < n; i++)
		printf "%s%s,", i % wide ? " " : "\n\t", row[i]
	print "\n};"
}

function braced(n, row, i) {
	for (i = 0; i < n; i++)
		row[i] = "{ " row[i] " }"
}

END {
	if (failed)
		exit 1
	if (!lines) {
		FNR = NR
		bad("no vectors in it")
	}
	if (n_receive + n_transmit != lines)
		bad((n_receive + n_transmit) " vectors made of " lines " lines")

	print "/* SPDX-License-Identifier: GPL-2.0 */"
	print "/* Made by vectors.awk. */"
	print "#define VECTOR_LINES\t" lines
	braced(n_steps, steps)
	braced(n_receive, receive)
	braced(n_transmit, transmit)
	table("u8", "vector_bytes", n_bytes, bytes, 16)
	table("struct vector_step", "vector_steps", n_steps, steps, 1)
	table("struct vector_span", "vector_packets", n_packets, packets, 1)
	table("u8", "vector_events", n_events, events, 1)
	table("struct vector_rx", "vector_receive", n_receive, receive, 1)
	table("struct vector_tx", "vector_transmit", n_transmit, transmit, 1)
}
