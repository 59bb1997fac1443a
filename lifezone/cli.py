"""The command line: parse, call, print. Heavy imports wait until a command needs them.

Exit codes: 0 done; 2 the input is at fault (every fault on a line of its own, nothing written); 1 anything else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from lifezone.errors import InputError, LifezoneError
from lifezone.progress import SILENT, Progress, Timed

__all__ = ["main"]

app = typer.Typer(
    name="lifezone",
    help="Who can reach a clinic, a school, a library within the national minimum standard, and what would change it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich alone takes as long to load as everything else that help needs
)

Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Override a value: --set area.buffer='5 km'. Repeatable.")
]
ScenarioPath = Annotated[Path, typer.Argument(help="The scenario file (YAML).", show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the last lines.")]
Lang = Annotated[
    str | None,
    typer.Option("--lang", help="Language of what is printed: ko or en; follows the system.", show_default=False),
]
Disclose = Annotated[bool, typer.Option("--disclose", help="Show counts of fewer than 5 people as they are.")]


@app.command()
def demo(
    size: Annotated[
        Literal["county", "province", "nation"],
        typer.Option(help="county: seconds. province: 30 counties, about a minute. nation: 440, minutes and 8 GiB."),
    ] = "county",
    out: Out = None,
    quiet: Quiet = False,
    disclose: Disclose = False,
    lang: Lang = None,
) -> None:
    """Run the packaged study of an invented county, province or nation; needs no data and no download."""
    from importlib.resources import as_file, files  # noqa: PLC0415

    name = "demo" if size == "county" else f"demo_{size}"
    with as_file(files("lifezone") / f"{name}.yaml") as path, _faults_told():
        _run_and_write(path, out or Path("results") / name, (), quiet=quiet, disclose=disclose, lang=lang)


@app.command()
def run(
    scenario: ScenarioPath,
    out: Out = None,
    sets: Sets = None,
    quiet: Quiet = False,
    disclose: Disclose = False,
    method: Annotated[
        Literal["auto", "search", "hierarchy", "edited"],
        typer.Option(help="How travel times are found; the results are the same, only the time it takes is not."),
    ] = "auto",
    lang: Lang = None,
) -> None:
    """Answer a scenario: travel times, verdicts, life deserts, variants; writes the result folder."""
    with _faults_told():
        target = out or Path("results") / scenario.stem
        _run_and_write(scenario, target, tuple(sets or ()), quiet=quiet, disclose=disclose, lang=lang, method=method)


@app.command()
def check(scenario: ScenarioPath, sets: Sets = None, quiet: Quiet = False, lang: Lang = None) -> None:
    """Read a scenario and everything it names; list every fault at once, compute nothing."""
    with _faults_told():
        from lifezone.report.console import print_check  # noqa: PLC0415
        from lifezone.run import check as checked  # noqa: PLC0415

        with _progress(quiet) as progress:
            built = checked(scenario, sets=tuple(sets or ()), progress=progress)
        print_check(built, language=_language(lang))


@app.command()
def inspect(
    files: Annotated[list[str], typer.Argument(help="Files as published: tables, layers, maps.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("--yaml", help="Write the scenario's YAML here.", show_default=False)
    ] = None,
) -> None:
    """Say what files are, what of them would be used, what is wrong with them, and the YAML that loads them."""
    from lifezone.inspection import run_inspection  # noqa: PLC0415

    with _faults_told():
        raise typer.Exit(run_inspection(files, out))


@app.command()
def siting(
    scenario: ScenarioPath, out: Out = None, sets: Sets = None, quiet: Quiet = False, disclose: Disclose = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Answer only the siting questions of a scenario: plans with bound, gap and audit; judges nobody."""
    with _faults_told():
        from lifezone.report import check_out  # noqa: PLC0415
        from lifezone.report.pages import show  # noqa: PLC0415
        from lifezone.report.plan_page import plans_page  # noqa: PLC0415
        from lifezone.report.plans import write_plans  # noqa: PLC0415
        from lifezone.run import plans  # noqa: PLC0415

        language, target = _language(lang), out or Path("results") / f"{scenario.stem}-siting"
        check_out(target)
        with _progress(quiet) as progress:
            result = plans(scenario, sets=tuple(sets or ()), progress=progress)
            write_plans(result, target, progress=progress, disclose=disclose)
        show(plans_page(result, target, language=language, disclose=disclose))


@app.command()
def zones(
    scenario: ScenarioPath,
    out: Out = None,
    sets: Sets = None,
    quiet: Quiet = False,
    disclose: Disclose = False,
    lang: Lang = None,
) -> None:
    """Divide the map only: life zones of every function; judges nobody and needs no standard."""
    with _faults_told():
        from lifezone.report import check_out  # noqa: PLC0415
        from lifezone.report.zones import print_divided, write_divided  # noqa: PLC0415
        from lifezone.run import zones as divided  # noqa: PLC0415

        language = _language(lang)
        target = out or Path("results") / f"{scenario.stem}-zones"
        check_out(target)
        with _progress(quiet) as progress:
            result = divided(scenario, sets=tuple(sets or ()), progress=progress)
            write_divided(result, target, progress=progress, disclose=disclose)
        print_divided(result, target, language=language, disclose=disclose)


