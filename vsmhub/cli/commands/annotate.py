"""`vsmhub annotate`: a remark about a widget, through the outbox."""

from typing import Annotated

import typer

from vsmhub.cli.completion import categories
from vsmhub.cli.options import Base, Hub, Json, Queue, TargetName
from vsmhub.cli.statements import Metadata, WidgetSlug, declared, read_metadata, through_outbox


def annotate(
    hub: Hub,
    category: Annotated[
        str,
        typer.Argument(
            metavar="CATEGORY", help="Annotation category, such as ops-backup-gap.", autocompletion=categories
        ),
    ],
    widget: WidgetSlug,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The remark.")],
    metadata: Metadata = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who remarks it; this account if left out.")] = None,
    queue: Queue = False,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Remark on a widget. It is kept on disk first, and handed on now or, when Inter-Hub is down, later.

    Example: vsmhub annotate hubs/ops ops-backup-gap ops-service-gitea "No restore was ever tried"
    """
    from vsmhub.evidence.statement import Subject, remark

    subject = Subject(spec=declared(hub), widget=widget)
    envelope = remark(subject, category, text, metadata=read_metadata(metadata), actor=actor)
    through_outbox(envelope, target, base, queue=queue, as_json=as_json)
