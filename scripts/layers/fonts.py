# SPDX-License-Identifier: Apache-2.0
"""A configuration for fontconfig, which draws nothing without one: the fonts of the layer, and a cache where one can write."""
LIBRARY = "libfontconfig.so.1"
FOLDER = "usr/share/fonts"
CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>/opt/{fonts}</dir>
  <dir>/var/task/fonts</dir>
  <cachedir>/tmp/.fontconfig</cachedir>
</fontconfig>
"""
