"""The commands over the easy cases: run, score, report, judge, compare, peers, gate."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.core.errors import EvalError, SettingsError
from assistant.core.settings import Settings
from assistant.models.engines import model_name, open_model
from eval.bench import verification
from eval.commands.arguments import RELEASE, add_articles, add_cases, add_every, with_model
from eval.dataset.cases import Case, load_cases, unproven
from eval.measures import judge
from eval.measures.metrics import MEASURES, Judgement, judgements
from eval.measures.regression import BUILT_IN as BASELINE
from eval.measures.regression import baseline_of, load_baseline, regressions, subset
from eval.measures.statistics import SIGNIFICANT, difference
from eval.report.release import release
from eval.report.report import Results, drawings, html, numbers, systems_table, table
from eval.runs import conditions, load_conditions, load_rows, open_pipeline, run_cases, run_file
from eval.systems.peers import peers
from eval.systems.product import Product, System


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m eval``."""
    parsers = {}
    for name, run, text in (
        ("run", with_model(_run), "answer every case, resuming an interrupted run"),
        ("score", _score, "print the scores, by language, language pair and case type"),
        ("report", _report, "write the results as one HTML file, and its numbers as JSON"),
        (
            "judge",
            with_model(_judge),
            "have the configured language model judge a run's answers, alongside the metrics",
        ),
        ("compare", _compare, "paired differences between two runs, and the cases that changed"),
        (
            "peers",
            with_model(_peers),
            "answer the cases with this product and its alternatives, side by side",
        ),
        ("gate", with_model(_gate), "fail if a metric is worse than the baseline's interval allows"),
    ):
        command = parsers[name] = commands.add_parser(name, help=text)
        add_cases(command, is_split=name != "gate")
        if name in ("run", "peers", "gate"):
            add_articles(command)
        if name in ("run", "score", "report", "judge"):
            command.add_argument("--run", dest="name", default="latest", help="name of the run")
        if name in ("run", "peers"):
            command.add_argument("--fresh", action="store_true", help="answer all cases again")
        command.set_defaults(run=run)
    parsers["compare"].add_argument("runs", nargs=2, metavar="RUN")
    parsers["report"].add_argument("--release", action="store_true", help=RELEASE)
    add_every(parsers["peers"])
    gate = parsers["gate"]
    gate.add_argument("--baseline", type=Path, default=BASELINE, help="JSON file to compare with")
    gate.add_argument("--write", action="store_true", help="store this run as the new baseline")


def _run(settings: Settings, args: argparse.Namespace) -> int:
    file, cases = run_file(settings, args.name), load_cases(args.cases, args.split)
    if args.fresh:
        file.unlink(missing_ok=True)
    failed = _answered(settings, args, cases, file)
    if args.fresh or not verification.stored(settings, args.name):
        print("The verifier is tried on true and on altered answers …", file=sys.stderr)
        verification.check(settings, args.name, cases, args.articles)
    print(file)
    return 4 if failed else 0


def _require_proven(cases: list[Case], articles: Path) -> None:
    if problems := unproven(cases, articles):
        raise EvalError("The cases claim what their articles do not hold:\n  " + "\n  ".join(problems))


def _answered(settings: Settings, args: argparse.Namespace, cases: list[Case], file: Path) -> list[str]:
    """Answer the cases not answered yet; return the ids of those that failed."""
    _require_proven(cases, args.articles)
    archive, pipeline = open_pipeline(settings, args.articles)
    failed = _answered_by(Product(pipeline), cases, file, conditions(settings, archive))
    archive.close()
    return failed


def _answered_by(system: System, cases: list[Case], file: Path, made_with: Mapping[str, Any]) -> list[str]:
    """Do the same with one system, showing progress and the time left."""
    known = (
        len({case.id for case in cases} & {row["id"] for row in load_rows(file) if "answer" in row})
        if file.exists()
        else 0
    )
    if known:
        print(f"{known} answers of an earlier run are kept; to answer all again: --fresh", file=sys.stderr)
    rows = run_cases(system, cases, file, made_with)
    progress = tqdm(
        rows, total=len(cases), initial=known, unit="case", disable=None, desc=file.stem, file=sys.stderr
    )
    failed = [row["id"] for row in progress if "error" in row]
    if failed:
        print(f"Could not be answered: {', '.join(failed)}", file=sys.stderr)
    return failed


def _peers(settings: Settings, args: argparse.Namespace) -> int:
    """Run every system on the same cases.

    Cases with a conversation are left out, because the peers do not read one.
    """
    cases = [case for case in load_cases(args.cases, args.split) if not case.history][:: args.every]
    _require_proven(cases, args.articles)
    archive, pipeline = open_pipeline(settings, args.articles)
    judged, failed = {}, []
    for name, system in peers(archive, pipeline, settings.llm).items():
        file = run_file(settings, f"peer-{name}")
        if args.fresh:
            file.unlink(missing_ok=True)
        own = () if isinstance(system, Product) else ("reranker", "answer", "prompts", "index")
        made_with = {key: value for key, value in conditions(settings, archive).items() if key not in own}
        failed += _answered_by(system, cases, file, made_with | {"system": name})
        judged[name] = judgements(cases, load_rows(file))
    archive.close()
    print(systems_table(judged))
    return 4 if failed else 0


