#!/usr/bin/env python3
"""Stands in for kubectl and a cluster that this machine can not have: keeps what is applied in a folder, and notes the
order. Overlays are rendered by the real one. CLUSTER: the folder. What is named in `CLUSTER/bad` never gets well.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import yaml

CLUSTER = Path(os.environ["CLUSTER"])
READS = ("get", "describe", "logs")


def main(words):
    if words[0] == "kustomize":
        os.execv(os.environ["KUBECTL"], ["kubectl", *words])
    given = options(words)
    verb, names = given[""][0], given[""][1:]
    assert given["namespace"] == "board"
    if verb == "apply":
        return [keep(each) for each in documents(given["filename"])]
    if verb == "delete":
        return [(note("delete", name), (CLUSTER / name.replace("/", "-")).unlink()) for name in names]
    if verb == "create":
        return print(json.dumps(config_map(names[1], sys.stdin.read())))
    if verb == "rollout":
        note("wait for", names[1])
        sys.exit(f"{names[1]} exceeded its progress deadline" if bad(there(names[1])) else 0)
    assert verb in READS, words
    if verb == "get":
        answer(names, given)


def options(words):
    """Option by name, with the words that are none under the empty name."""
    found, rest = {"": []}, iter(words)
    for word in rest:
        if word.startswith("--"):
            name, _, text = word[2:].partition("=")
            bare = (
                "server-side",
                "force-conflicts",
                "ignore-not-found",
                "wait",
                "previous",
                "all-containers",
                "prefix",
            )
            found[name] = text or ("" if name in bare else next(rest))
        else:
            found[""].append(word)
    return found


def documents(name):
    text = sys.stdin.read() if name == "-" else Path(name).read_text()
    return [each for each in yaml.safe_load_all(text) if each]


def called(document):
    kind = document["kind"].lower()
    return f"{kind}{'.apps' if kind == 'deployment' else ''}/{document['metadata']['name']}"


def note(*words):
    with (CLUSTER / "log").open("a") as log:
        print(*words, file=log)


def keep(document):
    (CLUSTER / called(document).replace("/", "-")).write_text(json.dumps(document))
    note("apply", called(document))


def there(name):
    path = CLUSTER / name.replace("/", "-")
    return json.loads(path.read_text()) if path.exists() else None


def bad(document):
    return any(line in json.dumps(document) for line in (CLUSTER / "bad").read_text().split())


def config_map(name, good):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"good": good}}


def answer(names, given):
    found = [called(each) for each in documents(given["filename"])] if "filename" in given else ["/".join(names[:2])]
    for each in filter(None, map(there, found)):
        output = given.get("output", "")
        if output == "name":
            print(called(each))
        elif ".data.good" in output:
            print(each["data"]["good"])
        elif "containers[0]" in output:
            print(each["spec"]["template"]["spec"]["containers"][0]["image"])
        elif "containers" in output:
            print(next(one["image"] for one in each["spec"]["template"]["spec"]["containers"] if one["name"] == "app"))
        elif wanted := re.search(r"@\.type=='(\w+)'", output):
            print("True" if wanted[1] == ("Failed" if bad(each) else "Complete") else "")


if __name__ == "__main__":
    assert shutil.which("kubectl")
    main(sys.argv[1:])
