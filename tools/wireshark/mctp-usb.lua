-- SPDX-License-Identifier: GPL-2.0
-- MCTP over USB (DMTF DSP0283 1.0 and 1.1) for Wireshark and tshark.
--
-- Bulk transfers of interfaces with class 0x14 are cut into frames, and the MCTP packets in these are
-- given to the dissector for MCTP: Wireshark's own (4.2 and newer) or that of mctp-fallback.lua.
--
-- Which edition an interface speaks, and the packet size of its endpoints, is in its descriptors. So a
-- capture should begin before the device is plugged in. For one that does not: Decode As, USB device,
-- "MCTP_USB" (tshark -d usb.device==0xBBBBDDDD,mctp_usb with the numbers of bus and device).

local usb = Proto("mctp_usb", "MCTP over USB")

local CLASS_MCTP, SUBCLASS_SPANNING = 0x14, 0x02
local TRANSFER_BULK = 3
local HEADER, HEADERS = 4, 8	-- DSP0283's, and with MCTP's behind it
local SLL_MCTP = 0x00fa		-- by that number Wireshark 4.2 has its dissector in a table

local field = {
	id = ProtoField.uint16("mctp_usb.id", "Identifier", base.HEX),
	length = ProtoField.uint16("mctp_usb.length", "Frame length", base.DEC),
	edition = ProtoField.string("mctp_usb.edition", "Edition"),
	part = ProtoField.bytes("mctp_usb.part", "Part of a frame"),
	from = ProtoField.framenum("mctp_usb.from", "Begins in", base.NONE),
	complete_in = ProtoField.framenum("mctp_usb.complete_in", "Complete in", base.NONE),
	padding = ProtoField.bytes("mctp_usb.padding", "Padding"),
	rest = ProtoField.bytes("mctp_usb.rest", "Dropped by a receiver"),
}
usb.fields = field

local expert_of = {
	padding = ProtoExpert.new("mctp_usb.expert.padding", "Zeros behind the last frame",
		expert.group.PROTOCOL, expert.severity.NOTE),
	bad_id = ProtoExpert.new("mctp_usb.expert.bad_id", "No frame: it does not begin with 1A B4",
		expert.group.MALFORMED, expert.severity.ERROR),
	bad_length = ProtoExpert.new("mctp_usb.expert.bad_length", "Frame length below both headers'",
		expert.group.MALFORMED, expert.severity.ERROR),
	short_header = ProtoExpert.new("mctp_usb.expert.short_header", "The transfer ends inside a frame's header",
		expert.group.MALFORMED, expert.severity.ERROR),
	truncated = ProtoExpert.new("mctp_usb.expert.truncated", "The transfer ends before its frame does",
		expert.group.MALFORMED, expert.severity.ERROR),
	failed = ProtoExpert.new("mctp_usb.expert.failed", "The transfer failed, a receiver ignores its data",
		expert.group.PROTOCOL, expert.severity.WARN),
	unfinished = ProtoExpert.new("mctp_usb.expert.unfinished", "An unfinished frame ends with a failed transfer",
		expert.group.SEQUENCE, expert.severity.WARN),
}
usb.experts = expert_of

local AUTO, EDITION_1_0, EDITION_1_1 = 0, 1, 2
usb.prefs.edition = Pref.enum("Edition", AUTO, "The edition of DSP0283 to read transfers by", {
	{ 1, "auto", AUTO }, { 2, "1.0", EDITION_1_0 }, { 3, "1.1", EDITION_1_1 } }, false)

local get = {
	transfer = Field.new("usb.transfer_type"),
	urb = Field.new("usb.urb_type"),
	status = Field.new("usb.urb_status"),
	bus = Field.new("usb.bus_id"),
	device = Field.new("usb.device_address"),
	endpoint = Field.new("usb.endpoint_address"),
	class = Field.new("usb.bInterfaceClass"),
	subclass = Field.new("usb.bInterfaceSubClass"),
	address = Field.new("usb.bEndpointAddress"),
	packet = Field.new("usb.wMaxPacketSize"),
}

-- What is known of a device's endpoints, of each pipe's unfinished frame, and of each frame of the
-- capture: that is dissected again and again, and in any order, but first in its own.
local endpoints, pipes, captured, dropped

function usb.init()
	endpoints, pipes, captured, dropped = {}, {}, {}, {}
end

local function value(getter)
	local info = getter()
	return info and info.value and tonumber(tostring(info.value)) or nil
