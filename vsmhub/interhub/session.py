"""Asking a target until it answers: authorization, repetition, and the answer checked against its message."""

import logging
import re
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import NoReturn, TypeVar
from uuid import uuid4

from pydantic import BaseModel, ValidationError

from vsmhub.interhub.address import Address
from vsmhub.interhub.credentials import Access, Credential, Revealing, key_of
from vsmhub.interhub.errors import InterHubError, Nonsense, Unauthorized
from vsmhub.interhub.exchange import Call, NoReply, Reply
from vsmhub.interhub.messages.access import Token, TokenRequest
from vsmhub.interhub.refusal import nonsense, refusal
from vsmhub.interhub.retry import RETRIED_STATUSES, Pace, RetryPolicy, retry_after
from vsmhub.interhub.surface import translation
from vsmhub.interhub.surface.dialect import Dialect, lacking
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.transport import Transport
from vsmhub.redaction import redact

M = TypeVar("M", bound=BaseModel)
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")

_LOG = logging.getLogger(__name__)
LONG = 2.0
"""Seconds after which whoever waits for an answer hears that it is asked for again."""

Observer = Callable[[str, str, int | None, float], None]
"""Told of every request made: method, path, status (None when no answer came) and seconds."""


class Session:
    """One target, one credential. May be used from several threads."""

    def __init__(
        self,
        address: Address,
        transport: Transport,
        *,
        credential: Credential | None,
        retries: RetryPolicy,
        pace: Pace,
        on_request: Observer | None,
        dialect: Dialect | None = None,
        whose: Callable[[], str] | None = None,
    ) -> None:
        """`whose` says which key the credential is, for messages about one that opens nothing."""
        self._dialect = dialect or Dialect(address.label)
        self.address = address
        self.requests_made = 0
        self._transport = transport
        self._credential = credential
        self._whose = whose
        self._retries = retries
        self._pace = pace
        self._on_request = on_request
        self._key: Revealing | None = None
        self._access: Access | None = None
        self._renewing = threading.Lock()
        self._counting = threading.Lock()

    def ask(self, call: Call, message: type[M], read: Callable[[bytes], bytes] | None = None) -> M:
        """The answer to `call`, as a `message`. Raises InterHubError of whatever kind fits.

        `read` puts the body into the contract's words, and raises ValueError where it cannot.
        """
        reply = self.reply(call)
        try:
            return message.model_validate_json(read(reply.body) if read else reply.body)
        except ValueError as error:
            # Not chained: pydantic's text quotes what came, and that may hold a key.
            wrong = error.errors(include_input=False) if isinstance(error, ValidationError) else []
            places = ", ".join(sorted({".".join(map(str, one["loc"])) for one in wrong} - {""}))
            raise nonsense(call, self.address.label, reply, expected=message.__name__, places=places[:200]) from None

    def reply(self, call: Call) -> Reply:
        """The answer to `call` as it came, if its status is one of success."""
        if not call.authorized or self._credential is None:
            return self._answered(call, None)
        access, fresh = self._authorize(self._credential, not_this=None)
        try:
            return self._answered(call, access.reveal())
        except Unauthorized:
            if fresh:
                raise
        access, _ = self._authorize(self._credential, not_this=access)
        return self._answered(call, access.reveal())

    def exchange(self, key: Revealing) -> Token:
        """A token for `key`, which need not be this session's own. Raises Unauthorized when it opens nothing."""
        try:
            content = TokenRequest(api_key=key.reveal()).model_dump_json(by_alias=True).encode()
        except ValidationError:
            raise InterHubError(
                "the key is empty or far too long to be one", hint="Look at what the secret store holds."
            ) from None
        offer = self._dialect.offer(Operation.TOKEN)
        if not offer.request.is_plain:
            content = translation.request(content, offer, lacking(offer))
        # The header is for ourselves: whoever exchanges a key twice has two tokens, which harms nothing.
        call = Call("POST", offer.path, content=content, headers=repeatable(None), authorized=False, secrets=(key,))
        read = None if offer.answer.is_plain else lambda body: translation.answer(body, offer)
        return self.ask(call, Token, read)

    def hold_key(self) -> None:
        """Get the key now, without using it; what its credential raises when there is none to be had."""
        if self._credential is not None and self._key is None:
            self._key = key_of(self._credential)

    def close(self) -> None:
        """Close all connections and forget the token and the key."""
        self._transport.close()
        self._access = None
        self._key = None

    def _authorize(self, credential: Credential, *, not_this: Access | None) -> tuple[Access, bool]:
        """A token that is valid for a while, and whether it was got just now; never the one that was refused."""
        with self._renewing:
            held = self._access
            if held is not None and held is not not_this and self._pace.clock() < held.until:
                return held, False
            asked_at = self._pace.clock()
            self._key = key_of(credential)
            try:
                token = self.exchange(self._key)
            except Unauthorized as error:
                if self._whose is not None:
                    error.hint = error.hint.replace("the key", self._whose(), 1)
                raise
            self._access = Access(token, asked_at=asked_at, target=self.address.label)
            return self._access, True

    def look(self, call: Call) -> Reply:
        """The answer to an unauthorized `call` as it came, whatever its status; InterHubError when none came whole."""
        return self._answered(call, None, whatever=True)

    def _answered(self, call: Call, token: str | None, *, whatever: bool = False) -> Reply:
        """Send `call` until there is an answer to keep: a success, or `whatever` it is; else raise."""
        started = self._pace.clock()
        attempt, lost = 0, False
        while True:
            attempt += 1
            outcome = self._sent(call, token)
            if isinstance(outcome, Reply) and outcome.status < 300:
                return outcome
            spent = self._pace.clock() - started
            asked = wait = None
            if _worth_repeating(outcome) and (call.can_be_repeated or _not_done(outcome)):
                if isinstance(outcome, Reply):
                    asked = retry_after(outcome.headers.get("retry-after"), self._pace.now())
                wait = self._retries.delay(attempt, spent=spent, chance=self._pace.chance(), asked=asked)
            if wait is None and whatever and isinstance(outcome, Reply):
                return outcome
            if wait is None:
                tried = f" ({attempt} attempts in {spent:.1f} s)" if attempt > 1 else ""
                tried += f"; it asks to wait {asked:.0f} s" if asked is not None else ""
                self._give_up(call, token, outcome, tried=tried, lost=lost)
            lost = lost or isinstance(outcome, NoReply) or outcome.status != 429
            if spent + wait >= LONG:
                what = outcome.what if isinstance(outcome, NoReply) else f"answers {outcome.status}"
                when = f" in {wait:.1f} s" if wait >= 0.1 else ""
                _LOG.info("%s: %s; asking again%s", call.at(self.address.label), what, when)
            self._pace.sleep(wait)

    def _sent(self, call: Call, token: str | None) -> Reply | NoReply:
        before = self._pace.clock()
        outcome = self._transport.send(call, token)
        with self._counting:
            self.requests_made += 1
        if self._on_request is not None:
            status = outcome.status if isinstance(outcome, Reply) else None
            self._on_request(call.method, call.path, status, self._pace.clock() - before)
        return outcome

    def _give_up(self, call: Call, token: str | None, outcome: Reply | NoReply, *, tried: str, lost: bool) -> NoReturn:
        if isinstance(outcome, NoReply):
            message = f"{call.at(self.address.label)}: {outcome.what}{tried}"
            if outcome.kind is Nonsense:
                raise Nonsense(message, hint=outcome.hint, too_big=outcome.too_big) from outcome.cause
            raise outcome.kind(message, hint=outcome.hint) from outcome.cause
        known = [one.reveal() for one in (*call.secrets, self._key) if one is not None] + [token or ""]
        raise refusal(
            call, self.address.label, outcome, clean=lambda text: redact(text, known), unsure=lost, tried=tried
        )


def repeatable(idempotency_key: str | None) -> dict[str, str]:
    """The header that makes a POST safe to send again; a fresh key unless the caller has one to keep."""
    key = str(uuid4()) if idempotency_key is None else idempotency_key
    if not IDEMPOTENCY_KEY.fullmatch(key):
        raise ValueError("an idempotency key is 1 to 255 visible ASCII characters")
    return {"Idempotency-Key": key}


def unmoved(revision: int) -> dict[str, str]:
    """The header that lets a write through only while the object is at this revision."""
    return {"If-Match": f'"{revision}"'}


def _not_done(outcome: Reply | NoReply) -> bool:
    """Whether the target says that it has not even begun, so that repeating does nothing twice."""
    return isinstance(outcome, Reply) and outcome.status == HTTPStatus.TOO_MANY_REQUESTS


def _worth_repeating(outcome: Reply | NoReply) -> bool:
    return outcome.again if isinstance(outcome, NoReply) else outcome.status in RETRIED_STATUSES
