"""What is in the zoo: name -> how it is built, its published input, and a smaller one for runs that compare outputs."""
import dataclasses
import inspect
from typing import Callable, Optional, Tuple

import torch
import torchvision

import networks


@dataclasses.dataclass(frozen=True)
class Entry:
    """shapes: of the inputs the model is published with. small: of inputs that are enough to compare outputs on; an archive
    traced at `shapes` takes them too, unless it is fixed: then another is traced, of `build_small` where that is given.
    tokens: rows of the embedding that reads each input, for int64 inputs."""
    build: Callable[[], torch.nn.Module]
    shapes: Tuple[Tuple[int, ...], ...]
    small: Optional[Tuple[Tuple[int, ...], ...]] = None
    fixed: bool = False
    build_small: Optional[Callable[[], torch.nn.Module]] = None
    classifier: bool = False
    scripted: bool = True
    fused: bool = False
    tokens: Tuple[int, ...] = ()

    def inputs(self, seed, small=False, batch=1):
        draw = torch.Generator().manual_seed(seed)
        made = []
        for i, shape in enumerate(self.small if small and self.small else self.shapes):
            shape = (batch,) + shape[1:]
            made.append(torch.randint(0, self.tokens[i], shape, generator=draw) if self.tokens
                        else torch.randn(shape, generator=draw))
        return tuple(made)


def published(name, **options):
    """A torchvision model without weights; what torchvision would download is never asked for."""
    def build():
        function = getattr(torchvision.models, name, None) or getattr(torchvision.models.segmentation, name)
        known = dict(weights=None, **options)
        if "weights_backbone" in inspect.signature(function).parameters:
            known["weights_backbone"] = None
        return function(**known)
    return build


def image(size):
    return ((1, 3, size, size),)


ZOO = {
    name: Entry(published(name), image(224), image(64), classifier=True)
    for name in (
        "alexnet", "vgg16_bn", "resnet18", "resnet50", "wide_resnet50_2", "resnext50_32x4d", "regnet_y_400mf", "densenet121",
        "squeezenet1_1", "shufflenet_v2_x1_0", "mobilenet_v2", "mobilenet_v3_small", "mnasnet1_0", "efficientnet_b0")
} | {
    # googlenet and inception as they serve: without the auxiliary heads that only training uses.
    "googlenet": Entry(published("googlenet", aux_logits=False, init_weights=False), image(224), image(64), classifier=True),
    "inception_v3": Entry(published("inception_v3", aux_logits=False, init_weights=False), image(299), image(107), classifier=True),
    "convnext_tiny": Entry(published("convnext_tiny"), image(224), image(64), classifier=True),
    "vit_b_16": Entry(published("vit_b_16"), image(224), image(64), fixed=True, build_small=published("vit_b_16", image_size=64)),
    "swin_t": Entry(published("swin_t"), image(224), image(112), fixed=True),
    "fcn_resnet50": Entry(published("fcn_resnet50"), image(224), image(64), fixed=True),
    "deeplabv3_mobilenet_v3_large": Entry(published("deeplabv3_mobilenet_v3_large"), image(224), image(64), fixed=True),
    "cifar_resnet20_option_a": Entry(lambda: networks.CifarResNet(3, 16), image(32), classifier=True),
    "yolo_like_detector": Entry(lambda: networks.Detector(16, 1), image(320), image(96), fixed=True),
    "transformer_encoder": Entry(networks.EncoderClassifier, ((1, 64, 80),), ((1, 9, 80),), fixed=True),
    "transformer_encoder_fused": Entry(networks.EncoderClassifier, ((1, 64, 80),), ((1, 9, 80),), fixed=True, scripted=False, fused=True),
    "bert_like_encoder": Entry(lambda: networks.Bert(layers=4), ((1, 64), (1, 64)), ((1, 7), (1, 7)), fixed=True, tokens=(30522, 2)),
    "lstm_classifier": Entry(networks.LstmClassifier, ((1, 32, 40),), ((1, 9, 40),), fixed=True),
}