end

local function device_name()
	return string.format("%d.%d", value(get.bus) or 0, value(get.device) or 0)
end

local function failed()
	local status = value(get.status)
	return status and status ~= 0 and status ~= -115	-- -EINPROGRESS: not yet done
end

-- ENOENT and ECONNRESET: taken back by the host, but what is there came whole
local function taken_back()
	local status = value(get.status)
	return status == -2 or status == -104
end

--- framing --------------------------------------------------------------------------------------

local function only_zeros(data, pos)
	return not data:find("[^\0]", pos)
end

-- Cut bytes into frames. Calls each(kind, position, length) for what is met, from position 1; returns
-- the position of a frame that goes on in the next transfer, or nil.
local function deframe(data, spanning, goes_on, each)
	local pos, good = 1, false
	local function rest(kind)
		each(kind, pos, #data - pos + 1)
	end
	while pos <= #data do
		local left = #data - pos + 1
		local id0, id1, high, low = data:byte(pos, pos + 3)
		if id0 ~= 0x1a or (id1 and id1 ~= 0xb4) then
			return rest(good and only_zeros(data, pos) and "padding" or "bad_id")
		elseif left < HEADER then
			if goes_on then return pos end
			return rest("short_header")
		end
		local length = spanning and high % 32 * 256 + low or low
		if length < HEADERS then
			return rest("bad_length")
		elseif length > left then
			if goes_on then return pos end
			return rest("truncated")
		end
		each("frame", pos, length)
		pos, good = pos + length, true
	end
end

-- Dissect a transfer for the first time: what edition it is, what was left over from the one before.
local function meet(data, pinfo)
	local device, address = device_name(), value(get.endpoint) or 0
	local known = endpoints[device] and endpoints[device][address]
	local name = device .. "." .. address
	local pipe = pipes[name] or { held = "", from = {} }
	local this = { held = pipe.held, from = pipe.from, why = known and "descriptors" or "assumed" }

	-- Without reserved bits set, 1.0 reads the same as 1.1, but for errors.
	this.spanning = not known or known.spanning
	if usb.prefs.edition ~= AUTO then
		this.spanning, this.why = usb.prefs.edition == EDITION_1_1, "preferences"
	end
	-- In 1.0 a transfer that took several reads ends with a packet that is not full.
	this.goes_on = this.spanning or
		(known and known.packet < 512 and #data > 0 and #data % known.packet == 0) or false

	local all = this.held .. data
	local pos = deframe(all, this.spanning, this.goes_on, function() end)
	if pos and pos <= #this.held then
		-- still the same frame
		pipe = { held = all, from = { table.unpack(this.from) } }
	elseif pos then
		pipe = { held = all:sub(pos), from = {} }
	else
		pipe = { held = "", from = {} }
	end
	if pos then pipe.from[#pipe.from + 1] = pinfo.number end
	for _, number in ipairs(this.from) do
		if captured[number] and not (pos and pos <= #this.held) then
			captured[number].complete_in = pinfo.number
		end
	end
	pipes[name] = pipe
	return this
end

--- what is shown --------------------------------------------------------------------------------

local function add_item(this, bytes, tree, what)
	local item = tree:add(usb, bytes, "MCTP over USB, " .. what)
	item:add(field.edition, string.format("%s (%s)", this.spanning and "1.1" or "1.0", this.why)):set_generated()
	return item
end

local mctp_dissector
local function mctp()
	if not mctp_dissector then
		local ok, found = pcall(Dissector.get, "mctp")
		if not ok or not found then
			ok, found = pcall(function() return DissectorTable.get("sll.ltype"):get_dissector(SLL_MCTP) end)
		end
		mctp_dissector = ok and found or Dissector.get("data")
	end
	return mctp_dissector
end

local function show_frame(this, bytes, from, pinfo, tree)
	local length = bytes:len()
	local item = add_item(this, bytes(0, HEADER), tree, string.format("frame of %d bytes", length))
	item:add(field.id, bytes(0, 2))
	item:add(field.length, this.spanning and bytes(2, 2) or bytes(3, 1), length)
	for _, number in ipairs(from) do
		item:add(field.from, number):set_generated()
	end
	-- what is wrong with a packet must not hide those behind it; Wireshark has said so by then
	pcall(function() mctp():call(bytes(HEADER):tvb(), pinfo, tree) end)
end

local titles = {
	padding = "padding", bad_id = "no frame", bad_length = "bad length", short_header = "incomplete header",
	truncated = "truncated frame",
}

local function show_bad(this, kind, bytes, pinfo, tree)
	local item = add_item(this, bytes, tree, titles[kind])
	item:add(kind == "padding" and field.padding or field.rest, bytes)
	item:add_proto_expert_info(expert_of[kind])
	if kind ~= "padding" then pinfo.cols.info:append(" [" .. titles[kind] .. "]") end
end

local function show_part(this, bytes, tree)
	local item = add_item(this, bytes, tree, string.format("%d bytes of a frame", bytes:len()))
	item:add(field.part, bytes)
	if this.complete_in then item:add(field.complete_in, this.complete_in):set_generated() end
end

local function show(this, tvb, pinfo, tree)
	local shown, all, frames, seen = tvb, tvb:raw(), 0, 0
	if this.held ~= "" then
		all = this.held .. all
		shown = ByteArray.new(all, true):tvb("From several transfers")
	end
	pinfo.cols.protocol = "MCTP_USB"
	local pos = deframe(all, this.spanning, this.goes_on, function(kind, at, length)
		local bytes = shown(at - 1, length)
		if kind == "frame" then
			frames = frames + 1
			show_frame(this, bytes, at == 1 and this.from or {}, pinfo, tree)
		else
			show_bad(this, kind, bytes, pinfo, tree)
		end
	end)
	if pos then
		-- of a frame that began before this transfer show what is in this one
		seen = math.max(pos - 1, #this.held)
		show_part(this, shown(seen, #all - seen), tree)
		if frames == 0 then pinfo.cols.info = "Part of a frame" end
	end
	if frames > 1 then pinfo.cols.info:prepend(string.format("[%d packets] ", frames)) end
end

function usb.dissector(tvb, pinfo, tree)
	if tvb:len() == 0 or value(get.transfer) ~= TRANSFER_BULK then return 0 end
	if failed() and not taken_back() then
		tree:add(usb, tvb(), "MCTP over USB, failed transfer"):add_proto_expert_info(expert_of.failed)
		return tvb:len()
	end
	local this = captured[pinfo.number]
	if not this then
		this = meet(tvb:raw(), pinfo)
		captured[pinfo.number] = this
	end
	show(this, tvb, pinfo, tree)
	return tvb:len()
end

--- what has to be known of other frames ---------------------------------------------------------

local watch = Proto("mctp_usb_watch", "MCTP over USB, descriptors and failures")

-- Endpoints belong to the interface whose descriptor they follow.
local function learn_descriptors()
	local found = {}
	local packets = { get.packet() }
	local classes, subclasses = { get.class() }, { get.subclass() }
	for n, address in ipairs({ get.address() }) do
		local owner
		for i, class in ipairs(classes) do
			if class.offset < address.offset then owner = i end
		end
		if owner and classes[owner].value == CLASS_MCTP and subclasses[owner] and packets[n] then
			found[address.value] = {
				spanning = subclasses[owner].value == SUBCLASS_SPANNING,
				packet = packets[n].value,
			}
		end
	end
	if next(found) then endpoints[device_name()] = found end
end

local function drop_unfinished(pinfo)
	local name = device_name() .. "." .. (value(get.endpoint) or 0)
	if pipes[name] and pipes[name].held ~= "" then
		dropped[pinfo.number] = #pipes[name].held
		pipes[name] = nil
	end
end

-- A device that is plugged in begins anew, whatever had its address before.
local function forget_pipes()
	local prefix = device_name() .. "."
	for name in pairs(pipes) do
		if name:sub(1, #prefix) == prefix then pipes[name] = nil end
	end
end

function watch.dissector(tvb, pinfo, tree)
	if not pinfo.visited then
		if get.address() then
			learn_descriptors()
			forget_pipes()
		elseif value(get.transfer) == TRANSFER_BULK and failed() and (value(get.endpoint) or 0) >= 0x80 and
		       not captured[pinfo.number] then
			drop_unfinished(pinfo)
		end
	end
	if dropped[pinfo.number] then
		local text = string.format("MCTP over USB, %d bytes of a frame are dropped", dropped[pinfo.number])
		tree:add(usb, tvb(0, 0), text):add_proto_expert_info(expert_of.unfinished)
	end
end

register_postdissector(watch)
DissectorTable.get("usb.bulk"):add(CLASS_MCTP, usb)
DissectorTable.get("usb.device"):add_for_decode_as(usb)
