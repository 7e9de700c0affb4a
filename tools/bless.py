#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the golden plans of tests/plans/golden anew and shows what changed in them.

    tools/bless.py [BUILD_FOLDER]      default: build/release"""
import difflib
import os
import pathlib
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "tests/plans"))
sys.dont_write_bytecode = True


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else REPOSITORY / "build/release").resolve()
    os.environ.setdefault("REELMILL", str(build / "reelmill"))
    import _pages

    _pages.GOLDEN.mkdir(exist_ok=True)
    changed, seen = 0, set()
    for name, text in _pages.pages():
        seen.add(name)
        page = _pages.GOLDEN / name
        before = page.read_text() if page.exists() else ""
        if text == before:
            continue
        changed += 1
        sys.stdout.writelines(difflib.unified_diff(before.splitlines(True), text.splitlines(True), "a/" + name, "b/" + name))
        page.write_text(text)
    for page in _pages.GOLDEN.iterdir():
        if page.name not in seen:
            print("removed: %s" % page.name)
            page.unlink()
            changed += 1
    print("%d of %d pages changed" % (changed, len(seen)))


if __name__ == "__main__":
    main()
