"""``python -m eval run|score|compare|report|bench``: is it true?"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from assistant.core.command import run_command
from assistant.core.embedding import Embedder
from assistant.core.errors import EvalError, SettingsError
from assistant.core.settings import Engine, LlmSettings, Settings
from assistant.core.text import Language
from assistant.rerank import open_reranker
from eval import bench_figures, bench_retrieval, mutations
from eval.bench import speed
from eval.cases import BUILT_IN, Split, load_cases, unproven
from eval.fit import fit_directions
from eval.fit_choice import fit_choice
from eval.fit_fusion import fit_fusion
from eval.metrics import score_by_language, wrong_cases
from eval.readings import readings
from eval.report import html, table
from eval.runs import load_rows, open_pipeline, run_cases
from ingest.samples import FOLDER as SAMPLES

_FITS = {
    "fusion": "what lexical scores count for",
    "choice": "how a figure is chosen",
    "directions": "the embedder's language directions",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    return run_command(_parser(), argv)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Answer the cases, and measure the answers.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("run", _run, "answer every case; goes on where a stopped run ended"),
        ("score", _score, "print a table by question language"),
        ("report", _report, "write one HTML file"),
        ("bench", _bench, "measure a part: speed; figures and retrieval on public sets"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--cases", type=Path, default=BUILT_IN, help="JSON Lines file of cases")
        command.add_argument("--split", type=Split, choices=list(Split), help="only this half of the cases")
        command.add_argument("--run", dest="name", default="latest", help="the run's name")
        command.set_defaults(run=run)
        if name == "bench":
            command.add_argument("part", nargs="?", default="speed", choices=["speed", "figures", "retrieval"])
            command.add_argument("--data", type=Path, help="folder of the public test sets")
            command.add_argument("--articles", type=Path, help="folder of further articles to alter figures of")
        if name == "run":
            command.add_argument("--fresh", action="store_true", help="answer all cases again")
    fit = commands.add_parser("fit", help="fit what is stored as data")
    fit.add_argument("part", choices=list(_FITS), help="; ".join(f"{part}: {text}" for part, text in _FITS.items()))
    fit.add_argument("--data", type=Path, help="folder of the public test sets, for the directions")
    fit.set_defaults(run=_fit)
    compare = commands.add_parser("compare", help="the scores of two runs, and the cases that changed")
    compare.add_argument("runs", nargs=2, metavar="RUN")
    compare.add_argument("--cases", type=Path, default=BUILT_IN, help="JSON Lines file of cases")
    compare.add_argument("--split", type=Split, choices=list(Split), help="only this half of the cases")
    compare.set_defaults(run=_compare)
    return parser


def _file(settings: Settings, name: str) -> Path:
    return settings.data_dir / "runs" / f"{name}.jsonl"


def _run(settings: Settings, args: argparse.Namespace) -> int:
    cases = load_cases(args.cases, args.split)
    if problems := unproven(cases, SAMPLES):
        raise EvalError("The cases claim what their articles do not hold:\n  " + "\n  ".join(problems))
    file = _file(settings, args.name)
    if args.fresh:
        file.unlink(missing_ok=True)
    archive, pipeline = open_pipeline(settings)
    known = len(load_rows(file)) if file.exists() else 0
    if known:
        print(f"{known} answers of an earlier run are kept; to answer all again: python -m eval run --fresh", file=sys.stderr)
    rows = tqdm(run_cases(pipeline, cases, file), total=len(cases), initial=known, unit="case", disable=None, file=sys.stderr)
    failed = [row["id"] for row in rows if "error" in row]
    archive.close()
    print(file)
    if failed:
        print(f"Could not be answered: {', '.join(failed)}", file=sys.stderr)
    return 4 if failed else 0


def _score(settings: Settings, args: argparse.Namespace) -> int:
    cases, rows = load_cases(args.cases, args.split), load_rows(_file(settings, args.name))
    print(table(score_by_language(cases, rows)))
    print("wrong:", ", ".join(wrong_cases(cases, rows)) or "none")
    return 0


def _compare(settings: Settings, args: argparse.Namespace) -> int:
    cases = load_cases(args.cases, args.split)
    runs = [load_rows(_file(settings, name)) for name in args.runs]
    for name, rows in zip(args.runs, runs, strict=True):
        print(f"{name}\n{table(score_by_language(cases, rows))}")
    before, after = (set(wrong_cases(cases, rows)) for rows in runs)
    print("mended:", ", ".join(sorted(before - after)) or "none")
    print("broken:", ", ".join(sorted(after - before)) or "none")
    return 0


def _report(settings: Settings, args: argparse.Namespace) -> int:
    cases, rows = load_cases(args.cases, args.split), load_rows(_file(settings, args.name))
    target = _file(settings, args.name).with_suffix(".html")
    target.write_text(html(score_by_language(cases, rows), cases, rows), encoding="utf-8")
    print(target)
    return 0


def _bench(settings: Settings, args: argparse.Namespace) -> int:
    if args.part == "figures":
        return _bench_figures(settings, args)
    if args.part == "retrieval":
        return _bench_retrieval(settings, args)
    archive, pipeline = open_pipeline(settings)
    print(json.dumps(speed(archive, pipeline, load_cases(args.cases, args.split))))
    archive.close()
    return 0


def _fit(settings: Settings, args: argparse.Namespace) -> int:
    if args.part == "directions":
        print(fit_directions(Embedder(settings.embedder, settings.weights_dir), _data(args)))
        return 0
    archive, pipeline = open_pipeline(settings.model_copy(update={"llm": LlmSettings(engine=Engine.NONE)}))
    cases = load_cases(split=Split.DEVELOPMENT)
    print(fit_fusion(archive, cases) if args.part == "fusion" else fit_choice(pipeline, cases))
    archive.close()
    return 0


def _bench_retrieval(settings: Settings, args: argparse.Namespace) -> int:
    sets = readings(_data(args))
    embedder, reranker = bench_retrieval.CachedVectors(Embedder(settings.embedder, settings.weights_dir)), open_reranker(settings)
    print("set            method        n   R@1  (95 %)          R@5    MRR@10  nDCG@10")
    for name, reading in sets.items():
        for method, q in bench_retrieval.compare(reading, embedder, reranker):
            interval = f"({q.low:.3f}–{q.high:.3f})"
            print(f"{name:14} {method:9} {q.n:5}  {q.r1:.3f} {interval:15}  {q.r5:.3f}  {q.mrr10:.3f}   {q.ndcg10:.3f}", flush=True)
    return 0


def _data(args: argparse.Namespace) -> Path:
    if args.data is None:
        raise SettingsError(f"Name the folder of the public test sets: python -m eval bench {args.part} --data DIR")
    folder: Path = args.data
    return folder


def _bench_figures(settings: Settings, args: argparse.Namespace) -> int:
    misses: list[str] = []
    tallies = bench_figures.spoken_pairs(_data(args))
    print("written and spoken pairs  pairs  no figure  equal  share")
    for (language, category), tally in tallies.items():
        print(f"{language} {category:22} {tally.pairs:5}  {tally.neither:9}  {tally.equal:5}  {tally.share:.1%}")
        misses += tally.misses
    for language in (Language.KO, Language.VI):
        listed = [t for (tag, category), t in tallies.items() if tag is language and category in bench_figures.CATEGORIES]
        pairs, equal = sum(t.pairs - t.neither for t in listed), sum(t.equal for t in listed)
        print(f"{language} all but time: {equal} of {pairs} = {equal / max(1, pairs):.1%}")
    for language in (Language.KO, Language.VI):
        found = bench_figures.translated(args.data, language)
        print(
            f"en → {language}: of {found.figures} figures {found.value} found = {found.value / max(1, found.figures):.1%}, "
            f"{found.agreeing} in full agreement"
        )
        misses += [f"en-{language}\t{miss}" for miss in found.misses]
    for folder in (SAMPLES, args.articles):
        if folder is not None:
            counts, missed = mutations.score(bench_figures.sentences(folder))
            print(f"altered figures of {folder.name}: {', '.join(f'{counts[o]} {o}' for o in mutations.Outcome)}")
            misses += [f"altered\t{mutation.way}\t{mutation.text}" for mutation in missed]
    file = settings.data_dir / "figure-misses.tsv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(f"{miss}\n" for miss in misses), encoding="utf-8")
    print(f"every miss: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
