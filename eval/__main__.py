"""``python -m eval run|score|report|compare|judge|peers|gate|bench|cases|calibrate|ceiling|realistic|fit``: the evaluation."""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.answering.pipeline import Ask
from assistant.core.archive import open_store
from assistant.core.command import run_command
from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError, SettingsError
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.models.engines import model_name, open_model
from assistant.reading.pool import FILE, NO_MODEL, store
from assistant.retrieval.rerank import open_reranker
from eval.bench import ceiling as ceilings
from eval.bench import figure_reading, public_retrieval, speed, verification
from eval.dataset.cases import BUILT_IN, Case, Split, load_cases, unproven
from eval.dataset.examples import Example, easy_examples, realistic_examples
from eval.dataset.proposals import drafts, from_feedback
from eval.dataset.realistic import BUILT_IN as REALISTIC
from eval.dataset.realistic import lines, load_realistic, mark, measures, save_rows
from eval.fit.calibration import calibrate, figure_points, out_of_fold, sentence_points, worth, written_points
from eval.fit.fusion_weights import fit_fusion
from eval.fit.language_directions import fit_directions
from eval.fit.measure_weights import fit_measures
from eval.fit.reader_training import fit_reader
from eval.measures import judge
from eval.measures.metrics import MEASURES, Judgement, judgements
from eval.measures.regression import BUILT_IN as BASELINE
from eval.measures.regression import baseline_of, load_baseline, regressions, subset
from eval.measures.statistics import SIGNIFICANT, difference
from eval.report.plots import precision
from eval.report.release import release
from eval.report.report import Results, drawings, html, numbers, systems_table, table
from eval.runs import conditions, load_conditions, load_rows, open_pipeline, run_cases, run_file
from eval.systems.peers import peers
from eval.systems.product import Product, System
from ingest.samples import FOLDER as SAMPLES

