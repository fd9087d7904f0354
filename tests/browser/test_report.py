"""The report in a real Chromium: an audit of attacks runs nothing, asks for nothing and hides nothing; the filter finds; axe-like basics hold."""

import json
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

import audit
from audit.show import html, safe
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL, ATTACKS

pytestmark = pytest.mark.browser
CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser():
    """Chromium of the system; skips without it."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if CHROMIUM is None:
        pytest.skip("needs chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=os.environ.get("CHROMIUM", CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory) -> Path:
    """The report of an audit in which every string is every attack."""
    folder = tmp_path_factory.mktemp("attacked")
    (folder / "report.html").write_text(html.page(Shelf(made.folder(folder, lambda text: f"{text} {ALL}"))), encoding="utf-8")
    return folder / "report.html"


@pytest.fixture(scope="module")
def audited(tmp_path_factory) -> Path:
    """The report of a real audit of a corpus made of attacks: in every field, and one attack a text."""
    folder = tmp_path_factory.mktemp("audited")
    names = ("title", "byline", "source", "url", "date")
    rows = [
        {"id": f"{n} {attack}", **dict.fromkeys(names, attack), "text": f"{attack}\n\n{PLAIN}\n\nRead the rest of Anna Feld's article at {attack}"}
        for n, attack in enumerate(ATTACKS)
    ]
    corpus = folder / f"{'x' * 20} <img src=x onerror=alert(1)>.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"text": <script>window.owned=9</script>}\n', encoding="utf-8")
    audit.audit(corpus, folder / "out")
    return folder / "out" / "report.html"


PLAIN = (
    "The council voted on Tuesday to dredge the old harbour before winter, ending two years of argument about who should pay for it. "
    "Fishermen had warned that the channel was silting up so quickly that larger boats could no longer leave at low tide."
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    """The report of the made audit."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "report.html").write_text(html.page(Shelf(made.folder(folder))), encoding="utf-8")
    return folder / "report.html"


class Visit:
    """A page that was opened, and everything it tried: requests, messages of the console, errors, dialogs."""

    def __init__(self, browser, path: Path, address: str = "", **options) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.goto(f"{path.as_uri()}{address}")

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("made_by", ["attacked", "audited"])
def test_attacks_do_nothing(browser, request, made_by, scripts):
    """No script of theirs runs, no request leaves the page, nothing is even refused; everything is legible."""
    attacked = request.getfixturevalue(made_by)
    with Visit(browser, attacked, java_script_enabled=scripts) as visit:
        page = visit.page
        page.wait_for_timeout(200)
        assert [url for url in visit.requests if url != attacked.as_uri()] == []
        assert visit.said == []
        if scripts:
            assert page.evaluate("window.owned") is None
            page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            for element in page.locator("summary, .card, select").all()[:40]:
                element.hover(timeout=2_000)
            assert page.evaluate("window.owned") is None
        text = page.locator("body").text_content()
        assert [attack for attack in ATTACKS if safe.visible(attack) not in text] == []
        assert [url for url in visit.requests if url != attacked.as_uri()] == []


def test_everything_is_there_without_scripts(browser, plain):
    """Without JavaScript the page has its examples, folds that open, and no dead control."""
    with Visit(browser, plain, java_script_enabled=False) as visit:
        page = visit.page
        assert page.get_by_text("You can read the rest of Anna Feld’s article at").first.is_visible()
        assert not page.locator("#filter").is_visible()
        assert page.locator(".copy:visible").count() == 0
        fold = page.locator("details.expectation", has_text="no article twice").first
        fold.locator("summary").click()
        assert fold.get_by_text("severity error").is_visible()


def test_the_filter_finds_and_the_address_keeps_it(browser, plain):
    """Choosing a source and searching hide the other examples; the address shows the same view to someone else."""
    with Visit(browser, plain) as visit:
        page = visit.page
        every = page.locator(".card:visible").count()
        page.locator("select[name=source]").select_option("minato.example")
        page.get_by_label("Search").fill("続き")
        assert 0 < page.locator(".card:visible").count() < every
        assert all("minato.example" in text for text in page.locator(".card:visible").all_text_contents())
        address = page.evaluate("location.hash")
        shown = page.locator(".card:visible").all_text_contents()
        page.get_by_role("button", name="Clear").click()
        page.wait_for_timeout(50)
        assert page.locator(".card:visible").count() == every
    with Visit(browser, plain, address) as visit:
        assert visit.page.locator(".card:visible").all_text_contents() == shown
        assert visit.said == []


