#!/usr/bin/env perl
# Bytes and "name" of the event: {"name": "Ada"} -> {"bytes": 15, "language": "perl", "name": "Ada"}
# needs: perl
use strict;
use warnings;
use JSON::PP;

my $event = do { local $/; binmode STDIN; <STDIN> } // '';
my $name = length $event ? decode_json($event)->{name} : undef;
print encode_json({language => 'perl', bytes => length $event, name => $name}), "\n";
