"""The harness of the benchmarks: what it times, counts, leaves out and writes. The figures themselves are no test."""

import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from benchmarks import report, version
from benchmarks.counting import counting
from benchmarks.finding import Finding, missing, ratio, throughput
from benchmarks.specs import write_hub, write_terraform
from benchmarks.timing import BenchmarkError, Command, Series, in_turn
from vsmhub.spec.load import load_hub


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_commands_take_turns_after_what_does_not_count(tmp_path: Path) -> None:
    order = tmp_path / "order"

    def note(mark: str) -> None:
        with order.open("a") as file:
            file.write(mark)

    commands = {
        name: Command(
            python(f"open({str(order)!r}, 'a').write({name!r})"),
            prepare=lambda: note("("),
            finish=lambda: note(")"),
        )
        for name in "AB"
    }
    taken = in_turn(commands, times=2, warm=1)
    assert order.read_text() == "(A)(B)" * 3
    assert [len(series.seconds) for series in taken.values()] == [2, 2]
    assert all(seconds > 0 for series in taken.values() for seconds in series.seconds)


def test_a_command_that_fails_has_no_time() -> None:
    with pytest.raises(BenchmarkError, match="ended with 3:\nbecause"):
        in_turn({"fails": Command(python("print('because'); raise SystemExit(3)"))}, times=1)
    assert in_turn({"may": Command(python("raise SystemExit(2)"), codes=(0, 2))}, times=1)


def test_a_ratio_of_medians() -> None:
    ours, peer = Series("ours", (1.0, 9.0, 2.0)), Series("peer", (4.0, 4.0, 40.0))
    assert ratio("name", "what", "peer", 0.5, ours, peer, how="").value == 0.5
    assert ratio("name", "what", "peer", 0.5, ours, peer, how="").met is True
    assert ratio("name", "what", "peer", 0.4, ours, peer, how="").met is False


def test_no_figure_stands_in_for_a_missing_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "program_path", lambda program: None)
    (finding,) = version.measure()
    assert (finding.value, finding.met, finding.note) == (None, None, "copier: not installed")


def test_the_report_keeps_what_was_not_taken_now(tmp_path: Path) -> None:
    def entry(finding: Finding) -> report.Entry:
        return report.entry(finding, date="2026-01-01", machine={"Python": "3.11"})

    path = tmp_path / "docs" / "benchmarks.json"
    series = Series("ours", (1.25, 1.0)), Series("peer", (2.0, 2.0))
    first = {"one": entry(ratio("one", "what one does", "the peer", 0.5, *series, how="In turn."))}
    report.update(path, first, whole=True)
    report.update(path, {"two": entry(missing("two", "two", "peer", 1, "peer", how="Not."))}, whole=False)
    found = json.loads(path.read_text())
    assert list(found) == ["one", "two"]
    assert found["one"]["value"] == 0.562
    assert found["one"]["seconds"] == {"ours": [1.25, 1.0], "peer": [2.0, 2.0]}
    page = path.with_suffix(".md").read_text()
    assert "| what one does | the peer | ≤ 0.5 | 0.562 | no |" in page
    assert "| two | peer | ≤ 1 | peer: not installed | not measured |" in page
    report.update(path, first, whole=True)
    assert list(json.loads(path.read_text())) == ["one"]


def test_requests_are_counted_on_their_way() -> None:
    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(201)
            self.send_header("x-said", self.headers["x-says"])
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with counting(f"http://127.0.0.1:{server.server_port}") as counter:
            request = urllib.request.Request(f"{counter.url}/path?query", data=b"body", headers={"x-says": "hello"})
            with urllib.request.urlopen(request) as answer:
                assert (answer.status, answer.read(), answer.headers["x-said"]) == (201, b"body", "hello")
        server.shutdown()
    assert counter.requests == ["POST /path?query"]


def test_what_is_measured_is_a_hub(tmp_path: Path) -> None:
    hub = load_hub(write_hub(tmp_path / "hub", widgets=1000))
    assert len(hub.widgets) == 1000
    main = (write_terraform(tmp_path / "terraform", resources=1000) / "main.tf").read_text()
    assert main.count('resource "terraform_data"') == 1000


def test_of_what_should_be_much_the_aim_is_the_least() -> None:
    ours, peer = Series("ours", (0.25, 0.5, 0.75)), Series("peer", (1.0,))
    found = throughput("one", "what", "the peer", 1.2, ours, peer, how="In turn.")
    assert (found.value, found.met) == (2.0, True)
    assert throughput("one", "what", "the peer", 2.5, ours, peer, how="In turn.").met is False
    said = report.line("one", report.entry(found, date="2026-01-01", machine={}))
    assert "aim ≥ 1.2; kept" in said