def _judged(settings: Settings, args: argparse.Namespace, name: str) -> list[Judgement]:
    file, cases = run_file(settings, name), load_cases(args.cases, args.split)
    rows = load_rows(file)
    return judgements(cases, rows, judge.marks(cases, rows, judge.load_verdicts(_verdicts(file))))


def _verdicts(file: Path) -> Path:
    return file.with_suffix(".judge.jsonl")


def _judge(settings: Settings, args: argparse.Namespace) -> int:
    file, cases = run_file(settings, args.name), load_cases(args.cases, args.split)
    rows = load_rows(file)
    model = open_model(settings)
    if model is None:
        raise SettingsError("A judge is a language model: set NEWS_LLM__ENGINE to another engine than none.")
    verdicts = judge.judge_rows(model, model_name(settings.llm), cases, rows, _verdicts(file))
    unclear = sum(
        verdict.is_right is None for verdict in tqdm(verdicts, unit="answer", disable=None, file=sys.stderr)
    )
    judged = [
        j for j in _judged(settings, args, args.name) if {"judged", "figure_accuracy"} <= j.marks.keys()
    ]
    alike = sum(j.marks["judged"] == j.marks["figure_accuracy"] for j in judged)
    print(_verdicts(file))
    print(
        f"without a verdict: {unclear}; {alike} of {len(judged)} figure questions are judged as the figure check does"
    )
    return 0


def _score(settings: Settings, args: argparse.Namespace) -> int:
    judged = _judged(settings, args, args.name)
    print(table(judged))
    counts = verification.stored(settings, args.name)
    altered = [count for way, count in counts.items() if way != "true"]
    if altered:
        held, n = (sum(column) for column in zip(*altered, strict=True))
        print(
            f"verifier: {held} of {n} altered answers held back, and {counts['true'][0]} of {counts['true'][1]} true ones"
        )
    print("wrong:", ", ".join(j.case.id for j in judged if j.is_wrong) or "none")
    return 0


def _compare(settings: Settings, args: argparse.Namespace) -> int:
    before, after = (_judged(settings, args, name) for name in args.runs)
    print(f"{'':24}  cases  {args.runs[0]:>12}  {args.runs[1]:>12}  difference (95 %)              p")
    for name, measure in MEASURES.items():
        pairs = [
            (a.marks[name], b.marks[name])
            for a, b in zip(before, after, strict=True)
            if name in a.marks and name in b.marks
        ]
        if found := difference([a for a, _ in pairs], [b for _, b in pairs]):
            first, second = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
            change = f"{found.mean.value:+.3f} ({found.mean.low:+.3f} to {found.mean.high:+.3f})"
            mark = " *" if found.p < SIGNIFICANT else ""
            print(
                f"{measure.title:24}  {len(pairs):5}  {first:12.3f}  {second:12.3f}  {change:28}  {found.p:.3f}{mark}"
            )
    wrong = [{j.case.id for j in judged if j.is_wrong} for judged in (before, after)]
    print("mended:", ", ".join(sorted(wrong[0] - wrong[1])) or "none")
    print("broken:", ", ".join(sorted(wrong[1] - wrong[0])) or "none")
    return 0


def _report(settings: Settings, args: argparse.Namespace) -> int:
    file, cases = run_file(settings, args.name), load_cases(args.cases, args.split)
    rows = load_rows(file)
    verdicts = judge.valid_verdicts(cases, rows, judge.load_verdicts(_verdicts(file)))
    said = {name: f"{judge.WORDS[verdict.is_right]}: {verdict.reason}" for name, verdict in verdicts.items()}
    counts = verification.stored(settings, args.name)
    results = Results(cases, rows, _judged(settings, args, args.name), load_conditions(file), counts, said)
    figures = numbers(results) | {"plots": drawings(results)}
    file.with_suffix(".json").write_text(json.dumps(figures, ensure_ascii=False) + "\n", encoding="utf-8")
    if args.release:
        release("easy", figures)
    file.with_suffix(".html").write_text(html(results), encoding="utf-8")
    print(file.with_suffix(".html"))
    return 0


def _gate(settings: Settings, args: argparse.Namespace) -> int:
    cases = load_cases(args.cases)
    if args.write:
        cases = subset(cases)
    else:
        named = set(load_baseline(args.baseline)["cases"])
        cases = [case for case in cases if case.id in named]
        if missing := named - {case.id for case in cases}:
            raise EvalError(f"The baseline's cases {', '.join(sorted(missing))} are not among {args.cases}.")
    file = run_file(settings, "gate")
    file.unlink(missing_ok=True)
    _answered(settings, args, cases, file)
    judged = judgements(cases, load_rows(file))
    print(table(judged))
    if args.write:
        args.baseline.write_text(
            json.dumps(baseline_of(judged), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        print(args.baseline)
        return 0
    worse = regressions(load_baseline(args.baseline), judged)
    print(
        "\n".join(f"worse: {line}" for line in worse)
        or "nothing is worse than the baseline's intervals allow"
    )
    return 4 if worse else 0
