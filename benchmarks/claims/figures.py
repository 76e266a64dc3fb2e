#!/usr/bin/env python3
"""Prints the tables of docs/claims.md and draws its figures, from what claims.sh left.

    figures.py DIR FIGURES
"""
import json
import pathlib
import statistics
import sys

import matplotlib
import numpy
import torch

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402
from matplotlib.ticker import MaxNLocator  # noqa: E402

NAMES = {"resnet20": "ResNet-20", "vgg9": "VGG-9", "resnet56": "ResNet-56"}
NOISE = {"normal": "normal noise", "uniform": "uniform noise", "shuffled": "shuffled pixels", "smooth": "smooth noise"}
SOURCES = {"images": "512 images", "smooth": "512 of smooth noise",
           "normal": "512 of normal noise", "initial": "512 images, untrained weights"}
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#555555")


def ranks(values):
    """From 0, ties averaged."""
    _, inverse, counts = numpy.unique(values, return_inverse=True, return_counts=True)
    return (numpy.cumsum(counts) - (counts + 1) / 2)[inverse]


def spearman(a, b):
    a, b = ranks(a) - ranks(a).mean(), ranks(b) - ranks(b).mean()
    spread = numpy.sqrt((a @ a) * (b @ b))
    return float(a @ b / spread) if spread > 0 else float("nan")


