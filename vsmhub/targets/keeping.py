"""A key that a person brought: tried at the target, then kept."""

from typing import TYPE_CHECKING

from vsmhub.interhub.errors import InterHubError, Refused, ServerFault
from vsmhub.secrets.errors import BadSecret

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub
    from vsmhub.interhub.messages.access import Token
    from vsmhub.plan.desired import Desired
    from vsmhub.secrets.secret import Secret
    from vsmhub.targets.keys import StoredKey

ADMIN = "framework:admin"


def keep_proven(secret: "Secret", kept: "StoredKey", declared: "Desired", target: "InterHub") -> "Token":
    """Exchange `secret` for a token, and keep it if that opens what the hub needs; the token.

    A page shows a key once: where the target does not answer and nothing is kept yet, the key is kept all the same,
    and the error says so. Raises BadSecret for a key of the wrong kind, SecretError, and InterHubError.
    """
    kept.check_writable()
    try:
        token = target.exchange(secret)
    except InterHubError as error:
        if isinstance(error, Refused) and not isinstance(error, ServerFault):
            raise BadSecret(
                f"the key is not stored, for {target.label} does not take it: {error.message}",
                hint="look whether all of it was copied, and whether it is of this Inter-Hub",
            ) from error
        raise _unproven(error, secret, kept) from error
    missing = sorted(set(declared.key_scopes) - set(token.scopes))
    if missing:
        raise BadSecret(
            f"the key is not stored: it does not open {', '.join(missing)}, which {declared.hub} needs",
            hint=f"make one with exactly these scopes: {', '.join(declared.key_scopes)}",
        )
    if ADMIN in token.scopes and ADMIN not in declared.key_scopes:
        raise BadSecret(
            f"the key is not stored: it opens {ADMIN}, so it is an operator's and not one of {declared.hub}",
            hint="the operator's key goes into IHUB_OPERATOR_KEY, or into the store under the name operator",
        )
    kept.keep_by_hand(secret)
    return token


def _unproven(error: InterHubError, secret: "Secret", kept: "StoredKey") -> InterHubError:
    if kept.held() is None:
        kept.keep_by_hand(secret)
        said, hint = f"the key is stored in {kept.describe()}, but not proven", "run this again when the target answers"
    else:
        said, hint = (
            "the key is not stored, for it could not be tried and another one is kept",
            "keep it safe, and run this again when the target answers",
        )
    return InterHubError(f"{said}: {error.message}", hint=hint)
