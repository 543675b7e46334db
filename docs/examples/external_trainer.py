#!/usr/bin/env python3
"""A trainer that is none of Fresco's: it registers a job, reports what its iterations took, and runs by the
plans that it gets. Nothing is trained here; times are drawn, and an iteration is played by its schedule.

    python3 external_trainer.py --url http://localhost:8080

One link becomes slow at a third of the iterations and heals at two thirds. Standard library only.
The protocol is in docs/training.md.
"""
import argparse
import datetime
import json
import math
import random
import time
import urllib.error
import urllib.request

OPERATION_MILLIS = 10.0
MESSAGE_MILLIS = 6.0


class Fresco:
    """The calls that an external trainer makes."""

    def __init__(self, url, key):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Authorization"] = "Bearer " + key

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            raise SystemExit(f"{method} {path}: {problem.code} {problem.read().decode()}")

    def register(self, stages, microbatches, iterations):
        job = {"name": "external trainer", "model": "example", "kind": "external", "stages": stages,
               "microbatches": microbatches, "iterations": iterations}
        return self.call("POST", "/v1/training-jobs", job)["id"]

    def plan(self, job):
        return self.call("GET", f"/v1/training-jobs/{job}/plan")

    def report(self, job, reports):
        """Gives the number of the newest plan; a trainer that has an older one fetches it."""
        return self.call("POST", f"/v1/training-jobs/{job}/telemetry", {"reports": reports})["planNumber"]


def play(plan, delays):
    """How long an iteration of a plan takes, in milliseconds, and how long each stage computes.

    An operation starts when its stage is free and its input is there. A send on a link without delegates
    holds its sender up until the message has arrived.
    """
    orders = [stage.split() for stage in plan["stages"]]
    stages, done, free = len(orders), {}, [0.0] * len(orders)

    def arrival(stage, operation):
        kind, microbatch = operation.rstrip("0123456789"), operation.lstrip("FBW")
        if kind == "F":
            before, link = (stage - 1, "F" + microbatch), stage - 1
            if stage == 0:
                return 0.0
        elif kind == "W":
            return done.get((stage, "B" + microbatch))
        elif stage == stages - 1:
            return done.get((stage, "F" + microbatch))
        else:
            before, link = (stage + 1, "B" + microbatch), stage
        return None if before not in done else done[before] + delays[link]

    while any(orders):
        for stage, order in enumerate(orders):
            while order and arrival(stage, order[0]) is not None:
                operation = order.pop(0)
                kind = operation.rstrip("0123456789")
                took = OPERATION_MILLIS * (2 if kind == "BW" else 1)
                end = max(free[stage], arrival(stage, operation)) + took
                link = stage if kind == "F" else stage - 1 if kind in ("B", "BW") else None
                sends = link is not None and 0 <= link < stages - 1
                free[stage] = end + (delays[link] if sends and plan["delegates"][link] == 0 else 0)
                done[(stage, operation.replace("BW", "B"))] = end
    return max(free)


def times(millis, count):
    return [round(millis * math.exp(random.gauss(0, 0.03)), 3) for _ in range(count)]


def reports(iteration, begin, plan, delays, microbatches):
    """What each stage measured: its operations and its messages, waits left out."""
    stages, millis = len(plan["stages"]), play(plan, delays)
    for stage in range(stages):
        # The messages of a stage to the next one are on the link of its number.
        messages = []
        if stage < stages - 1:
            messages.append({"kind": "activation", "toStage": stage + 1,
                             "millis": times(MESSAGE_MILLIS + delays[stage], microbatches)})
        if stage > 0:
            messages.append({"kind": "gradient", "toStage": stage - 1,
                             "millis": times(MESSAGE_MILLIS + delays[stage - 1], microbatches)})
        yield {"at": begin.isoformat(), "iteration": iteration, "stage": stage, "iterationMillis": round(millis * 1.2, 3),
               "operations": [{"kind": kind, "millis": times(OPERATION_MILLIS, microbatches)} for kind in "FBW"],
               "messages": messages, **({"loss": 4 * 0.99 ** iteration} if stage == stages - 1 else {})}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--url", default="http://localhost:8080")
    arguments.add_argument("--key", help="API key, where keys are asked for")
    arguments.add_argument("--stages", type=int, default=4)
    arguments.add_argument("--microbatches", type=int, default=12)
    arguments.add_argument("--iterations", type=int, default=120)
    arguments.add_argument("--slow-link", type=int, default=0)
    arguments.add_argument("--delay", type=float, default=30.0, help="milliseconds that the link is late")
    arguments.add_argument("--pause", type=float, default=0.05, help="seconds between two iterations")
    wanted = arguments.parse_args()

    fresco = Fresco(wanted.url, wanted.key)
    job = fresco.register(wanted.stages, wanted.microbatches, wanted.iterations)
    print(f"job {job}: follow it with  curl -N {wanted.url}/v1/training-jobs/{job}/events")
    plan = newest = fresco.plan(job)
    clock = datetime.datetime.now(datetime.timezone.utc)
    for iteration in range(wanted.iterations):
        delays = [0.0] * (wanted.stages - 1)
        if wanted.iterations // 3 <= iteration < 2 * wanted.iterations // 3:
            delays[wanted.slow_link] = wanted.delay
        if newest is not plan and iteration >= newest["fromIteration"]:
            plan = newest
            print(f"iteration {iteration}: plan {plan['number']} ({plan['name']}), delegates {plan['delegates']}: "
                  f"{plan['reason']}")
            for stage, order in enumerate(plan["stages"]):
                print(f"  stage {stage}: {order}")
        if iteration % 10 == 0:
            print(f"iteration {iteration}: {play(plan, delays):.0f} ms")
        number = fresco.report(job, list(reports(iteration, clock, plan, delays, wanted.microbatches)))
        if number > newest["number"]:
            newest = fresco.plan(job)
        clock += datetime.timedelta(milliseconds=1.2 * play(plan, delays))
        time.sleep(wanted.pause)
    print(f"job {job} is done")


if __name__ == "__main__":
    main()
