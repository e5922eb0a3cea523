"""`vsmhub sql`: a hub's bootstrap as one SQL script."""

from vsmhub.cli.options import Hub, Out


def sql(hub: Hub, out: Out = None) -> None:
    """Print the SQL that brings a hub into an Inter-Hub's database.

    For psql, where neither API nor pages can. One transaction, which may run any number of times. It makes no key.

    Example: vsmhub sql hubs/ops | psql --no-psqlrc "$DATABASE_URL"
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.fallbacks import deliver
    from vsmhub.plan.routes.sql.script import script

    (declared,) = declare([hub])
    deliver(script(declared, notice=f"Made by `vsmhub sql` from what {declared.hub} declares."), out)
