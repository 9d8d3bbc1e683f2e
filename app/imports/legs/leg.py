"""One leg of a run from top to bottom: look, read, judge, write. The whole story of an import.

It may be started again at any point: it compares with what Assets holds by then.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.imports.accounts.pass_wish import wish_for_a_pass
from app.imports.assets.aftermath import write_objects, writes_wanted
from app.imports.assets.allowance import does_not_fit
from app.imports.assets.resending import resend_kept
from app.imports.assets.sending import Sender
from app.imports.assets.setting_up import is_set_up, set_up
from app.imports.assets.survey import survey
from app.imports.entra.beginning import begin, keep_links
from app.imports.entra.pages import Pages
from app.imports.entra.reading import DirectoryReader
from app.imports.kinds.entries import key_of
from app.imports.kinds.table import KindName
from app.imports.legs.expiry import learn_expiry
from app.imports.legs.sampling import keep_samples
from app.imports.planning.brake import Harm, verdict
from app.imports.planning.known import FILTERED
from app.imports.planning.leavers import Leaving, leaving
from app.imports.planning.watching import NobodyWatches, Watch
from app.imports.run.ending import Ending
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.reasons import affected
from app.imports.run.work import Scene, Work

Leavings = Mapping[KindName, Leaving]


def run_leg(work: Work) -> Steps[Ending]:
    """Raises RunLost and HandBack; everything else that can happen is an Ending."""
    sender: Sender | None = None
    try:
        ground = yield from survey(work)
        start = yield from begin(work, ground)
        scene = start.scene
        scene.plan.watch = Watch() if work.mode == "preview" else NobodyWatches()
        sender = None if work.mode == "preview" else Sender(work, ground)
        yield from DirectoryReader(work, scene, sender).read(start.directory, start.scope)
        leavings = yield from _find_leavers(work, scene)
        if not scene.changing:
            learn_expiry(work)
        if work.mode == "preview":
            yield from keep_samples(work, scene, leavings)
        ending = _judge(work, scene, leavings)
        if ending is not None or sender is None:
            yield from _abandon(sender)
            return ending or Ending("succeeded")
        yield from _write(work, scene, leavings, sender)
        keep_links(work, start)
        wish_for_a_pass(work)
        return Ending("succeeded")
    except RunEnds as ends:
        yield from _abandon(sender)
        return Ending(ends.state, ends.reason, ends.more)


def _abandon(sender: Sender | None) -> Steps[None]:
    if sender is not None:
        yield from sender.abandon()


def _find_leavers(work: Work, scene: Scene) -> Steps[Leavings]:
    """Who left, of each kind asked. Deleted people are asked for only if it matters."""
    plan, rule = scene.plan, work.rules.leavers
    kinds = scene.ground.asked
    restorable: set[bytes] = set()
    asked = rule == "delete" and any(kind.name == "person" for kind in kinds)
    if asked and any(not row.flags & FILTERED for row in plan.absent("person")):
        restorable = yield from _restorable(work, scene)
    leavings = {
        kind.name: leaving(plan, kind, rule, work.today, lambda key: key not in restorable)
        for kind in kinds
    }
    plan.counts.leavers = sum(each.count for each in leavings.values())
    work.report.counts(plan.counts)
    return leavings


def _restorable(work: Work, scene: Scene) -> Steps[set[bytes]]:
    """The keys of known people that Entra holds among its deleted items."""
    directory = yield from work.patience.call(
        "entra", lambda: work.connections.directory(work.instance)
    )
    pages = Pages(work.patience, directory.deleted_people, work.ahead)
    table, found = scene.plan.tables["person"], set[bytes]()
    while (page := (yield from pages.next())) is not None:
        keys = (key_of(each.id) for each in page.value)
        found.update(key for key in keys if table.find(key) is not None)
    return found


def _judge(work: Work, scene: Scene, leavings: Leavings) -> Ending | None:
    """What ends a run before its first write; None: go on."""
    ids = [(name, sorted(each.mark), sorted(each.delete)) for name, each in leavings.items()]
    digest = scene.plan.digest(*ids)
    if work.expected and digest != work.expected:
        return Ending("failed", "plan_changed")
    unfit, more = does_not_fit(work, scene.plan.counts.create) or (None, "")
    if work.mode == "preview":
        return Ending("succeeded", unfit, more, digest=digest)
    if unfit:
        return Ending("failed", unfit, more)
    harm = verdict(_harms(work, scene, leavings), work.rules.brake, work.released)
    return Ending("braked", "braked", affected(harm), harm=harm) if harm else None


def _harms(work: Work, scene: Scene, leavings: Leavings) -> dict[str, Harm]:
    """Per kind. If each execution must hold everything, whatever is absent is in danger."""
    harms: dict[str, Harm] = {}
    for name, each in leavings.items():
        strangers = scene.strangers.get(name, 0) if work.whole else 0
        absent = each.absent + strangers if work.whole else len(each.mark)
        affected = absent + scene.plan.losses.unassigned(name)
        harms[name] = Harm(affected, scene.known(name) + strangers)
    return harms


def _write(work: Work, scene: Scene, leavings: Leavings, sender: Sender) -> Steps[None]:
    if sender.changed:
        if work.whole:
            yield from resend_kept(work, scene, sender)
        yield from sender.complete()
        scene.ground = sender.ground
    else:
        yield from sender.abandon()
    if writes_wanted(scene, leavings) or scene.plan.memberships_changed:
        if not is_set_up(scene.ground):
            scene.ground = yield from set_up(work, scene.ground)
        yield from work.patience.call("app", work.patience.check_anew)
        yield from write_objects(work, scene, leavings)
