"""`vsmhub runbook`: a hub's bootstrap by hand, in Inter-Hub's pages."""

from vsmhub.cli.options import Hub, folder_of
from vsmhub.cli.sql import Out


def runbook(hub: Hub, out: Out = None) -> None:
    """Print how a person registers a hub in Inter-Hub's pages, with every value to type and a check for each step.

    Example: vsmhub runbook hubs/ops --out RUNBOOK.md
    """
    from vsmhub.cli.fallbacks import deliver
    from vsmhub.render.runbook import runbook as page
    from vsmhub.vocabulary.checking import load_checked

    (folder,) = load_checked([folder_of(hub)])
    deliver(page(folder.declared()), out)
