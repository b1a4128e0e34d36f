"""Reading pages as a person does: the words, without the markup."""

import html
import re


def words(response) -> str:
    """The text of a page's main part, spaces gathered."""
    source = response.content.decode()
    main = re.search(r"<main.*?</main>", source, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main.group() if main else source)
    return " ".join(html.unescape(text).replace("\u202f", " ").replace("\xa0", " ").split())


def titles(response) -> list[str]:
    """The facts listed, in the order of the page."""
    found = re.findall(r'<p class="entry__title">(.*?)</p>', response.content.decode())
    return [html.unescape(title) for title in found]
