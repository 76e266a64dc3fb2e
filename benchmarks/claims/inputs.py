#!/usr/bin/env python3
"""Writes what claims.sh scores units on, 4,096 inputs a file, and what it tests on.

    inputs.py DIR

reference.npz    the first 4,096 test images: traffic that no training saw
draw-1.npz ...   five disjoint sets of training images, in random order
normal.npz       each pixel standard normal: what `espalier score --data random` makes
uniform.npz      each pixel uniform in [0, 1), the range of images
shuffled.npz     the reference's images, the pixels of each in an order of its own: right values, no structure
smooth.npz       normal noise blurred by a Gaussian of 2 pixels, with the mean and spread of images: structure, no content
test.npz         the first 5,000 test images with labels
"""
import pathlib
import sys

import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "demo-model"))
import train  # noqa: E402

COUNT, DRAWS, TESTED = 4096, 5, 5000


def smooth(random, mean, spread):
    frequency = numpy.fft.fftfreq(28)
    blur = numpy.exp(-2 * (numpy.pi * 2.0 * numpy.hypot(frequency[:, None], frequency)) ** 2)
    noise = numpy.fft.ifft2(numpy.fft.fft2(random.standard_normal((COUNT, 1, 28, 28))) * blur).real
    return numpy.clip(mean + spread * noise / noise.std(), 0, 1)


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(1)
    train_x, _ = train.read("train")
    test_x, test_y = train.read("t10k")
    images = test_x[:COUNT] / numpy.float32(255)
    order = random.permutation(len(train_x))
    files = {"reference": images}
    for draw in range(DRAWS):
        files[f"draw-{draw + 1}"] = train_x[order[draw * COUNT:(draw + 1) * COUNT]] / numpy.float32(255)
    files["normal"] = random.standard_normal(images.shape)
    files["uniform"] = random.random(images.shape)
    files["shuffled"] = random.permuted(images.reshape(COUNT, -1), axis=1).reshape(images.shape)
    files["smooth"] = smooth(random, images.mean(), images.std())
    for name, x in files.items():
        numpy.savez(out / f"{name}.npz", x=x.astype(numpy.float32))
    numpy.savez(out / "test.npz", x=test_x[:TESTED] / numpy.float32(255), y=test_y[:TESTED])


main(pathlib.Path(sys.argv[1]))
