"""The command that plans the jobs in a file."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TextIO

import click

from workshop.planner import reading, unplaced
from workshop.planner.problem import BadProblem, NoPlan, Plan, Problem


@click.command("plan")
@click.argument("problem", type=click.File(encoding="utf-8"))
@click.option("--seconds", default=5.0, show_default=True, type=click.FloatRange(min=0.0))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1))
def print_plan(problem: TextIO, seconds: float, workers: int) -> None:
    """Plan the jobs in a file, or in standard input (-), and print the plan as JSON.

    For each job without a place standard error says what is missing.
    """
    try:
        asked = reading.read(_json_of(problem))
        made = _plan(asked, seconds, workers)
    except BadProblem as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        sys.exit(2)
    except NoPlan as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(made.as_json(), ensure_ascii=False, indent=2))
    for line in unplaced.lines(asked, made):
        click.echo(line, err=True)


def _json_of(problem: TextIO) -> object:
    try:
        return json.load(problem)
    except (ValueError, RecursionError) as error:
        raise BadProblem([f"problem: is not JSON: {error}"]) from error


def _plan(problem: Problem, seconds: float, workers: int) -> Plan:
    # The solver takes half a second to import, which every other command, the web process of
    # `serve` among them, would pay too; so the planner is loaded when a plan is asked for.
    planner = importlib.import_module("workshop.planner.planning")
    made: Plan = planner.plan(problem, seconds=seconds, workers=workers)
    return made
