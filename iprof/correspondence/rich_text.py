"""Text staff write with a little form: cleaned by nh3 to what a letter needs, and its plain reading for the mail."""

import html
import re

import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a", "blockquote"}
_BLOCK = re.compile(r"</(?:p|h3|h4|ul|ol|blockquote)>", re.IGNORECASE)
_LINK = re.compile(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TAG_NAME = re.compile(r"<\s*([a-z][a-z0-9]*)", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(r"<\s*/?\s*(?:p|br|strong|b|em|i|ul|ol|li|h[1-6]|a|div|span|blockquote)\b", re.IGNORECASE)


def clean(text: str) -> str:
    """Safe HTML of what was typed: written as plain text, its paragraphs and lines; written as HTML, cleaned."""
    if not _LOOKS_LIKE_HTML.search(text):
        return "".join(f"<p>{html.escape(part).strip().replace(chr(10), '<br>')}</p>" for part in _paragraphs(text))
    return nh3.clean(
        _same_meaning(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"https", "mailto"}, link_rel="noopener"
    ).strip()


def refused_tags(text: str) -> list[str]:
    """The names of the tags `clean` takes out, so that whoever typed them is told."""
    if not _LOOKS_LIKE_HTML.search(text):
        return []
    return sorted({name.lower() for name in _TAG_NAME.findall(text)} - TAGS - {"b", "i", "div"})


def plain(cleaned: str) -> str:
    """What `clean` gave, as a mail in plain text shows it: one blank line between blocks, addresses written out."""
    text = _LINK.sub(lambda found: _written_out(found.group(1), found.group(2)), cleaned)
    text = text.replace("<li>", "- ").replace("</li>", "\n").replace("<br>", "\n")
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n\n", text)))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.splitlines())).strip()


def shown(cleaned: str) -> SafeString:
    """What `clean` gave, for a page: cleaned once more, whatever the row says."""
    return mark_safe(clean(cleaned))  # noqa: S308  (cleaned on this very line)


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]


def _same_meaning(text: str) -> str:
    """`<b>` and `<i>` are kept as what they mean; scripts and styles go with what is in them (nh3's own rule)."""
    for old, new in (("b", "strong"), ("i", "em"), ("div", "p")):
        text = re.sub(rf"<(/?){old}(?=[\s>/])", rf"<\1{new}", text, flags=re.IGNORECASE)
    return text


def _written_out(address: str, label: str) -> str:
    target = html.unescape(address).removeprefix("mailto:")
    return label if _TAG.sub("", label).strip() == target else f"{label} ({html.escape(target)})"
