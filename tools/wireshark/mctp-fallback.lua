-- SPDX-License-Identifier: GPL-2.0
-- The MCTP header and the control protocol (DMTF DSP0236), for a Wireshark that is older than 4.2 and has
-- no dissector for them. Its field names are those of newer ones, so that filters stay the same. Messages
-- of several packets are not put together.

-- the newer ones have that table
local ok, found = pcall(DissectorTable.get, "mctp.type")
if ok and found then return end

local mctp = Proto("mctp", "MCTP")
local control = Proto("mctpc", "MCTP Control Protocol")

local types = {
	[0x00] = "MCTP Control Protocol", [0x01] = "PLDM", [0x02] = "NC-SI", [0x03] = "Ethernet",
	[0x04] = "NVMe-MI", [0x05] = "SPDM", [0x06] = "Secured messages", [0x07] = "CXL FM API",
	[0x08] = "CXL CCI", [0x7e] = "Vendor defined, PCI", [0x7f] = "Vendor defined, IANA",
}
local commands = {
	[0x01] = "Set Endpoint ID", [0x02] = "Get Endpoint ID", [0x03] = "Get Endpoint UUID",
	[0x04] = "Get MCTP Version Support", [0x05] = "Get Message Type Support",
	[0x06] = "Get Vendor Defined Message Support", [0x07] = "Resolve Endpoint ID",
	[0x08] = "Allocate Endpoint IDs", [0x09] = "Routing Information Update",
	[0x0a] = "Get Routing Table Entries", [0x0b] = "Prepare for Endpoint Discovery",
	[0x0c] = "Endpoint Discovery", [0x0d] = "Discovery Notify", [0x0e] = "Get Network ID",
	[0x0f] = "Query Hop", [0x10] = "Resolve UUID",
}
local codes = {
	[0x00] = "Success", [0x01] = "Error", [0x02] = "Error: invalid data", [0x03] = "Error: invalid length",
	[0x04] = "Error: not ready", [0x05] = "Error: unsupported command",
}

local f = {
	version = ProtoField.uint8("mctp.version", "Version", base.DEC, nil, 0x0f),
	dst = ProtoField.uint8("mctp.dst", "Destination", base.DEC),
	src = ProtoField.uint8("mctp.src", "Source", base.DEC),
	som = ProtoField.bool("mctp.flags.som", "Start of message", 8, nil, 0x80),
	eom = ProtoField.bool("mctp.flags.eom", "End of message", 8, nil, 0x40),
	seq = ProtoField.uint8("mctp.seq", "Sequence", base.HEX, nil, 0x30),
	owner = ProtoField.bool("mctp.tag.to", "Tag owner", 8, { "Sender", "Receiver" }, 0x08),
	tag = ProtoField.uint8("mctp.tag.value", "Tag value", base.HEX, nil, 0x07),
	check = ProtoField.bool("mctp.msg.ic", "Integrity check", 8, { "Present", "Absent" }, 0x80),
	type = ProtoField.uint8("mctp.msg.type", "Message type", base.HEX, types, 0x7f),
	data = ProtoField.bytes("mctp.data", "Data"),
}
mctp.fields = f

local c = {
	request = ProtoField.bool("mctpc.rq", "Rq", 8, { "Request", "Response" }, 0x80),
	datagram = ProtoField.bool("mctpc.d", "Datagram", 8, nil, 0x40),
	instance = ProtoField.uint8("mctpc.instance", "Instance ID", base.HEX, nil, 0x1f),
	command = ProtoField.uint8("mctpc.command", "Command", base.DEC, commands),
	code = ProtoField.uint8("mctpc.cc", "Completion code", base.HEX, codes),
	data = ProtoField.bytes("mctpc.data", "Data"),
}
control.fields = c

function control.dissector(tvb, pinfo, tree)
	local request = tvb(1, 1):bitfield(0, 1) == 1
	local at = request and 3 or 4
	pinfo.cols.protocol = "MCTP Control"
	pinfo.cols.info = string.format("MCTP %s %s", commands[tvb(2, 1):uint()] or "Control",
		request and "Request" or "Response")
	local item = tree:add(control, tvb())
	item:add(c.request, tvb(1, 1))
	item:add(c.datagram, tvb(1, 1))
	item:add(c.instance, tvb(1, 1))
	item:add(c.command, tvb(2, 1))
	if not request and tvb:len() > 3 then item:add(c.code, tvb(3, 1)) end
	if tvb:len() > at then item:add(c.data, tvb(at)) end
end

function mctp.dissector(tvb, pinfo, tree)
	pinfo.cols.protocol = "MCTP"
	if tvb:len() < 5 or tvb(0, 1):bitfield(4, 4) ~= 1 then
		pinfo.cols.info = tvb:len() < 5 and "Bogus length" or "Invalid version"
		return
	end
	local item = tree:add(mctp, tvb(), string.format("MCTP Dst: %d, Src %d", tvb(1, 1):uint(), tvb(2, 1):uint()))
	item:add(f.version, tvb(0, 1))
	item:add(f.dst, tvb(1, 1))
	item:add(f.src, tvb(2, 1))
	for _, name in ipairs({ "som", "eom", "seq", "owner", "tag" }) do
		item:add(f[name], tvb(3, 1))
	end
	local first, last = tvb(3, 1):bitfield(0, 1) == 1, tvb(3, 1):bitfield(1, 1) == 1
	if not first then
		pinfo.cols.info = string.format("MCTP message frag %d", tvb(3, 1):bitfield(2, 2))
		item:add(f.data, tvb(4))
		return
	end
	pinfo.cols.info = "MCTP message" .. (last and "" or " frag 0")
	item:add(f.check, tvb(4, 1))
	item:add(f.type, tvb(4, 1))
	if last and tvb(4, 1):bitfield(1, 7) == 0 and tvb:len() >= 7 then
		control.dissector(tvb(4):tvb(), pinfo, tree)
	elseif tvb:len() > 5 then
		item:add(f.data, tvb(5))
	end
end
