#!/usr/bin/env python3
"""Reads an evaluation log with inspect_ai itself, as its viewer does, and prints what it found.

    python3 Tests/oracles/inspect_read.py FILE.json
"""
import json
import sys

from inspect_ai.log import read_eval_log


def main():
    path = sys.argv[1]
    head = read_eval_log(path, header_only=True)
    log = read_eval_log(path)
    assert head.eval == log.eval and head.samples is None
    metrics = {score.name: {name: metric.value for name, metric in score.metrics.items()}
               for score in log.results.scores}
    samples = [dict(id=sample.id, epoch=sample.epoch, roles=[m.role for m in sample.messages],
                    texts=[m.text for m in sample.messages],
                    scores={name: score.value for name, score in (sample.scores or {}).items()},
                    error=sample.error.message if sample.error else None) for sample in log.samples]
    json.dump(dict(version=log.version, status=log.status, model=log.eval.model, created=str(log.eval.created),
                   total=log.results.total_samples, completed=log.results.completed_samples, metrics=metrics,
                   samples=samples), sys.stdout)


main()
