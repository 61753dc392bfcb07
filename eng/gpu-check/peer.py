"""Measures transformers' Perceiver on the checkpoints and inputs that Microsoft.ML.Perceiver.GpuCheck has left in a folder.

For each head, precision and batch it writes a line to peer.tsv, separated by tabs: head, precision, batch, the median milliseconds of
twenty calls after three, the largest difference of our answers from these ones in float32, and the largest difference of these ones in the
same precision. It needs torch, transformers and safetensors, and asks the network for nothing.
"""

import argparse
import math
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

WARM_UPS, CALLS = 3, 20
CLASSES = {
    "fillmask": "PerceiverForMaskedLM",
    "vision_conv": "PerceiverForImageClassificationConvProcessing",
    "vision_fourier": "PerceiverForImageClassificationFourier",
    "vision_learned": "PerceiverForImageClassificationLearned",
    "flow": "PerceiverForOpticalFlow",
    "multimodal": "PerceiverForMultimodalAutoencoding",
}
MASK_ID, POSITIONS = 3, 2048
# The reference decodes a video in so many chunks, and encodes it for each; all take the same time, so that two are measured.
CHUNKS, MEASURED_CHUNKS = 128, 2


def fill_mask(model, inputs):
    """The reference computes all positions, the padding too; only those of the masks are wanted."""
    ids = inputs["inputs"]
    mask = torch.ones_like(ids)
    padding = (0, POSITIONS - ids.shape[1])
    wanted = (ids[0] == MASK_ID).nonzero().squeeze(1)
    padded, mask = torch.nn.functional.pad(ids, padding), torch.nn.functional.pad(mask, padding)
    return lambda: {"logits": model(input_ids=padded, attention_mask=mask).logits[:, wanted]}


def one_input(model, inputs):
    return lambda: {"logits": model(inputs=inputs["inputs"]).logits}


def multimodal(model, inputs):
    image, audio = inputs["image"], inputs["audio"]
    given = {"image": image, "audio": audio, "label": image.new_zeros(image.shape[0], model.config.num_labels)}
    frames, height, width = image.shape[1], image.shape[3], image.shape[4]
    sizes = {"image": frames * height * width // CHUNKS, "audio": audio.shape[1] // model.config.samples_per_patch // CHUNKS}

    def call():
        parts = []
        for i in range(MEASURED_CHUNKS):
            points = {name: torch.arange(size * i, size * (i + 1), device=image.device) for name, size in sizes.items()}
            parts.append(model(inputs=given, subsampled_output_points={**points, "label": None}).logits)
        rows = image.shape[0]
        return {
            "image": torch.cat([p["image"].reshape(rows, -1, 3) for p in parts], 1),
            "audio": torch.cat([p["audio"].reshape(rows, -1) for p in parts], 1),
            "label": parts[-1]["label"],
        }

    return call


def as_measured(ours, theirs):
    """Our answers in the shape, and as far as, they are computed here."""
    ours = dict(ours)
    if "image" in ours:
        # [batch, frames, channels, height, width] to points with their channels last.
        ours["image"] = ours["image"].permute(0, 1, 3, 4, 2).flatten(1, 3)[:, : theirs["image"].shape[1]]
        ours["audio"] = ours["audio"].flatten(1)[:, : theirs["audio"].shape[1]]
    return ours


def difference(some, others):
    return max((some[name].float() - others[name].float()).abs().max().item() for name in others)


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def milliseconds(call, device):
    for _ in range(WARM_UPS):
        call()
    times = []
    for _ in range(CALLS):
        synchronize(device)
        start = time.perf_counter()
        call()
        synchronize(device)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def load(folder, head, precision, device):
    return getattr(transformers, CLASSES[head]).from_pretrained(folder).to(device, getattr(torch, precision)).eval()


@torch.inference_mode()
def measure(folder, head, precision, batch, model, device, reference):
    """A line's three numbers; `reference` keeps the float32 answers by batch."""
    dtype = getattr(torch, precision)
    inputs = load_file(folder / f"inputs-{batch}.safetensors")
    inputs = {name: t.to(device, dtype if t.is_floating_point() else t.dtype) for name, t in inputs.items()}
    call = {"fillmask": fill_mask, "multimodal": multimodal}.get(head, one_input)(model, inputs)
    theirs = {name: t.float().cpu() for name, t in call().items()}
    if precision == "float32":
        reference[batch] = theirs
    ours = as_measured(load_file(folder / f"answers-{precision}-{batch}.safetensors"), theirs)
    took = milliseconds(call, device) * (CHUNKS / MEASURED_CHUNKS if head == "multimodal" else 1)
    if batch not in reference:
        return took, math.nan, math.nan
    return took, difference(ours, reference[batch]), difference(theirs, reference[batch])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="cuda")
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    # As in our program: float32 is float32, in convolutions too.
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "the CPU"
    print(f"transformers {transformers.__version__}, torch {torch.__version__}, on {name}", flush=True)

    wanted = [line.split("\t")[:3] for line in (arguments.folder / "ours.tsv").read_text().splitlines()]
    failed = False
    with open(arguments.folder / "peer.tsv", "w", encoding="utf-8") as figures:
        for head in dict.fromkeys(w[0] for w in wanted):
            folder, reference = arguments.folder / head, {}
            # The differences are from float32's answers, so that it comes first.
            for precision in sorted({w[1] for w in wanted if w[0] == head}, key=lambda p: p != "float32"):
                model = load(folder, head, precision, device)
                for batch in sorted(int(w[2]) for w in wanted if w[:2] == [head, precision]):
                    key = f"{head}\t{precision}\t{batch}"
                    try:
                        figure = measure(folder, head, precision, batch, model, device, reference)
                    except Exception as e:  # Whatever it is, it is this line's alone; want of memory is no failure.
                        print(f"{key}\t{type(e).__name__}: {str(e).splitlines()[0]}", file=sys.stderr, flush=True)
                        failed |= "out of memory" not in str(e)
                        continue
                    line = key + "".join(f"\t{value:.6g}" for value in figure)
                    print(line, flush=True)
                    print(line, file=figures, flush=True)
                del model
                if device.type == "cuda":
                    torch.cuda.empty_cache()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