@pytest.mark.parametrize("address", ["#e6", "#?check=e1&source=nowhere", "#?%zz=%", "#%", "#worst", "#?q=<script>"])
def test_any_address_is_taken(browser, plain, address):
    """A link to a fold opens it, and a broken address breaks nothing."""
    with Visit(browser, plain, address) as visit:
        assert visit.said == []
        if address == "#e6":
            assert visit.page.locator("#e6").get_attribute("open") is not None


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(browser, attacked, width):
    """On a phone the page does not scroll sideways, whatever is in it."""
    with Visit(browser, attacked, viewport={"width": width, "height": 800}) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_have_contrast(browser, plain, scheme):
    """Every visible word has a contrast of 4.5 with what it stands on (WCAG 2.2, 1.4.3)."""
    with Visit(browser, plain, color_scheme=scheme) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        assert visit.page.evaluate(FAINT) == []


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("which", ["plain", "attacked"])
def test_axe_finds_nothing(browser, request, which, scheme, width):
    """axe-core has no violation to tell of, folds closed and open, on a phone and a screen, in light and dark."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python").Axe()
    with Visit(browser, request.getfixturevalue(which), color_scheme=scheme, viewport={"width": width, "height": 800}) as visit:
        for fold in (False, True):
            visit.page.evaluate("(open) => document.querySelectorAll('details').forEach((fold) => { fold.open ||= open; })", fold)
            found = axe.run(visit.page).response
            assert [(violation["id"], violation["nodes"][0]["html"][:300]) for violation in found["violations"]] == []
            assert len(found["passes"]) > 20


def test_texts_run_in_their_own_direction(browser, plain):
    """Arabic runs from right to left, Japanese says that it is Japanese; the page's own words stay as they are."""
    with Visit(browser, plain) as visit:
        direction = "(node) => getComputedStyle(node).direction"
        arabic = visit.page.get_by_text("اقرأ بقية المقال على موقعنا").last
        assert arabic.evaluate("(node) => getComputedStyle(node.closest('[dir]')).direction") == "rtl"
        assert visit.page.locator("blockquote[lang=ja]").count() > 0
        assert visit.page.locator("main").evaluate(direction) == "ltr"


def test_the_filter_takes_in_duplicates_and_cleaning(browser, plain):
    """Choosing duplicates hides the examples of expectations, and shows pairs and clusters; the search looks into them."""
    with Visit(browser, plain) as visit:
        page = visit.page
        page.locator("select[name=check]").select_option("duplicates")
        assert page.locator(".card:visible").count() == 0
        assert page.locator(".pair:visible").count() == 3
        page.get_by_label("Search").fill("Wednesday")
        assert page.locator(".pair:visible").count() == 2
        page.locator("select[name=check]").select_option("cleaning")
        page.get_by_label("Search").fill("GroÃŸvater")
        assert page.locator(".fixed:visible").count() > 0


def test_commands_are_copied(browser, plain):
    """A button puts the command on the clipboard: what to paste, and nothing else."""
    listen = "() => { window.got = []; navigator.clipboard.writeText = (text) => { window.got.push(text); return Promise.resolve(); }; }"
    with Visit(browser, plain) as visit:
        visit.page.evaluate(listen)
        visit.page.locator(".card .copy:visible").first.click()
        visit.page.locator(".command .copy:visible").first.click()
        visit.page.get_by_role("button", name="Copy link").click()
        explain, run, link = visit.page.evaluate("window.got")
        assert explain == "corpus-audit explain corpus-audit-out '#0'"
        assert run.startswith("corpus-audit run corpus.jsonl --suite news")
        assert link == plain.as_uri()


FAINT = """() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (v) => (v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const unseen = ["SCRIPT", "STYLE", "TITLE", "OPTION"].includes(node.tagName) || !node.checkVisibility();
    if (unseen || !walker.currentNode.data.trim()) continue;
    const style = getComputedStyle(node);
    const ink = node.namespaceURI.endsWith("svg") ? style.fill : style.color;
    const [high, low] = [light(parse(ink)), light(behind(node))].sort((x, y) => y - x);
    if ((high + 0.05) / (low + 0.05) < 4.5) faint.add(`${node.tagName}.${node.className} ${ink} on ${behind(node)}`);
  }
  return [...faint];
}"""


def test_the_keyboard_reaches_everything(browser, plain):
    """Tab goes from the first link through folds and controls, and what has the focus can be seen."""
    with Visit(browser, plain) as visit:
        reached = set()
        for _ in range(60):
            visit.page.keyboard.press("Tab")
            reached.add(visit.page.evaluate("document.activeElement.tagName"))
            assert visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none" or "BODY" in reached
        assert {"A", "SUMMARY", "SELECT", "INPUT", "BUTTON", "DIV"} <= reached


def test_headings_do_not_skip(browser, plain):
    """Headings go down one level at a time, from one h1."""
    with Visit(browser, plain) as visit:
        levels = visit.page.evaluate("Array.from(document.querySelectorAll('h1,h2,h3,h4'), (h) => Number(h.tagName[1]))")
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_paper_shows_what_is_folded(browser, plain, tmp_path):
    """Printed, folds are open and controls are gone."""
    with Visit(browser, plain) as visit:
        visit.page.emulate_media(media="print")
        assert not visit.page.locator("#filter").is_visible()
        hidden = visit.page.locator("details:not([open])").first
        assert hidden.evaluate("(fold) => fold.lastElementChild.getBoundingClientRect().height") > 0
