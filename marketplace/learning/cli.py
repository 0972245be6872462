"""`flask learn`: look at the decisions now, and say what they teach."""

import click
from flask.cli import with_appcontext

from marketplace.infra.transaction import transaction
from marketplace.learning.services import studying


@click.command("learn")
@with_appcontext
def learn() -> None:
    """Learn from the decisions: propose weights that order them better, and draft rules."""
    findings = studying.look()
    with transaction():
        proposal = studying.keep(findings)
        version = proposal.version if proposal is not None else None
    click.echo(f"decisions: {findings.accepted} accepted, {findings.rejected} rejected")
    found = findings.study
    if found is None:
        click.echo("too few to learn from")
    else:
        click.echo(
            f"order accuracy on held-back decisions: {found.before:.3f} -> {found.after:.3f}, "
            f"lift {found.lift:+.3f} (90 % interval {found.low:+.3f} to {found.high:+.3f}); "
            f"calibration error {found.calibration_before:.3f} -> {found.calibration_after:.3f}"
        )
        for change in findings.changes if version is not None else ():
            click.echo(f"  {change.component}: {change.percent:+} %")
        click.echo(f"proposed as version {version}" if version else "nothing new is proposed")
    click.echo(f"draft rules seen: {len(findings.patterns)}")


COMMANDS = (learn,)
