"""diffusers' side of `./fresco bench engine --peer diffusers`.

Reads one JSON object a line from standard input and answers each with one line on standard output:
{"ok": true, ...} or {"ok": false, "error": "..."}. It ends when its input ends. Whatever libraries
print goes to standard error.

  load   unet, scheduler (folders), dtype, threads, compile   -> seconds, torch, diffusers
  begin  seeds, height, width (of the latents), steps, guidance,
         positive, negative, pooled (tensors or null), pixels -> {}
  steps  count                                                -> nanoseconds of each
  latents picture                                             -> latents (a tensor)

A tensor is {"shape": [...], "data": little-endian fp32 in base64}.
"""

import base64
import json
import os
import sys
import time
import traceback


class Peer:
    def load(self, unet, scheduler, dtype, threads, compile):
        import diffusers
        import torch

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        self.torch = torch
        self.dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[dtype]
        start = time.perf_counter()
        self.unet = diffusers.UNet2DConditionModel.from_pretrained(unet, torch_dtype=self.dtype).eval()
        seconds = time.perf_counter() - start
        self.network = torch.compile(self.unet, dynamic=False) if compile else self.unet
        self.scheduler = diffusers.EulerDiscreteScheduler.from_config(
            diffusers.EulerDiscreteScheduler.load_config(scheduler)
        )
        return {"seconds": seconds, "torch": torch.__version__, "diffusers": diffusers.__version__}

    def begin(self, seeds, height, width, steps, guidance, positive, negative, pooled, pixels):
        torch = self.torch
        channels = self.unet.config.in_channels
        self.scheduler.set_timesteps(steps)
        noise = [
            torch.randn((1, channels, height, width), generator=torch.Generator().manual_seed(seed))
            for seed in seeds
        ]
        self.latents = (torch.cat(noise) * self.scheduler.init_noise_sigma).to(self.dtype)
        pictures = len(seeds)
        self.context = self.twice(positive, negative, pictures)
        self.conditions = None
        if pooled is not None:
            size = [pixels["height"], pixels["width"], 0, 0, pixels["height"], pixels["width"]]
            self.conditions = {
                "text_embeds": self.twice(pooled["positive"], pooled["negative"], pictures),
                "time_ids": torch.tensor([size] * 2 * pictures, dtype=self.dtype),
            }
        self.guidance = guidance
        self.done = 0
        return {}

    def steps(self, count):
        nanoseconds = []
        for _ in range(count):
            start = time.perf_counter_ns()
            self.step(self.scheduler.timesteps[self.done])
            nanoseconds.append(time.perf_counter_ns() - start)
            self.done += 1
        return {"nanoseconds": nanoseconds}

    def step(self, timestep):
        rows = self.scheduler.scale_model_input(self.torch.cat([self.latents, self.latents]), timestep)
        output = self.network(
            rows,
            timestep,
            encoder_hidden_states=self.context,
            added_cond_kwargs=self.conditions,
            return_dict=False,
        )[0]
        negative, positive = output.chunk(2)
        guided = negative + self.guidance * (positive - negative)
        self.latents = self.scheduler.step(guided, timestep, self.latents, return_dict=False)[0]

    def latents_of(self, picture):
        tensor = self.latents[picture].float().contiguous()
        data = tensor.numpy().astype("<f4").tobytes()
        return {"latents": {"shape": list(tensor.shape), "data": base64.b64encode(data).decode()}}

    def twice(self, positive, negative, pictures):
        """Rows of the negative prompt, then as many of the positive one, as pipelines order them."""
        rows = [self.tensor(negative)] * pictures + [self.tensor(positive)] * pictures
        return self.torch.stack(rows).to(self.dtype)

    def tensor(self, sent):
        values = self.torch.frombuffer(
            bytearray(base64.b64decode(sent["data"])), dtype=self.torch.float32
        )
        return values.reshape(sent["shape"])


def main():
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    peer = Peer()
    commands = {
        "load": peer.load,
        "begin": peer.begin,
        "steps": peer.steps,
        "latents": peer.latents_of,
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": True, **commands[request.pop("command")](**request)}
        except Exception as failure:  # the other side goes on without this peer
            traceback.print_exc()
            reason = str(failure).strip().partition("\n")[0]
            answer = {"ok": False, "error": f"{type(failure).__name__}: {reason}"}
        print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main()
