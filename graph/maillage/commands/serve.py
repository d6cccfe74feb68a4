"""``maillage serve``."""

from __future__ import annotations

from pathlib import Path

import click

from maillage.commands.manners import Verb, shared
from maillage.release import DEFAULT
from maillage.words import Language


@click.command(cls=Verb)
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True)
@click.option("--public", is_flag=True)
@click.option("--base", metavar="URL")
@click.option("--proxy-from", "proxies", multiple=True, metavar="ADDRESS")
@click.option("--report-to", metavar="URL")
@click.option("--fast", type=click.FloatRange(0.05, 60), default=0.5, show_default=True)
@click.option("--slow", type=click.FloatRange(0.1, 600), default=5.0, show_default=True)
@click.option("--memory", type=click.IntRange(128), default=1024, show_default=True, metavar="MB")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--log-queries", is_flag=True)
@shared
@click.pass_context
def serve(
    ctx: click.Context,
    store: Path | None,
    host: str,
    port: int,
    public: bool,
    base: str | None,
    proxies: tuple[str, ...],
    report_to: str | None,
    fast: float,
    slow: float,
    memory: int,
    workers: int,
    log_queries: bool,
    lang: Language,
) -> None:
    """SPARQL endpoint and pages."""
    from maillage.bounded import Limits
    from maillage.served.running import run
    from maillage.served.settings import Settings, good_base, networks

    slow = max(fast, slow)
    limits = Limits(
        fast=fast, slow=slow, memory=memory << 20, fast_workers=workers, slow_workers=workers
    )
    # a page asks several questions, and draws what comes back; those that take long have workers
    # of their own, so that readers of them keep nobody from the others
    pages = Limits(
        fast=4 * fast,
        slow=4 * slow,
        memory=memory << 20,
        fast_workers=workers,
        slow_workers=workers,
    )
    run(
        Settings(
            out=store or DEFAULT,
            host=host,
            port=port,
            public=public,
            base=good_base(base) if base else "",
            proxies=networks(proxies),
            report_to=report_to or "",
            limits=limits,
            page_limits=pages,
            log_queries=log_queries,
            lang=lang,
        )
    )
