"""The commands that fit what is stored as data: calibrate, fit."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from assistant.core.embedding import Embedder
from assistant.core.errors import SettingsError
from assistant.core.settings import Engine, Settings
from assistant.models.engines import model_name
from assistant.reading.pool import FILE, NO_MODEL, store
from eval.bench import ceiling as ceilings
from eval.commands.arguments import add_every, public_sets, with_model
from eval.dataset.cases import Split, load_cases
from eval.dataset.examples import Example, easy_examples, realistic_examples
from eval.dataset.realistic import BUILT_IN as REALISTIC
from eval.dataset.realistic import load_realistic
from eval.fit.calibration import calibrate, figure_points, out_of_fold, sentence_points, worth, written_points
from eval.fit.fusion_weights import fit_fusion
from eval.fit.language_directions import fit_directions
from eval.fit.measure_weights import fit_measures
from eval.fit.reader_training import fit_reader
from eval.report.plots import precision
from eval.runs import open_pipeline, run_file, without_model

_FITS = {
    "fusion": "the weights of lexical scores",
    "measures": "the weights of the sentence and figure measures",
    "directions": "the embedder's language directions",
    "reader": "the trained reader, which takes hours",
}


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m eval``."""
    calibrating = commands.add_parser(
        "calibrate", help="fit the answer pool for the configured language model, and print its precision"
    )
    add_every(calibrating, 2, "with a model, use only every Nth question")
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
    calibrating.set_defaults(run=with_model(_calibrate))
    fit = commands.add_parser("fit", help="fit the parameters that are stored as data")
    fit.add_argument(
        "part", choices=list(_FITS), help="; ".join(f"{part}: {text}" for part, text in _FITS.items())
    )
    fit.add_argument("--data", type=Path, help="folder of the public test sets, for directions and reader")
    fit.add_argument("--train", type=Path, help="folder of the public training sets, for reader")
    fit.set_defaults(run=_fit)


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
        archive, _ = open_pipeline(without_model(settings), REALISTIC / "articles")
        scripted = ceilings.scripted_examples(archive, settings, REALISTIC, args.every)
        archive.close()
        return ceilings.SCRIPTED, out_of_fold(scripted, scripted)
    every = _examples(settings)
    if settings.llm.engine is Engine.NONE:
        return NO_MODEL, out_of_fold(every, every)
    return model_name(settings.llm), out_of_fold(_realistic_examples(settings, args.every), every)


def _fit(settings: Settings, args: argparse.Namespace) -> int:
    if args.part == "directions":
        print(fit_directions(Embedder(settings.embedder, settings.weights_dir), public_sets(args)))
        return 0
    if args.part == "reader":
        if args.train is None:
            raise SettingsError(
                "Name the folder of the public training sets: python -m eval fit reader --train DIR --data DIR"
            )
        print(fit_reader(args.train, public_sets(args) / "ntrex", settings.weights_dir))
        return 0
    if args.part == "fusion":
        archive, _ = open_pipeline(without_model(settings))
        print(fit_fusion(archive, load_cases(split=Split.DEVELOPMENT)))
        archive.close()
        return 0
    print(fit_measures(_examples(settings)))
    return 0


def _examples(settings: Settings) -> list[Example]:
    """The easy and realistic questions of the development half, as the readers see them without a language model."""
    archive, pipeline = open_pipeline(without_model(settings))
    cases = load_cases(split=Split.DEVELOPMENT)
    found = list(tqdm(easy_examples(pipeline, cases), total=len(cases), disable=None, file=sys.stderr))
    archive.close()
    return found + _realistic_examples(without_model(settings))


def _realistic_examples(settings: Settings, every: int = 1) -> list[Example]:
    archive, pipeline = open_pipeline(settings, REALISTIC / "articles")
    asked = load_realistic(REALISTIC, Split.DEVELOPMENT)[::every]
    found = list(tqdm(realistic_examples(pipeline, asked), total=len(asked), disable=None, file=sys.stderr))
    archive.close()
    return found
