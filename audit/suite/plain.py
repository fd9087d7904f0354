"""YAML as plain data, from hands we do not trust: strings, exact numbers, true and false, null, lists and mappings, nothing else.

What YAML would make of `no`, `1:30` or `2024-01-01` stays a string. Numbers come as int or Decimal, so that 0.059 is 59/1000.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import yaml

from audit.errors import SuiteError

BYTES_AT_MOST = 1 << 18
VALUES_AT_MOST = 20_000
DEPTH_AT_MOST = 20

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,18}\.?[0-9]{0,18}|\.[0-9]{1,18})(?:[eE][-+]?[0-9]{1,2})?")  # 1e999999999 as an exact number fills the memory
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


class _Loader(yaml.SafeLoader):
    """The grammar of YAML without its types: every plain scalar is left a string."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own protocol


def read(data: bytes, name: str) -> Any:
    """The one document in `data`; `name` is said in errors.

    Raises:
        SuiteError: No UTF-8, no YAML, a key given twice, a tag, too large, too deep, or aliases that unfold into too much.
    """
    if len(data) > BYTES_AT_MOST:
        raise SuiteError(f"{name} is larger than {BYTES_AT_MOST >> 10} KiB; that is no file of expectations or marks")
    try:
        node = yaml.compose(data.decode("utf-8-sig"), _Loader)
    except UnicodeDecodeError as error:
        raise SuiteError(f"{name} is not UTF-8: {error}") from error
    except RecursionError as error:
        raise SuiteError(f"{name} is nested deeper than {DEPTH_AT_MOST} levels") from error
    except (yaml.YAMLError, ValueError) as error:
        raise SuiteError(f"{name} is not YAML: {' '.join(str(error).split())[:300]}") from error
    return _Reader(name).value(node, 0) if node is not None else None


class _Reader:
    """Nodes -> values, counting them: an alias is unfolded, so ten of ten of ten cost a thousand and are stopped."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.left = VALUES_AT_MOST

    def value(self, node: yaml.Node, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise SuiteError(f"{self.name} unfolds into more than {VALUES_AT_MOST:,} values; write fewer, or fewer aliases (*name)")
        if depth > DEPTH_AT_MOST:
            raise SuiteError(f"{self.name} is nested deeper than {DEPTH_AT_MOST} levels")
        if node.tag not in _PLAIN_TAGS:
            raise SuiteError(f"{self._place(node)}: the tag {_tag(node.tag)} is refused: a file of ours is plain data; leave the tag away")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for left, right in node.value:
            if not isinstance(left, yaml.ScalarNode):
                raise SuiteError(f"{self._place(left)}: a key is a word, not a list or a mapping")
            if left.value in out:
                raise SuiteError(f"{self._place(left)}: the key {left.value!r} stands twice in one entry; the second would hide the first")
            out[left.value] = self.value(right, depth + 1)
        return out

    def _place(self, node: yaml.Node) -> str:
        return f"{self.name}, line {node.start_mark.line + 1}"


def _tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")[:80]


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if node.style is not None:  # quoted or a block: a string whatever it looks like
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text
