"""Runs the benchmarks named, or all; prints one JSON line per figure as soon as it is known."""

import importlib
import json
import pkgutil
import sys
from types import ModuleType

import bench


def modules() -> dict[str, ModuleType]:
    found = {}
    for info in pkgutil.iter_modules(bench.__path__):
        if info.name.startswith("_") or info.ispkg:
            continue
        module = importlib.import_module(f"bench.{info.name}")
        if hasattr(module, "run"):
            found[info.name] = module
    return found


def main(names: list[str]) -> int:
    known = modules()
    if unknown := [name for name in names if name not in known]:
        print(f"✗ Pas de mesure nommée {', '.join(unknown)}. Il y a : {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    missed = 0
    for name in names or sorted(known):
        for figure in known[name].run():
            print(json.dumps({"bench": name} | figure.as_json(), ensure_ascii=False), flush=True)
            missed += figure.ok is False
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
