"""diffusers as a server of edits, for `./fresco bench serving`.

    server.py --model FOLDER --dtype fp32|bf16 --threads N --batch N

It listens on a free port of 127.0.0.1 and prints one line, `ready PORT VERSIONS`. POST /edit takes
{"image", "mask" (PNG in base64, white is painted), "prompt", "negative", "steps", "guidance",
"seed"} and answers with a PNG. One thread paints, in the order of arrival; it takes up to `--batch`
of the edits that wait, and paints them together to their end. It stops when its input ends.
"""

import argparse
import base64
import concurrent.futures
import http.server
import io
import json
import os
import queue
import sys
import threading


class Painter:
    def __init__(self, options):
        import diffusers
        import torch

        torch.set_num_threads(options.threads)
        torch.set_grad_enabled(False)
        self.torch = torch
        self.most = options.batch
        self.waiting = queue.Queue()
        self.pipeline = diffusers.StableDiffusionInpaintPipeline.from_pretrained(
            options.model,
            torch_dtype={"fp32": torch.float32, "bf16": torch.bfloat16}[options.dtype],
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
        self.pipeline.set_progress_bar_config(disable=True)
        self.versions = f"diffusers {diffusers.__version__}, torch {torch.__version__}"
        threading.Thread(target=self.paint_all, daemon=True).start()

    def painted(self, edit):
        """The picture of an edit, as PNG; waits for it."""
        done = concurrent.futures.Future()
        self.waiting.put((edit, done))
        return done.result()

    def paint_all(self):
        while True:
            taken = [self.waiting.get()]
            while len(taken) < self.most and not self.waiting.empty():
                taken.append(self.waiting.get())
            try:
                pictures = self.paint([edit for edit, _ in taken])
                for (_, done), picture in zip(taken, pictures):
                    done.set_result(picture)
            except Exception as failure:  # each caller is told
                for _, done in taken:
                    done.set_exception(failure)

    def paint(self, edits):
        """Edits of one size, with the steps and the guidance of the first."""
        images = [picture(edit["image"]).convert("RGB") for edit in edits]
        masks = [picture(edit["mask"]).convert("L") for edit in edits]
        pictures = self.pipeline(
            prompt=[edit["prompt"] for edit in edits],
            negative_prompt=[edit["negative"] for edit in edits],
            image=images,
            mask_image=masks,
            width=images[0].width,
            height=images[0].height,
            strength=1.0,
            num_inference_steps=edits[0]["steps"],
            guidance_scale=edits[0]["guidance"],
            generator=[self.torch.Generator().manual_seed(edit["seed"]) for edit in edits],
        ).images
        return [png(each) for each in pictures]


def picture(encoded):
    import PIL.Image

    return PIL.Image.open(io.BytesIO(base64.b64decode(encoded)))


def png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def handler(painter):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            edit = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            try:
                self.answer(200, "image/png", painter.painted(edit))
            except Exception as failure:
                self.answer(500, "text/plain", f"{type(failure).__name__}: {failure}".encode())

        def answer(self, status, kind, body):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    return Handler


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--dtype", choices=["fp32", "bf16"], required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    painter = Painter(parser.parse_args())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(painter))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", server.server_address[1], painter.versions, file=out)
    sys.stdin.read()


if __name__ == "__main__":
    main()
