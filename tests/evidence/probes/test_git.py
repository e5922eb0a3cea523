"""The git probe against Git's own HTTP backend, and against what is no repository."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.evidence.looking import look
from tests.evidence.speaking import answering, free_port, http
from tests.git import git
from vsmhub.evidence.probes.git import ADVERTISEMENT
from vsmhub.evidence.probes.observation import Reason


@contextmanager
def git_backend(root: Path) -> Iterator[str]:
    """`git http-backend` behind Python's HTTP server: what Gitea and others serve to `git ls-remote`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            environment = {
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "PATH": os.environ["PATH"],
            }
            done = subprocess.run(["git", "http-backend"], env=environment, capture_output=True, check=True)
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(headers.pop("Status", "200 OK").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", free_port()), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root = tmp_path_factory.mktemp("git")
    with git_backend(root) as url:
        yield root, url


def test_references_are_observed(repositories: tuple[Path, str]) -> None:
    root, url = repositories
    folder = root / "full"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "trunk")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "one")
    git(folder, "tag", "v1")
    found = look("git", url=f"{url}/full")
    digest = git(folder, "rev-parse", "HEAD")
    assert found.reason is None, found.message
    assert (found.facts["refs"], found.facts["branch"], found.facts["head"]) == (2, "trunk", digest)
    assert found.facts["ref"] == {"HEAD": digest, "refs/heads/trunk": digest, "refs/tags/v1": digest}


def test_an_empty_repository_has_none(repositories: tuple[Path, str]) -> None:
    root, url = repositories
    (root / "empty").mkdir()
    git(root / "empty", "init", "--quiet")
    found = look("git", url=f"{url}/empty")
    assert (found.reason, found.facts["refs"]) == (None, 0)
    assert "head" not in found.facts


def test_no_repository(repositories: tuple[Path, str]) -> None:
    found = look("git", url=f"{repositories[1]}/nothing")
    assert (found.reason, found.facts["status"]) == (Reason.STATUS, 404)


WRONG = [
    (http(401), Reason.CREDENTIAL),
    (http(200, b"<html>", Content_Type="text/html"), Reason.HEADER),
    (http(200, b"garbage", Content_Type=ADVERTISEMENT), Reason.BODY),
    (http(200, b"", Content_Type=ADVERTISEMENT), Reason.BODY),
    (http(200, b"001e# service=git-upload-pack\n0000ffff", Content_Type=ADVERTISEMENT), Reason.BODY),
    (http(200, b"0003", Content_Type=ADVERTISEMENT), Reason.BODY),
]


@pytest.mark.parametrize(("answer", "reason"), WRONG)
def test_what_is_no_list_of_references(answer: bytes, reason: Reason) -> None:
    with answering(answer) as server:
        assert look("git", url=server.url()).reason is reason
