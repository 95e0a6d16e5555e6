"""Where a thing has its page. Lists are bounded, so at any size some things are named that have none."""

from __future__ import annotations

from dagster_project.report.facts import Facts

TIMELINES = {True: "timeline.html", False: "timeline-undated.html"}  # by whether an event has a date


class Ways:
    """The pages of one site, by kind of thing and its code. Events share the pages of the timeline."""

    def __init__(self, facts: Facts) -> None:
        self.pages = {
            "areas": {row["ref_area"] for row in facts["area_register"]},
            "domains": {row["domain_id"] for row in facts["domains"]},
            "indicators": {row["indicator_id"] for row in facts["indicators"]},
            "initiatives": {row["initiative_id"] for row in facts["initiatives"]},
            "promises": {row["commitment_id"] for row in facts["commitments"]},
            "events": {row["event_id"] for row in facts["events"] if row["date_start"]},
            "undated": {row["event_id"] for row in facts["events"] if not row["date_start"]},
            "sources": {row["source_id"] for row in facts["sources"]},
        }
        # Figures and claims stand on the page of their indicator, where there is room for them.
        self.shown = {row["observation_id"] for row in facts["observations"]}
        self.shown |= {row["claim_id"] for row in facts["claims"]}

    def __call__(self, kind: str, code: str | None) -> str | None:
        """The address of a thing from the top of the site; None where it has no page."""
        if kind == "events" and code in self.pages["undated"]:
            kind = "undated"
        if code is None or code not in self.pages[kind]:
            return None
        before, after = self.address(kind)
        return f"{before}{code}{after}"

    def figure(self, indicator: str, code: str) -> str:
        """The address of a figure or claim: its place on the page of its indicator, or at least that page."""
        return f"indicators/{indicator}.html" + (f"#{code}" if code in self.shown else "")

    @staticmethod
    def address(kind: str) -> tuple[str, str]:
        """What stands before and after the code in the address of a thing of this kind."""
        shared = {"events": TIMELINES[True], "undated": TIMELINES[False]}
        return (f"{shared[kind]}#", "") if kind in shared else (f"{kind}/", ".html")
