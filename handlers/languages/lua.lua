#!/usr/bin/env lua
-- Bytes and characters of the event: é -> {"language": "lua", "bytes": 2, "characters": 1}
-- needs: lua
local event = io.read("a")
print(('{"language": "lua", "bytes": %d, "characters": %d}'):format(#event, utf8.len(event) or #event))
