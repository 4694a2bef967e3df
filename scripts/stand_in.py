#!/usr/bin/env python3
"""Makes a stand-in for a shared library: its name and the symbols that are asked of it, nothing behind them.

    scripts/stand_in.py LIBRARY OUT USER... [--quiet SYMBOL...]

LIBRARY is the real one, USERs are the programs and libraries that will meet OUT instead. So they start on a machine that
has no LIBRARY, and do all that does not need it. Whatever calls into it ends the program: one line on stderr that names
LIBRARY, exit status 3. Functions named after --quiet return zero instead: those that run at every start. Data is zero.

Needs a C compiler and readelf. Exit status: 1 when it cannot be made, 2 when the command line is wrong.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

CODE = """
#include <unistd.h>
static void absent(void) {{
  static const char message[] = "{message}\\n";
  if (write(2, message, sizeof(message) - 1) < 0) _exit(4);
  _exit(3);
}}
static void* quiet(void) {{ return 0; }}
"""
MESSAGE = "this needs {}, which is left out of the bundle (scripts/bundle)"


def run(command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"stand_in: {command[0]} failed:\n{result.stderr}")
    return result.stdout


def symbols(file):
    """Of the file's dynamic symbols: (name, version, type, size, binding, whether it is defined there)."""
    for line in run(["readelf", "--dyn-syms", "--wide", file]).splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit():
            continue
        size, kind, binding, place, whole = fields[2], fields[3], fields[4], fields[6], fields[7]
        name, _, version = whole.replace("@@", "@").partition("@")
        yield name, version, kind, int(size, 0), binding, place != "UND"


def wanted(library, users):
    """What users ask of the library: {name: (version, type, size)}."""
    asked, there = set(), set()
    for user in users:
        for name, version, _, _, binding, defined in symbols(user):
            if defined:
                there.add((name, version))
            elif binding != "WEAK":
                asked.add((name, version))
    return {name: (version, kind, size) for name, version, kind, size, _, defined in symbols(library)
            if defined and (name, version) in asked - there}


def soname(library):
    found = re.search(r"\(SONAME\).*\[(.*)\]", run(["readelf", "--dynamic", "--wide", library]))
    return found.group(1) if found else pathlib.Path(library).name


def code(name, content, quiet):
    lines = [CODE.format(message=MESSAGE.format(name))]
    for symbol, (_, kind, size) in sorted(content.items()):
        if kind == "OBJECT":
            lines.append(f"char {symbol}[{max(size, 1)}] __attribute__((aligned(32)));")
        elif kind == "FUNC":
            lines.append(f'void {symbol}(void) __attribute__((alias("{"quiet" if symbol in quiet else "absent"}")));')
        else:
            sys.exit(f"stand_in: {name}: {symbol} is neither a function nor data, but {kind}")
    return "\n".join(lines) + "\n"


def version_script(content):
    versions = {}
    for symbol, (version, _, _) in sorted(content.items()):
        versions.setdefault(version, []).append(symbol)
    if set(versions) == {""}:
        return "{ local: absent; quiet; };\n"
    if "" in versions:
        sys.exit(f"stand_in: symbols with and without a version: {versions[''][0]}")
    return "".join(f"{version} {{ {'; '.join(names)}; }};\n" for version, names in versions.items())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", help="the real one")
    parser.add_argument("out", help="the file to write")
    parser.add_argument("users", nargs="+", metavar="USER", help="programs and libraries that will meet the stand-in")
    parser.add_argument("--quiet", nargs="+", default=[], metavar="SYMBOL", help="functions that return zero")
    return parser.parse_args()


def main():
    args = arguments()
    content = wanted(args.library, args.users)
    name = soname(args.library)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "stand_in.c").write_text(code(name, content, args.quiet))
        (folder / "stand_in.map").write_text(version_script(content))
        run(["cc", "-shared", "-fPIC", "-w", "-fno-builtin", "-s", "-o", args.out, folder / "stand_in.c",
             f"-Wl,-soname,{name}", f"-Wl,--version-script={folder / 'stand_in.map'}", "-Wl,--build-id=none"])


if __name__ == "__main__":
    main()
