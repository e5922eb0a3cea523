"""The commands and where each is, and the one place where errors end.

A command's module is imported when the command line is parsed, so such modules import what is heavy (the client, the
server, copier, tables for people) inside their functions.
"""

import errno
import os
import sys
from contextvars import ContextVar
from typing import Annotated

import typer
from typer.exceptions import TyperException

from vsmhub.cli.commands import (
    annotate,
    apply,
    attest,
    breaking,
    catalog,
    check,
    drift,
    emit,
    gate,
    gates,
    generate,
    import_,
    key,
    new,
    observe,
    outbox,
    plan,
    runbook,
    schema,
    serve,
    sql,
    status,
    update,
    vocab,
    worker,
)
from vsmhub.errors import VsmhubError

EXIT_USAGE = 64
EXIT_INTERRUPTED = 130

_traces: ContextVar[bool] = ContextVar("traces", default=False)
"""Whether tracebacks are shown in this run."""

app = typer.Typer(
    name="vsmhub",
    help="Describe a hub of a viable system once; bootstrap it into Inter-Hub; keep declared and live in agreement.",
    epilog="Exit codes: 0 as it should be, 1 error, 2 something is left to do, 64 wrong usage.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
    debug: Annotated[bool, typer.Option("--debug", envvar="VSMHUB_DEBUG", help="Show tracebacks of errors.")] = False,
) -> None:
    if version:
        from vsmhub import __version__

        typer.echo(f"vsmhub {__version__}")
        raise typer.Exit
    _traces.set(debug)


# In the order in which --help lists them: one line a command.
app.command()(new.new)
app.command()(check.check)
app.command("import")(import_.import_)
app.command()(generate.generate)
app.command()(update.update)
app.add_typer(vocab.app)
app.command()(breaking.breaking)
app.command()(gate.gate)
app.command()(plan.plan)
app.command()(apply.apply)
app.command()(status.status)
app.command()(drift.drift)
app.add_typer(key.app)
app.command()(sql.sql)
app.command()(runbook.runbook)
app.command()(observe.observe)
app.command()(worker.worker)
app.command()(emit.emit)
app.command()(annotate.annotate)
app.command()(attest.attest)
app.add_typer(outbox.app, name="outbox")
app.command()(catalog.catalog)
app.command()(gates.gates)
app.command()(serve.serve)
app.command()(schema.schema)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every error ends here, as one message."""
    from vsmhub.cli.interrupts import interruptible
    from vsmhub.cli.output import complain, heard
    from vsmhub.targets.secrecy import clean_logs, learn_password

    _traces.set(False)
    # Whatever comes of it: the password in this address is nobody's to see.
    learn_password(os.environ.get("VSMHUB_DATABASE_URL", ""))
    try:
        with clean_logs(), heard(), interruptible():
            code = app(arguments or ["--help"], prog_name="vsmhub", standalone_mode=False)
            # Not left to the interpreter, which would complain at its end in its own words.
            sys.stdout.flush()
    except VsmhubError as error:
        _trace()
        complain(error.message, error.hint)
        return error.exit_code
    except TyperException as error:
        # Typer does not say in public whose usage is wrong, but all of its usage errors know.
        where = getattr(getattr(error, "ctx", None), "command_path", "vsmhub")
        complain(error.format_message().replace(": Value error, ", ": "), f"see {where} --help")
        return EXIT_USAGE
    except (typer.Abort, KeyboardInterrupt):
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        _silence()  # whoever read our output has left
        return 1
    except OSError as error:
        _trace()
        _silence()
        complain(*_system(error))
        return 1
    except Exception as error:  # noqa: BLE001 - the one place where everything ends
        _trace()
        complain(
            f"vsmhub failed in a way it should not: {type(error).__name__}: {error}",
            "run it again with --debug before the command, and report what it shows",
        )
        return 1
    if code == EXIT_INTERRUPTED:  # which is also what typer makes of an interrupt that it sees first
        complain("interrupted; the next run continues from here")
    return code if isinstance(code, int) else 0


def _trace() -> None:
    """What led to the error that is being handled, where that was asked for."""
    if _traces.get():
        import traceback

        from vsmhub.targets.secrecy import clean

        sys.stderr.write(clean(traceback.format_exc()))


def _silence() -> None:
    """Drop what standard output could not take; Python would complain once more while it closes the stream."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _system(error: OSError) -> tuple[str, str]:
    """Message and hint for what the operating system refused, as far as nobody nearer to it knew better."""
    reason = error.strerror or str(error)
    message = f"{error.filename}: {reason}" if error.filename else reason
    hints = {errno.ENOSPC: "make room there, then run this again", errno.EROFS: "set VSMHUB_HOME to a folder of yours"}
    return message, hints.get(error.errno or 0, "")
