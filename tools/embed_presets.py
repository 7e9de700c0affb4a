# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a C++ source whose FUNCTION gives the given YAML files as text: embed_presets.py OUT.cc FUNCTION FILE..."""

import json
import os
import sys


def literal(text):
    """One C++ string literal per line of the file; JSON's escapes below 0x80 are C++'s, and bytes above stay as they are."""
    lines = (json.dumps(line, ensure_ascii=False) for line in text.splitlines(keepends=True))
    return "\n     ".join(lines)


def source(function, files):
    presets = []
    for path in sorted(files):
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if any(ord(character) < 32 and character != "\n" for character in text):
            raise SystemExit(f"embedding '{path}': it has control characters in it")
        presets.append(f'    {{"{name}",\n     {literal(text)}}},\n')
    return (
        "// Made by tools/embed_presets.py from presets/; do not edit.\n"
        "#include <array>\n\n"
        '#include "project/embedded.h"\n\n'
        "namespace reelmill {\n\n"
        f"std::span<EmbeddedPreset const> {function}() {{\n"
        f"  static constexpr std::array<EmbeddedPreset, {len(presets)}> presets{{{{\n"
        + "".join(presets)
        + "  }};\n  return presets;\n}\n\n}  // namespace reelmill\n"
    )


def main():
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    out, function, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.makedirs(os.path.dirname(os.path.abspath(out)), exist_ok=True)
    with open(out, "w", encoding="utf-8") as file:
        file.write(source(function, files))


if __name__ == "__main__":
    main()
