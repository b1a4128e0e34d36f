"""A teacher in the request of mobility, as a browser without script: pages read, forms sent back as they came but for
what is typed."""

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from lxml import html

from bench._burst import COOKIE
from bench._layers import HEADER

CODES = ("21000", "69003", "06000", "54000", "75011", "52100", "20090", "97400")
PLACES = ("Dijon", "Lyon", "Nice", "Nancy-Metz", "Paris", "Toulouse", "Rennes", "Lille")
LAYERS = re.compile(rf"^{HEADER}: (.*?)\r$".encode(), re.IGNORECASE | re.MULTILINE)
LOCATION = re.compile(rb"^location: (\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Seen:
    """Waits in milliseconds by step, what failed, milliseconds spent by layer in the portal."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    layers: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    confirmed: int = 0

    @property
    def every(self) -> list[float]:
        return [wait for waits in self.waits.values() for wait in waits]


class Teacher:
    def __init__(self, port: int, cookie: str, seen: Seen, chance: random.Random) -> None:
        name, _, value = cookie.partition("=")
        self.port, self.cookies, self.seen, self.chance = port, {name: value}, seen, chance

    async def ask(self, step: str, path: str, body: list[tuple[str, str]] | None = None) -> tuple[int, bytes]:
        began = time.perf_counter()
        try:
            status, answer = await self._ask(path, None if body is None else urlencode(body))
        except OSError as error:
            self.seen.failures.append(f"{step}: {error!r}")
            raise
        self.seen.waits[step].append((time.perf_counter() - began) * 1000)
        if status >= 400:
            self.seen.failures.append(f"{step}: {status} {said(answer)}")
        if told := LAYERS.search(answer):
            for layer, spent in json.loads(told[1]).items():
                self.seen.layers[layer] += spent
        return status, answer

    async def _ask(self, path: str, body: str | None) -> tuple[int, bytes]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\nCookie: {jar}\r\n"
        if body is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n{body or ''}".encode())
        answer = await reader.read(-1)
        writer.close()
        headers = answer.partition(b"\r\n\r\n")[0]
        self.cookies.update((name.decode(), value.decode()) for name, value in COOKIE.findall(headers))
        return int(answer[9:12] or 599), answer

    async def think(self, mean: float) -> None:
        await asyncio.sleep(self.chance.expovariate(1 / mean))


def filled(page: bytes, action: str, **typed: str) -> list[tuple[str, str]]:
    """The fields of the form of `main` sent to `action` (an end of its address), as the page gives them, with what is typed."""
    main = html.document_fromstring(page.partition(b"\r\n\r\n")[2].decode()).find(".//main")
    forms: list[Any] = [one for one in main.iter("form") if (one.get("action") or "").endswith(action)]
    if not forms:
        raise RuntimeError(f"no form sent to {action!r}: {page[:200]!r}")
    empty = {box.get("name") for box in forms[0].xpath(".//input[@checked and @value='']")}  # lxml reads them as « on »
    values = [(name, value) for name, value in forms[0].form_values() if name not in typed and name not in empty]
    return [*values, *typed.items()]


def said(answer: bytes) -> str:
    """What a page that refuses says is wrong."""
    page = html.document_fromstring(answer.partition(b"\r\n\r\n")[2].decode() or "<p>")
    found = page.xpath("//*[contains(@class, 'error')]")
    return " ".join(" ".join(one.text_content().split()) for one in found)[:160]


def moved(answer: bytes) -> str:
    found = LOCATION.search(answer)
    return found[1].decode().partition("#")[0] if found else ""


async def fill_request(teacher: Teacher, campaign: str, *, mean: float) -> None:
    """From the home of « Mutation » to the receipt: fifteen pages."""
    _, page = await teacher.ask("accueil", "/mutation/")
    await teacher.think(mean)
    start = f"/mutation/commencer/{campaign}/"
    _, answer = await teacher.ask("commencer", start, filled(page, start))
    voeux = moved(answer)
    if not voeux.endswith("voeux/"):
        teacher.seen.failures.append(f"commencer: {answer[:15]!r} {voeux}")
        return
    base = voeux.removesuffix("voeux/")
    for place in teacher.chance.sample(PLACES, 3):
        _, page = await teacher.ask("vœux", voeux)
        await teacher.think(mean)
        await teacher.ask("ajouter un vœu", voeux, filled(page, "", lieu=place, acte="ajouter"))
    claims = f"{base}priorites/"
    _, page = await teacher.ask("priorités", claims)
    code = teacher.chance.choice(CODES)
    family = {
        "strategy": "rc", "lien": "mariage", "lien_on": "2019-04-27", "activity": "activite", "enfant_1": "2020-01-09",
        "separation_active": "1",
    }  # fmt: skip
    for typed in (code[:4], code):
        await teacher.ask(
            "points en direct", f"{base}points/", filled(page, claims, **family, conjoint_postal_code=typed)
        )
    await teacher.think(mean)
    await teacher.ask(
        "enregistrer les priorités", claims, filled(page, claims, **family, conjoint_postal_code="21000", suite="1")
    )
    await teacher.ask("pièces", f"{base}pieces/")
    await teacher.think(mean)
    recap = f"{base}recapitulatif/"
    _, page = await teacher.ask("récapitulatif", recap)
    await teacher.think(mean)
    status, _ = await teacher.ask("confirmer", recap, agreed(page))
    teacher.seen.confirmed += status == 302
    await teacher.ask("demande", base)


def agreed(page: bytes) -> list[tuple[str, str]]:
    """The form of the recap with its boxes ticked."""
    main = html.document_fromstring(page.partition(b"\r\n\r\n")[2].decode()).find(".//main")
    form: Any = next(one for one in main.iter("form") if one.xpath(".//input[@name='revision']"))
    boxes = [(box.get("name"), box.get("value") or "on") for box in form.xpath(".//input[@type='checkbox']")]
    return [(name, value) for name, value in form.form_values() if name not in dict(boxes)] + boxes