_RELEASE = "store the results with the program, for the page to show"
_FITS = {
    "fusion": "the weights of lexical scores",
    "measures": "the weights of the sentence and figure measures",
    "directions": "the embedder's language directions",
    "reader": "the trained reader, which takes hours",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run_command(_parser(), argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Answer the evaluation cases and score the answers."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("run", _run, "answer every case, resuming an interrupted run"),
        ("score", _score, "print the scores, by language, language pair and case type"),
        ("report", _report, "write the results as one HTML file, and its numbers as JSON"),
        (
            "judge",
            _judge,
            "have the configured language model judge a run's answers, alongside the metrics",
        ),
        ("compare", _compare, "paired differences between two runs, and the cases that changed"),
        ("peers", _peers, "answer the cases with this product and its alternatives, side by side"),
        ("gate", _gate, "fail if a metric is worse than the baseline's interval allows"),
        ("bench", _bench, "benchmark a component: speed, verifier; figures and retrieval on public sets"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--cases", type=Path, default=BUILT_IN, help="JSON Lines file of cases")
        if name != "gate":
            command.add_argument(
                "--split", type=Split, choices=list(Split), help="use only this half of the cases"
            )
        if name in ("run", "peers", "gate", "bench"):
            command.add_argument(
                "--articles",
                type=Path,
                default=SAMPLES,
                help="folder of the articles the cases are about",
            )
        if name == "compare":
            command.add_argument("runs", nargs=2, metavar="RUN")
        elif name in ("run", "score", "report", "judge"):
            command.add_argument("--run", dest="name", default="latest", help="name of the run")
        command.set_defaults(run=run)
        if name == "bench":
            command.add_argument(
                "part", nargs="?", default="speed", choices=["speed", "figures", "retrieval", "verifier"]
            )
            command.add_argument("--data", type=Path, help="folder of the public test sets")
            command.add_argument(
                "--passages",
                type=int,
                default=0,
                help="measure speed on an archive padded to this many passages",
            )
        if name in ("run", "peers"):
            command.add_argument("--fresh", action="store_true", help="answer all cases again")
        if name == "peers":
            command.add_argument(
                "--every", type=positive_number, default=1, metavar="N", help="use only every Nth case"
            )
        if name == "gate":
            command.add_argument("--baseline", type=Path, default=BASELINE, help="JSON file to compare with")
            command.add_argument("--write", action="store_true", help="store this run as the new baseline")
    commands.choices["report"].add_argument("--release", action="store_true", help=_RELEASE)
    own_cases = commands.add_parser("cases", help="propose cases").add_subparsers(
        required=True, metavar="draft|from-feedback"
    )
    draft = own_cases.add_parser(
        "draft", help="print a draft case for each figure in the articles, for a person to edit"
    )
    draft.add_argument("files", nargs="+", type=Path, metavar="ARTICLE")
    draft.set_defaults(run=_draft)
    feedback = own_cases.add_parser(
        "from-feedback", help="print a draft case for each answer that a reader has judged"
    )
    feedback.set_defaults(run=_feedback)
    _add_realistic(commands)
    return parser


def _add_realistic(commands: Any) -> None:
    """The commands over realistic cases, and the fits."""
    calibrating = commands.add_parser(
        "calibrate", help="fit the answer pool for the configured language model, and print its precision"
    )
    calibrating.add_argument(
        "--every",
        type=positive_number,
        default=2,
        metavar="N",
        help="with a model, use only every Nth question",
    )
    calibrating.add_argument(
        "--release",
        action="store_true",
        help="store the calibration with the program, not in the data folder",
    )
    calibrating.add_argument(
        "--scripted",
        action="store_true",
        help="calibrate for a model that is always right about what it is shown; nothing is stored",
    )
    calibrating.set_defaults(run=_calibrate)
    ceiling = commands.add_parser(
        "ceiling", help="count what gets through from a model that is always right, and from one that lies"
    )
    ceiling.add_argument(
        "folder", nargs="?", type=Path, default=REALISTIC, help="folder of realistic cases with gold answers"
    )
    ceiling.add_argument(
        "--every", type=positive_number, default=1, metavar="N", help="use only every Nth case"
    )
    ceiling.set_defaults(run=_ceiling)
    realistic = commands.add_parser(
        "realistic",
        help="answer realistic cases; print what is stated, shown and refused, worst language pair first",
    )
    realistic.add_argument(
        "folders",
        nargs="*",
        type=Path,
        default=[REALISTIC],
        help="folders with articles/ and *questions.jsonl",
    )
    realistic.add_argument("--split", type=Split, choices=list(Split), default=Split.HELD_OUT)
    realistic.add_argument(
        "--every", type=positive_number, default=1, metavar="N", help="use only every Nth case"
    )
    realistic.add_argument("--release", action="store_true", help=_RELEASE)
    realistic.set_defaults(run=_realistic)
    fit = commands.add_parser("fit", help="fit the parameters that are stored as data")
    fit.add_argument(
        "part", choices=list(_FITS), help="; ".join(f"{part}: {text}" for part, text in _FITS.items())
    )
    fit.add_argument("--data", type=Path, help="folder of the public test sets, for directions and reader")
    fit.add_argument("--train", type=Path, help="folder of the public training sets, for reader")
    fit.set_defaults(run=_fit)


def positive_number(text: str) -> int:
    """Parse an integer of at least 1; argparse names this function in its message about anything else."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("it has to be 1 or more")
    return number


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


def _draft(_settings: Settings, args: argparse.Namespace) -> int:
    for line in drafts(args.files):
        print(line)
    return 0


def _feedback(settings: Settings, _args: argparse.Namespace) -> int:
    store = open_store(settings)
    for line in from_feedback(store.conversations.judged()):
        print(line)
    store.close()
    return 0


def _bench(settings: Settings, args: argparse.Namespace) -> int:
    match args.part:
        case "figures":
            folders = dict.fromkeys((SAMPLES, args.articles))
            lines = figure_reading.lines(_data(args), list(folders), settings.data_dir / "figure-misses.tsv")
        case "retrieval":
            embedder = public_retrieval.CachedVectors(Embedder(settings.embedder, settings.weights_dir))
            lines = public_retrieval.lines(_data(args), embedder, open_reranker(settings))
        case "verifier":
            lines = verification.lines(settings, load_cases(args.cases, args.split), args.articles)
        case _:
            lines = speed.lines(settings, load_cases(args.cases, args.split), args.passages)
    for line in lines:
        print(line, flush=True)
    return 0


def _fit(settings: Settings, args: argparse.Namespace) -> int:
    if args.part == "directions":
        print(fit_directions(Embedder(settings.embedder, settings.weights_dir), _data(args)))
        return 0
    if args.part == "reader":
        if args.train is None:
            raise SettingsError(
                "Name the folder of the public training sets: python -m eval fit reader --train DIR --data DIR"
            )
        print(fit_reader(args.train, _data(args) / "ntrex", settings.weights_dir))
        return 0
    if args.part == "fusion":
        archive, _ = open_pipeline(_without_model(settings))
        print(fit_fusion(archive, load_cases(split=Split.DEVELOPMENT)))
        archive.close()
        return 0
    print(fit_measures(_examples(settings)))
    return 0


def _without_model(settings: Settings) -> Settings:
    return settings.model_copy(update={"llm": LlmSettings(engine=Engine.NONE)})


def _examples(settings: Settings) -> list[Example]:
    """The easy and realistic questions of the development half, as the readers see them without a language model."""
    archive, pipeline = open_pipeline(_without_model(settings))
    cases = load_cases(split=Split.DEVELOPMENT)
    found = list(tqdm(easy_examples(pipeline, cases), total=len(cases), disable=None, file=sys.stderr))
    archive.close()
    return found + _realistic_examples(_without_model(settings))


def _realistic_examples(settings: Settings, every: int = 1) -> list[Example]:
    archive, pipeline = open_pipeline(settings, REALISTIC / "articles")
    asked = load_realistic(REALISTIC, Split.DEVELOPMENT)[::every]
    found = list(tqdm(realistic_examples(pipeline, asked), total=len(asked), disable=None, file=sys.stderr))
    archive.close()
    return found


def _calibrate(settings: Settings, args: argparse.Namespace) -> int:
    name, examples = _calibration_examples(settings, args)
    found = calibrate(examples, name)
    print(f"{name}: {found.figure}, {found.sentence}, {found.none}")
    parts = {
        "the likeliest figure": figure_points(examples, found),
        "figures that it wrote": written_points(examples, found),
        "what else it wrote": sentence_points(examples, found),
    }
    for title, points in parts.items():
        print("\n".join(worth(points, title)))
    file_name = re.sub(r"[^\w.]+", "-", name)
    plot = run_file(settings, f"calibration-{file_name}", ".svg")
    plot.parent.mkdir(parents=True, exist_ok=True)
    plot.write_text(precision(parts, name), encoding="utf-8")
    print(plot)
    if not args.scripted:
        print(store(found, FILE if args.release else settings.data_dir / FILE.name))
    return 0


def _calibration_examples(settings: Settings, args: argparse.Namespace) -> tuple[str, list[Example]]:
    """The name of the model to calibrate for, and the questions it is fitted on."""
    if args.scripted:
        archive, _ = open_pipeline(_without_model(settings), REALISTIC / "articles")
        scripted = ceilings.scripted_examples(archive, settings, REALISTIC, args.every)
        archive.close()
        return ceilings.SCRIPTED, out_of_fold(scripted, scripted)
    every = _examples(settings)
    if settings.llm.engine is Engine.NONE:
        return NO_MODEL, out_of_fold(every, every)
    return model_name(settings.llm), out_of_fold(_realistic_examples(settings, args.every), every)


def _ceiling(settings: Settings, args: argparse.Namespace) -> int:
    archive, _ = open_pipeline(_without_model(settings), args.folder / "articles")
    print("\n".join(ceilings.lines(ceilings.ceiling(archive, settings, args.folder, args.every))))
    archive.close()
    return 0


def _realistic(settings: Settings, args: argparse.Namespace) -> int:
    measured: dict[str, Any] = {}
    for folder in args.folders:
        cases = load_realistic(folder, args.split)[:: args.every]
        archive, pipeline = open_pipeline(settings, folder / "articles")
        answers = (pipeline.invoke(Ask(case.q, case.turns)).to_json() for case in cases)
        found = list(tqdm(answers, total=len(cases), disable=None, file=sys.stderr))
        archive.close()
        save_rows(run_file(settings, f"realistic-{folder.name}"), cases, found)
        marks = [mark(case, answer) for case, answer in zip(cases, found, strict=True)]
        print("\n".join(lines(marks, f"{folder}, {model_name(settings.llm)}")))
        named = f"{'built-in' if folder == REALISTIC else folder.name}, {model_name(settings.llm)}"
        measured[named] = {name: m and [m.value, m.low, m.high, m.n] for name, m in measures(marks).items()}
    if args.release:
        release("realistic", measured)
    return 0


def _data(args: argparse.Namespace) -> Path:
    if args.data is None:
        raise SettingsError(f"{args.part} needs the folder of the public test sets: --data DIR")
    folder: Path = args.data
    return folder


if __name__ == "__main__":
    sys.exit(main())