def lowest_half(values):
    return set(numpy.argsort(values, kind="stable")[:len(values) // 2].tolist())


class Measured:
    """The scores of one model's archives, by archive, inputs and number of samples."""

    def __init__(self, out, name):
        self.folder, self.name = out / "scores", name
        described = json.loads((self.folder / f"{name}-groups.json").read_text())
        self.groups = [group for group in described["groups"] if group["capture_points"]]
        self.points = [point["name"] for point in described["capture_points"]]
        self.units = numpy.array([point["units"] for point in described["capture_points"]])

    def scores(self, archive, inputs, samples=4096, field="score"):
        path = self.folder / f"{self.name}-{archive}" / f"{inputs}-{samples}.json"
        scored = {}
        for shard in sorted(json.loads(path.read_text()), key=lambda shard: shard["first_unit"]):
            scored.setdefault(shard["capture_point"], []).extend(shard[field])
        return {point: numpy.array(scored[point]) for point in self.points}

    def has(self, archive, inputs="reference", samples=4096):
        return (self.folder / f"{self.name}-{archive}" / f"{inputs}-{samples}.json").exists()

    def agreement(self, a, b):
        each = numpy.array([spearman(a[point], b[point]) for point in self.points])
        shared = union = 0
        for group in self.groups:
            halves = [lowest_half(sum(scores[point] for point in group["capture_points"])) for scores in (a, b)]
            shared, union = shared + len(halves[0] & halves[1]), union + len(halves[0] | halves[1])
        known = ~numpy.isnan(each)
        everything = [numpy.concatenate([scores[point] for point in self.points]) for scores in (a, b)]
        return {"each": each, "mean": float(numpy.average(each[known], weights=self.units[known])),
                "low": float(each[known].min()), "high": float(each[known].max()),
                "all": spearman(*everything), "halves": shared / union}


def likeness(out, a, b):
    """Mean over layers of the cosine between the weights of two archives: 1 where training moved nothing."""
    weights = [torch.jit.load(str(out / "models" / f"{archive}.pt")).state_dict() for archive in (a, b)]
    mean = statistics.mean(float(torch.cosine_similarity(weight.flatten(), weights[1][name].flatten(), dim=0))
                           for name, weight in weights[0].items() if weight.dim() == 4)
    return f"{round(mean, 2) + 0.0:.2f}"  # + 0.0: no minus zero


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def header(*cells):
    print()
    row(*cells)
    row(*["---"] * len(cells))


def accuracy(band):
    return f"{statistics.median(band):.1f} ({min(band):.1f} to {max(band):.1f})"


def agreement_row(label, found):
    mean, low, high, everything, halves = (
        f"{round(found[field], 2) + 0.0:.2f}" for field in ("mean", "low", "high", "all", "halves"))
    row(label, mean, f"{low} to {high}", everything, halves)


AGREEMENT = ("rank correlation in a layer, mean", "lowest and highest layer", "over all units at once", "shared lower half")


def save(figure, path):
    # Nothing of the machine or of the versions on it.
    figure.savefig(path, dpi=100, metadata={"Software": None})
    pyplot.close(figure)


def panels(models):
    figure, axes = pyplot.subplots(1, len(models), figsize=(8, 3.8), sharey=True, squeeze=False)
    figure.subplots_adjust(left=0.09, right=0.98, top=0.92, bottom=0.24, wspace=0.06)
    for axis, model in zip(axes[0], models):
        axis.set_title(NAMES[model.name], fontsize=11)
        axis.grid(alpha=0.3)
    return figure, axes[0]


def by_layer(figures, name, models, series):
    """`series` of a model: (label, colour, agreement)."""
    figure, axes = panels(models)
    for axis, model in zip(axes, models):
        axis.axhline(0, color="black", linewidth=0.8)
        for label, colour, found in series(model):
            axis.plot(range(1, len(model.points) + 1), found["each"], "o-", color=colour, markersize=3.5, linewidth=1,
                      label=label)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_ylim(-0.75, 1.05)
    axes[0].set_ylabel("rank correlation of units (Spearman)")
    figure.text(0.53, 0.115, "capture point, from input to output", ha="center")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="lower center", ncol=4, fontsize=8, frameon=False)
    save(figure, figures / name)


def initialisation(out, models, figures):
    def pairs(model):
        for seed in (1, 2):
            for state, said in (("initial", "untrained"), ("normed", "untrained, batch norms set")):
                for trained in (1, 2):
                    if model.has(f"seed{trained}-trained"):
                        archives = f"seed{seed}-{state}", f"seed{trained}-trained"
                        yield seed, trained, state, said, model.agreement(
                            *(model.scores(archive, "reference") for archive in archives))

    header("model", "trained", "against", "cosine of weights", *AGREEMENT)
    for model in models:
        for seed, trained, state, said, found in sorted(pairs(model), key=lambda pair: (pair[1], pair[0] != pair[1], pair[2])):
            of = "the same seed" if seed == trained else "another seed (chance)"
            cosine = likeness(out, f"{model.name}-seed{seed}-{state}", f"{model.name}-seed{trained}-trained")
            agreement_row(f"{NAMES[model.name]} | seed {trained} | {said}, {of} | {cosine}", found)
        if model.has("seed2-trained"):
            agreement_row(f"{NAMES[model.name]} | seed 1 | trained, another seed (chance) | "
                          f"{likeness(out, *(f'{model.name}-seed{seed}-trained' for seed in (1, 2)))}", model.agreement(
                *(model.scores(f"seed{seed}-trained", "reference") for seed in (1, 2))))

    def drawn(model):
        found = {(seed, trained, state): pair for seed, trained, state, _, pair in pairs(model)}
        yield "untrained", COLOURS[0], found[1, 1, "initial"]
        yield "untrained, batch norms set", COLOURS[1], found[1, 1, "normed"]
        yield "untrained, another seed (chance)", "#bbbbbb", found[2, 1, "initial"]

    by_layer(figures, "initialisation.png", models, drawn)


def meaning(models):
    """What the trained models' scores go along with, on the same images."""
    header("model", "expressiveness against", *AGREEMENT)
    for model in models:
        for field, label in (("variance", "variance of the activation"), ("zero_share", "share of zeros")):
            agreement_row(f"{NAMES[model.name]} | {label}", model.agreement(
                *(model.scores("seed1-trained", "reference", field=each) for each in ("score", field))))


def noise(models, figures):
    def drawn(model):
        images = model.scores("seed1-trained", "reference")
        for (inputs, label), colour in zip(NOISE.items(), COLOURS):
            yield label, colour, model.agreement(images, model.scores("seed1-trained", inputs))

    header("model", "4,096 inputs, against as many images", *AGREEMENT)
    for model in models:
        if model.has("seed1-trained", "draw-1"):
            agreement_row(f"{NAMES[model.name]} | other images", model.agreement(
                model.scores("seed1-trained", "reference"), model.scores("seed1-trained", "draw-1")))
        for label, _, found in drawn(model):
            agreement_row(f"{NAMES[model.name]} | {label}", found)
    by_layer(figures, "random-inputs.png", models, drawn)


def samples(models, figures):
    models = [model for model in models if model.has("seed1-trained", "draw-1", 16)]
    header("samples", *(f"{NAMES[model.name]}: {what}" for model in models
                        for what in ("rank correlation", "worst layer of any set", "shared lower half")))
    counts = [2 ** power for power in range(4, 13)]
    found = {}
    for model in models:
        images = model.scores("seed1-trained", "reference")
        for count in counts:
            draws = [f"draw-{draw}" for draw in range(1, 100) if model.has("seed1-trained", f"draw-{draw}", count)]
            found[model.name, count] = [model.agreement(images, model.scores("seed1-trained", draw, count)) for draw in draws]

    def spread(name, count, field):
        values = [draw[field] for draw in found[name, count]]
        return statistics.mean(values), min(values), max(values)

    for count in counts:
        cells = []
        for model in models:
            for field in ("mean", "low", "halves"):
                mean, low, high = spread(model.name, count, field)
                cells.append(f"{low:.2f}" if field == "low" else f"{mean:.3f} ({low:.3f} to {high:.3f})")
        row(f"{count:,}", *cells)
    figure, axes = pyplot.subplots(1, 2, figsize=(8, 3.6), layout="constrained")
    for axis, field, label in ((axes[0], "mean", "rank correlation of units, mean of layers"),
                               (axes[1], "halves", "shared part of the lower halves (Jaccard)")):
        for model, colour in zip(models, COLOURS):
            mean, low, high = zip(*(spread(model.name, count, field) for count in counts))
            axis.plot(counts, mean, "o-", color=colour, markersize=4, label=NAMES[model.name])
            axis.fill_between(counts, low, high, color=colour, alpha=0.2, linewidth=0)
        axis.set_xscale("log", base=2)
        axis.set_xticks(counts, [str(count) for count in counts], fontsize=8, rotation=45)
        axis.set_xlabel("samples (images)")
        axis.set_ylabel(label)
        axis.set_ylim(None, 1.005)
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=9, loc="lower right")
    save(figure, figures / "samples.png")


