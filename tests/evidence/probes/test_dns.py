"""The dns probe against nsd, and against a server that answers as it is told."""

import contextlib
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from tests.evidence.looking import look, verdict
from tests.evidence.services import nameserver, signalled
from tests.evidence.speaking import free_port
from vsmhub.evidence.probes.observation import Reason

Answerer = Callable[[dns.message.Message], bytes | None]


@contextlib.contextmanager
def server(udp: Answerer, tcp: Answerer | None = None) -> Iterator[int]:
    """A DNS server on loopback; an answerer that gives None says nothing."""
    port = free_port()
    over_udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    over_udp.bind(("127.0.0.1", port))
    over_tcp = socket.create_server(("127.0.0.1", port))

    def serve_udp() -> None:
        with contextlib.suppress(OSError):
            while True:
                data, client = over_udp.recvfrom(4096)
                if not data:
                    return
                if (answer := udp(dns.message.from_wire(data))) is not None:
                    over_udp.sendto(answer, client)

    def serve_tcp() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = over_tcp.accept()
                with connection:
                    data = connection.recv(4096)
                    if tcp is None or len(data) < 3:
                        continue
                    answer = tcp(dns.message.from_wire(data[2:])) or b""
                    connection.sendall(len(answer).to_bytes(2, "big") + answer)

    threads = [threading.Thread(target=one, daemon=True) for one in (serve_udp, serve_tcp)]
    for one in threads:
        one.start()
    try:
        yield port
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as goodbye:
            goodbye.sendto(b"", ("127.0.0.1", port))
        over_tcp.shutdown(socket.SHUT_RDWR)
        over_tcp.close()
        for one in threads:
            one.join(5)
        over_udp.close()


def answer(*records: str, kind: str = "A", rcode: int = 0, flags: int = 0, ttl: int = 300) -> Answerer:
    def answerer(question: dns.message.Message) -> bytes:
        found = dns.message.make_response(question)
        found.set_rcode(dns.rcode.Rcode(rcode))
        found.flags |= flags
        if records:
            found.answer.append(dns.rrset.from_text(question.question[0].name, ttl, "IN", kind, *records))
        return found.to_wire()

    return answerer


def ask(port: int, **more: Any) -> dict[str, object]:
    found = look("dns", name="hub.example.org", server="127.0.0.1", port=port, timeout=1.0, **more)
    return {**found.facts, "reason": found.reason}


def test_answers_are_observed() -> None:
    with server(answer("92.205.62.239", "92.205.130.254", ttl=60, flags=dns.flags.AA)) as port:
        found = ask(port)
    assert found["reason"] is None
    assert sorted(found["answers"]) == ["92.205.130.254", "92.205.62.239"]  # type: ignore[call-overload]
    assert (found["rcode"], found["ttl"], found["authoritative"]) == ("NOERROR", 60.0, True)


@pytest.mark.parametrize(
    ("kind", "record"), [("MX", "10 mail.example.org."), ("TXT", '"v=spf1 -all"'), ("CAA", '0 issue "letsencrypt.org"')]
)
def test_records_of_other_types_are_said_as_in_a_zone(kind: str, record: str) -> None:
    with server(answer(record, kind=kind)) as port:
        assert ask(port, type=kind)["answers"] == (record,)


def test_an_answer_that_does_not_fit_is_fetched_over_tcp() -> None:
    with server(answer(flags=dns.flags.TC), answer("192.0.2.1")) as port:
        assert ask(port)["answers"] == ("192.0.2.1",)


@pytest.mark.parametrize(("rcode", "name"), [(3, "NXDOMAIN"), (2, "SERVFAIL"), (5, "REFUSED")])
def test_a_verdict_of_the_server_is_a_fact_for_conditions(rcode: int, name: str) -> None:
    with server(answer(rcode=rcode)) as port:
        found = ask(port)
    assert (found["rcode"], found["answers"]) == (name, ())


def test_no_answer_and_no_dns() -> None:
    with server(lambda question: None) as port:
        assert ask(port)["reason"] is Reason.TIMEOUT
    with server(lambda question: b"\x00\x01garbage") as port:
        assert ask(port)["reason"] in (Reason.PROTOCOL, Reason.TIMEOUT)
    with server(answer(flags=dns.flags.TC), lambda question: b"\x00") as port:
        assert ask(port)["reason"] is Reason.PROTOCOL
    before = time.perf_counter()
    assert ask(free_port())["reason"] in (Reason.CONNECT, Reason.TIMEOUT)
    assert time.perf_counter() - before < 3


def test_an_answer_to_another_question_does_not_count() -> None:
    def other(question: dns.message.Message) -> bytes | None:
        return answer("192.0.2.66")(dns.message.make_query("evil.example.org", "A", id=question.id))

    with server(other) as port:
        found = ask(port)
    assert found["reason"] in (Reason.PROTOCOL, Reason.TIMEOUT)
    assert "answers" not in found


def test_a_real_server_that_fails_in_each_way(short: Path) -> None:
    right = 'answers contains "92.205.62.239"'
    long = [f'long IN TXT "{number:03} {"x" * 200}"' for number in range(40)]  # more than goes over UDP
    with nameserver(short, "hub IN A 92.205.62.239", "moved IN A 192.0.2.66", *long) as (port, running):

        def asked(name: str, condition: str = right, **more: Any) -> tuple[str, str | None]:
            return verdict("dns", condition, name=name, server="127.0.0.1", port=port, timeout=0.5, **more)

        assert asked("hub.example.org") == ("pass", None)
        assert asked("hub.example.org", 'rcode == "NOERROR" and authoritative') == ("pass", None)
        assert asked("long.example.org", "count(answers) == 40", type="TXT") == ("pass", None)
        assert asked("moved.example.org") == ("fail", "dns")
        for name, rcode in [
            ("none.example.org", "NXDOMAIN"),
            ("hub.broken.example", "SERVFAIL"),
            ("hub.example.net", "REFUSED"),
        ]:
            assert asked(name) == ("fail", "dns")
            assert asked(name, f'rcode == "{rcode}"') == ("pass", None)
        assert asked("hub.example.org", "count(answers) > 0", type="AAAA") == ("fail", "dns")
        signalled(running, signal.SIGSTOP)
        assert asked("hub.example.org") == ("fail", "timeout")
        signalled(running, signal.SIGCONT)
        assert asked("hub.example.org") == ("pass", None)
    assert asked("hub.example.org")[0] == "fail"
