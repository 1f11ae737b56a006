"""Makes a client of the API's description, and reads every GET of a node with it.

every_get.py DIR URL, where DIR holds openapi.json and asked.json: what the parameters are that are wanted.
"""

import importlib
import json
import sys
from pathlib import Path

import httpx
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

directory, url = Path(sys.argv[1]), sys.argv[2]
description = json.loads((directory / "openapi.json").read_text())
asked = json.loads((directory / "asked.json").read_text())


def alike(value):
    """A value in which times are written as Python does."""
    if isinstance(value, dict):
        return {name: alike(field) for name, field in value.items()}
    if isinstance(value, list):
        return [alike(item) for item in value]
    if isinstance(value, str) and value.endswith("Z") and value[:4].isdigit():
        return value[:-1] + "+00:00"
    return value


def unknown(value):
    """Fields that an answer has and its type has not. A type without fields is a map."""
    if isinstance(value, (list, tuple)):
        return [name for item in value for name in unknown(item)]
    if not hasattr(value, "__attrs_attrs__"):
        return []
    fields = [it.name for it in value.__attrs_attrs__ if it.name != "additional_properties"]
    found = list(getattr(value, "additional_properties", {})) if fields else []
    return found + [name for field in fields for name in unknown(getattr(value, field))]


def client():
    """The package that was made, of which nothing may be missing."""
    settings = ConfigFile(post_hooks=[], project_name_override="bolao", package_name_override="bolao_client")
    place = directory / "bolao_client"
    problems = generate(
        config=Config.from_sources(settings, MetaType.NONE, directory / "openapi.json", "utf-8", True, place)
    )
    assert not problems, [(problem.header, problem.detail) for problem in problems]
    sys.path.insert(0, str(directory))
    return importlib.import_module("bolao_client").Client(base_url=url, raise_on_unexpected_status=True)


def read(node, path, operation):
    """Calls one operation; its answer is what its type says."""
    place = f"bolao_client.api.{operation['tags'][0]}.{operation['operationId']}"
    needed = [it["name"] for it in operation.get("parameters", []) if it["required"]]
    code = asked["question" if "/questions/" in path else "code"]
    wanted = {name: code if name == "code" else asked[name] for name in needed}
    answer = importlib.import_module(place).sync_detailed(client=node, **wanted)
    assert answer.status_code == 200, (path, answer.content)
    assert answer.parsed is not None, path
    if "application/json" in operation["responses"]["200"]["content"]:
        assert not unknown(answer.parsed), (path, unknown(answer.parsed))
        parsed = answer.parsed
        written = [item.to_dict() for item in parsed] if isinstance(parsed, list) else parsed.to_dict()
        assert alike(written) == alike(json.loads(answer.content)), path


def listen(path):
    """The first event is one of those that are described."""
    event = importlib.import_module("bolao_client.models").ChainTipBody
    with httpx.stream("GET", url + path) as answer:
        data = next(line for line in answer.iter_lines() if line.startswith("data:"))
    assert not unknown(event.from_dict(json.loads(data[5:]))), data


node, count = client(), 0
for path, item in description["paths"].items():
    if "get" not in item:
        continue
    if "text/event-stream" in item["get"]["responses"]["200"]["content"]:
        listen(path)
    else:
        read(node, path, item["get"])
    count += 1
print(count)