@app.command()
def monitor(
    study: Annotated[Path, typer.Argument(help="The study file (YAML).", show_default=False)],
    out: Out = None,
    sets: Sets = None,
    quiet: Quiet = False,
    disclose: Disclose = False,
    lang: Lang = None,
) -> None:
    """Follow districts over years: indicators of every edition's tables and results; writes a result folder."""
    with _faults_told():
        from lifezone.monitoring import monitor as monitored  # noqa: PLC0415
        from lifezone.monitoring import monitored_page, year_maps  # noqa: PLC0415
        from lifezone.report.monitored import write_monitored  # noqa: PLC0415
        from lifezone.report.pages import show  # noqa: PLC0415
        from lifezone.report.swap import check_out  # noqa: PLC0415

        language, target = _language(lang), out or Path("results") / f"{study.stem}-monitor"
        check_out(target)
        with _progress(quiet) as progress:
            result = monitored(study, sets=tuple(sets or ()), progress=progress)
            write_monitored(result, target, progress=progress, more=(year_maps(result, progress),))
        show(monitored_page(result, target, language=language, disclose=disclose))


@app.command()
def explain(
    out: Annotated[Path, typer.Argument(help="A result folder.", show_default=False)],
    at: Annotated[str, typer.Option("--at", help="LON,LAT in degrees.", show_default=False)],
    variant: Annotated[str, typer.Option("--variant", help="Which variant.")] = "baseline",
    disclose: Disclose = False,
) -> None:
    """For one place: every requirement with minutes, facility and the legs of the trip; and its life desert."""
    with _faults_told():
        from lifezone.explain import explain as explained  # noqa: PLC0415

        for line in explained(out, at, variant=variant, disclose=disclose):
            typer.echo(line)


@app.command()
def compare(
    out1: Annotated[Path, typer.Argument(help="A result folder.", show_default=False)],
    out2: Annotated[Path, typer.Argument(help="Another one, or the same with other variants.", show_default=False)],
    before: Annotated[str, typer.Option("--before", help="Variant of the first.")] = "baseline",
    after: Annotated[str, typer.Option("--after", help="Variant of the second.")] = "baseline",
    out: Out = None,
    maps: Annotated[bool, typer.Option("--maps/--no-maps", help="Draw difference maps; only with --out.")] = True,
    quiet: Quiet = False,
    disclose: Disclose = False,
    lang: Lang = None,
) -> None:
    """Compare two results made apart: inputs that differ first, then who gains, loses and is pushed out."""
    with _faults_told():
        from lifezone.report.comparison import compare_results, write_comparison  # noqa: PLC0415
        from lifezone.report.comparison_page import comparison_page  # noqa: PLC0415
        from lifezone.report.pages import show  # noqa: PLC0415
        from lifezone.report.swap import check_out  # noqa: PLC0415

        language = _language(lang)
        if out is not None:
            check_out(out)
        with _progress(quiet) as progress:
            found = compare_results(out1, out2, before=before, after=after)
            if out is not None:
                write_comparison(found, out, maps=maps, disclose=disclose, progress=progress)
        show(comparison_page(found, out, language=language, disclose=disclose))


@app.command()
def report(
    out: Annotated[Path, typer.Argument(help="A result folder.", show_default=False)],
    lang: Annotated[
        Literal["ko", "en", "both"], typer.Option("--lang", help="Language of the report, and of what is printed.")
    ] = "both",
    formats: Annotated[
        str,
        typer.Option(
            "--format", help="With commas: html (one page that opens anywhere), pdf, xlsx, hwpx, maps (a ZIP)."
        ),
    ] = "html",
    maps: Annotated[bool, typer.Option("--maps/--no-maps", help="Put the PNG maps into the page.")] = True,
    quiet: Quiet = False,
    disclose: Disclose = False,
) -> None:
    """Write the report that a council reads into a result folder; nothing is computed again."""
    with _faults_told():
        from lifezone.report.making import make_report  # noqa: PLC0415
        from lifezone.report.making_page import written_page  # noqa: PLC0415
        from lifezone.report.pages import show  # noqa: PLC0415

        languages = ("ko", "en") if lang == "both" else (lang,)
        wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
        with _progress(quiet) as progress:
            files = make_report(
                out, languages=languages, formats=wanted, disclose=disclose, maps=maps, progress=progress
            )
        show(written_page(files, language=_language(None if lang == "both" else lang)))


