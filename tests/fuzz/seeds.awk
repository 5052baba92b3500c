# SPDX-License-Identifier: GPL-2.0
# Makes an input of fuzz-frame from each receive vector: awk -v dir=DIR -f seeds.awk dsp0283-vectors.txt
BEGIN {
	FS = "\\|"
	for (i = 0; i < 256; i++)
		number[sprintf("%02X", i)] = i
}

function byte(n) { printf "%c", n > file }

# transfer TEXT: steps of up to 16 bytes, and of bytes that repeat
function transfer(text,    n, part) {
	while (text != "") {
		if (match(text, /^\([0-9A-F][0-9A-F]\*[0-9]+\)/)) {
			n = substr(text, 5, RLENGTH - 5) + 0
			for (; n > 0; n -= 255) {
				byte(4)
				byte(n > 255 ? 255 : n)
				byte(number[substr(text, 2, 2)])
			}
		} else {
			match(text, /^[0-9A-F]+/)
			n = RLENGTH > 32 ? 32 : RLENGTH
			byte((n / 2 - 1) * 16 + 2)
			for (part = 1; part < n; part += 2)
				byte(number[substr(text, part, 2)])
			RLENGTH = n
		}
		text = substr(text, RLENGTH + 1)
	}
}

/^1[01]-/ {
	gsub(/ /, "", $1)
	file = dir "/" $1
	# high speed, without zero-length packets
	byte($2 + 0 == 11 ? 5 : 2)
	byte(85)
	count = split($3, transfers, " ")
	for (t = 1; t <= count; t++) {
		if (transfers[t] ~ /^!/) {
			byte(1)
			continue
		}
		if (transfers[t] != "-")
			transfer(transfers[t])
		byte(0)
	}
	close(file)
}
