#!/usr/bin/env ruby
# Bytes and "name" of the event: {"name": "Ada"} -> {"language":"ruby","bytes":15,"name":"Ada"}
# needs: ruby
require 'json'

event = $stdin.binmode.read.force_encoding('UTF-8')
name = event.empty? ? nil : JSON.parse(event)['name']
puts JSON.generate({ language: 'ruby', bytes: event.bytesize, name: name })