@app.command()
def standards(
    what: Annotated[
        list[str] | None,
        typer.Argument(help="A packaged standard to show in full, or: diff A B.", show_default=False),
    ] = None,
    result: Annotated[
        Path | None, typer.Option("--result", help="diff: on the people of this result folder.", show_default=False)
    ] = None,
    variant: Annotated[str, typer.Option("--variant", help="diff: which variant of the result.")] = "baseline",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="diff: a CSV file with every district.", show_default=False)
    ] = None,
    quiet: Quiet = False,
    disclose: Disclose = False,
) -> None:
    """List the packaged standards, show one with every figure's source, or compare two: lifezone standards diff A B."""
    with _faults_told():
        from lifezone.errors import InputError  # noqa: PLC0415

        words = list(what or ())
        if words[:1] == ["diff"]:
            if len(words) != 3:
                raise InputError("standards diff needs two: lifezone standards diff kr-auri-2019 kr-molit-2018-notice")
            _diff(words[1], words[2], result, variant, out, quiet=quiet, disclose=disclose)
            return
        if len(words) > 1:
            raise InputError(f"one standard at a time, or diff A B; got {' '.join(words)}")
        from lifezone.report.console import print_standard, print_standards  # noqa: PLC0415

        if words:
            print_standard(words[0])
        else:
            print_standards()


@app.command()
def schema(
    monitor: Annotated[bool, typer.Option("--monitor", help="That of monitoring studies instead.")] = False,
) -> None:
    """Print the JSON Schema of scenario files (or of monitoring studies), for editors that complete and check."""
    import json  # noqa: PLC0415

    from lifezone.scenario.schema import json_schema, study_schema  # noqa: PLC0415

    typer.echo(json.dumps(study_schema() if monitor else json_schema(), ensure_ascii=False, indent=2))


def main() -> None:
    """Run the command line; UTF-8 on every platform."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _diff(
    first: str, second: str, result: Path | None, variant: str, out: Path | None, *, quiet: bool, disclose: bool
) -> None:
    """Compare two standards by their text, or on the people of a result."""
    from lifezone.errors import InputError  # noqa: PLC0415
    from lifezone.report.pages import show  # noqa: PLC0415
    from lifezone.two_standards import changed_verdicts, diff_page, text_page, write_changes_of_verdict  # noqa: PLC0415

    if result is None:
        if out is not None:
            raise InputError("--out writes whose verdict changes: name the result too, --result OUT")
        show(text_page(first, second))
        return
    with _progress(quiet) as progress:
        changes = changed_verdicts(result, first, second, variant=variant, progress=progress)
    if out is not None:
        write_changes_of_verdict(changes, out)
    show(diff_page(changes, (first, second), disclose=disclose))


def _run_and_write(
    path: Path, out: Path, sets: tuple[str, ...], *, quiet: bool, disclose: bool, lang: str | None, method: str = "auto"
) -> None:
    """Check the result folder, run, write, and say what was found and how long each step took."""
    from lifezone.heap import return_large_arrays  # noqa: PLC0415
    from lifezone.report import check_out, tables_of, write  # noqa: PLC0415
    from lifezone.report.console import print_result, print_steps  # noqa: PLC0415
    from lifezone.run import run as answer  # noqa: PLC0415

    language = _language(lang)
    check_out(out)
    return_large_arrays()
    with _progress(quiet) as shown:
        progress = Timed(shown)
        result = answer(path, sets=sets, progress=progress, method=method)
        tables = tables_of(result, progress=progress)
        write(result, out, progress=progress, tables=tables, disclose=disclose)
    print_result(result, out, tables=tables, language=language, disclose=disclose)
    print_steps(result, language=language)


def _language(written: str | None) -> Literal["ko", "en"]:
    """Return ``ko`` or ``en``: as written, else as the system's locale says."""
    import locale  # noqa: PLC0415
    import os  # noqa: PLC0415

    if written is not None:
        if written not in ("ko", "en"):
            raise InputError(f"--lang: expected ko or en, got {written!r}")
        return "ko" if written == "ko" else "en"
    named = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), None)
    if named is None:
        named = locale.getlocale()[0] or ""
    return "ko" if named.lower().startswith("ko") else "en"


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress]:
    """Show progress bars on a terminal, nothing when asked to be quiet."""
    if quiet:
        yield SILENT
        return
    from lifezone.report.progress import RichProgress  # noqa: PLC0415

    yield RichProgress()


@contextmanager
def _faults_told() -> Iterator[None]:
    """Turn errors made on purpose into lines and an exit code; anything else keeps its traceback and exits with 1."""
    try:
        yield
    except LifezoneError as error:
        code = 2 if isinstance(error, ValueError) else 1
        _leave("\n".join(str(fault) for fault in error.faults), code)
    except KeyboardInterrupt:
        _leave("stopped; nothing was written", 1)


def _leave(message: str, code: int) -> NoReturn:
    """Print to standard error and leave."""
    sys.stderr.write(message + "\n")
    raise typer.Exit(code)