def curves(out, models, figures):
    compared = {model.name: json.loads((out / "compare" / model.name / "compare.json").read_text()) for model in models
                if (out / "compare" / model.name / "compare.json").exists()}
    recipes = ("none", "ridge")
    figure, axes = pyplot.subplots(len(compared), 2, figsize=(8, 3.3 * len(compared)), layout="constrained", squeeze=False)
    for rows, (name, results) in zip(axes, compared.items()):
        accuracies = {}
        for run in results["runs"]:
            key = run["recipe"], run["criterion"].split(":")[0], run["target"]
            accuracies.setdefault(key, {})[run["seed"]] = 100 * run["accuracy"]
        criteria = list(dict.fromkeys(key[1] for key in accuracies))
        targets = sorted({key[2] for key in accuracies}, reverse=True)
        for axis, recipe in zip(rows, recipes):
            header(f"{NAMES[name]}, {recipe}", *(f"{100 * target:.0f} % of the MACs" for target in targets))
            for criterion, colour in zip(criteria, COLOURS):
                bands = [accuracies[recipe, criterion, target].values() for target in targets]
                row(f"`{criterion}`", *(accuracy(band) for band in bands))
                kept = [100 * target for target in targets]
                axis.plot(kept, [statistics.median(band) for band in bands], marker="o", markersize=4, color=colour,
                          label=criterion, linestyle="--" if criterion == "random" else "-")
                axis.fill_between(kept, [min(band) for band in bands], [max(band) for band in bands], color=colour,
                                  alpha=0.15, linewidth=0)
            won = {other: sum(accuracies[recipe, "hybrid", target][seed] > accuracies[recipe, other, target][seed]
                              for target in targets for seed in accuracies[recipe, "hybrid", target])
                   for other in ("expressiveness", "l2")}
            pairs = [(target, seed) for target in targets for seed in accuracies[recipe, "hybrid", target]]
            both = sum(accuracies[recipe, "hybrid", target][seed] > max(accuracies[recipe, part, target][seed]
                       for part in ("expressiveness", "l2")) for target, seed in pairs)
            ahead = sum(accuracies[recipe, "expressiveness", target][seed] > accuracies[recipe, "random", target][seed]
                         for target, seed in pairs)
            print(f"\nOf {len(pairs)} cuts the hybrid did better than expressiveness in {won['expressiveness']}, than l2 in "
                  f"{won['l2']}, than both in {both}; expressiveness better than random in {ahead}.")
            axis.axhline(100 * results["original"]["accuracy"], color="black", linewidth=0.8, linestyle=":")
            axis.set_title(f"{NAMES[name]}, {'no recovery' if recipe == 'none' else 'ridge on 512 images'}", fontsize=11)
            axis.set_xlabel("MACs kept (%)")
            axis.set_ylabel("accuracy (%)")
            axis.invert_xaxis()
            axis.grid(alpha=0.3)
    axes[0][0].legend(fontsize=8)
    save(figure, figures / "curves.png")


def cuts(out, models):
    for model in models:
        folder = out / "cuts" / model.name
        if not folder.exists():
            continue
        reports = {}
        for path in folder.glob("*.json"):
            source, target, _ = path.stem.rsplit("-", 2)
            evaluation = json.loads(path.read_text())["evaluation"]
            for recipe, part in (("none", "cut"), ("ridge", "after")):
                reports.setdefault((source, float(target), recipe), []).append(100 * evaluation[part]["accuracy"])
        asked = sorted({(target, recipe) for _, target, recipe in reports}, reverse=True)
        header(f"{NAMES[model.name]}, scored on", *(f"{100 * target:.0f} % of the MACs, {recipe}" for target, recipe in asked))
        for source, label in SOURCES.items():
            row(label, *(accuracy(reports[source, target, recipe]) for target, recipe in asked))


def main(out, figures):
    figures.mkdir(parents=True, exist_ok=True)
    models = [Measured(out, name) for name in NAMES if (out / "scores" / f"{name}-groups.json").exists()]
    initialisation(out, models, figures)
    meaning(models)
    noise(models, figures)
    samples(models, figures)
    curves(out, models, figures)
    cuts(out, models)


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
