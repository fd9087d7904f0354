"""Strings that mean harm, each to another reader of our output; `show` must leave all of them legible and none of them alive."""

ATTACKS: tuple[str, ...] = (
    "<script>window.owned=1</script>",
    "</style><script>window.owned=2</script>",
    "</script><script>window.owned=3</script>",
    "<img src=x onerror=window.owned=4>",
    "<svg/onload=window.owned=5>",
    '"><script>window.owned=6</script>',
    "' onmouseover='window.owned=7",
    "javascript:window.owned=8",
    "{{7*7}}{% raw %}{{ self.__init__ }}",
    "<!--<script>--!>",
    "]]><x>",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\x9b31m C1 \x85 \x00 nul",
    "\u202egnp.exe\u202c \u2066isolate\u2069",
    "=cmd|' /C calc'!A0",
    "::error::owned ##[error]owned ##vso[task.complete result=Failed;]",
    "@everyone #1 :tada: `code` ``` ~~~ **bold** [link](javascript:alert(1)) ![i](http://evil.example/i.png)",
    "| a | b | \\| c",
    "http://evil.example/?q=1 www.evil.example",
    "<a href=http://evil.example>x</a><iframe src=//evil.example>",
    "@import url(http://evil.example/x.css);",
    "&lt;b&gt; &#x3c; &amp;",
    "\u2028line\u2029separators\ufeff\ufffe\U000e0041",
    "-- ; DROP TABLE articles; --",
    "%0A%0D::set-output name=x::y",
    "[red]rich markup[/red] [link=http://evil.example]x[/link]",
)
ALL = " ¦ ".join(ATTACKS)
"""All of them in one string."""
