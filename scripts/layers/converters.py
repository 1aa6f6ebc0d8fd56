# SPDX-License-Identifier: Apache-2.0
"""Character set converters, which the C library loads when a program calls iconv(3). UTF-8 and ASCII are built in."""

# What mail, patches, archives and old files come in. GCONV_PATH leads to them: the library's own folder is the host's.
USUAL = ["ISO-8859-1", "ISO-8859-2", "ISO-8859-15", "UTF-16", "UTF-32", "UTF-7", "CP1250", "CP1251", "CP1252", "IBM437",
         "IBM850", "IBM866", "KOI8-R", "SHIFT_JIS", "EUC-JP", "GBK", "BIG5", "EUC-KR"]


def parse(text):
    """(aliases {name: charset}, modules {charset: (file, lines)}) of a gconv-modules file."""
    aliases, modules = {}, {}
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["alias"]:
            aliases[words[1]] = words[2]
        elif words[:1] == ["module"]:
            charset = words[1] if words[2] == "INTERNAL" else words[2]
            modules.setdefault(charset, (words[3], []))[1].append(" ".join(words))
    return aliases, modules


def select(text, charsets):
    """(gconv-modules with these charsets and their aliases only, names of the modules' files). A file that serves several,
    as UTF-16 and UTF-16LE, brings all; charsets unknown to the text are left out."""
    aliases, modules = parse(text)
    wanted = {f"{charset}//" for charset in charsets}
    files = {modules[charset][0] for name in wanted if (charset := aliases.get(name, name)) in modules}
    chosen = sorted(charset for charset, (file, _) in modules.items() if file in files)
    lines = [f"alias {name} {charset}" for name, charset in sorted(aliases.items()) if charset in chosen]
    lines += [line for charset in chosen for line in modules[charset][1]]
    return "\n".join(lines) + "\n", sorted(f"{file}.so" for file in files)
