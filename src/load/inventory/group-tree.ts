import type { Draft, DraftGroup, Link } from './inventory-draft.ts'

/** Puts every group and host where Ansible's rules want them: below `all`, and in `ungrouped` those in no other group. */
export function settle(draft: Draft): void {
  const all = draft.group('all')
  const ungrouped = draft.group('ungrouped')
  for (const group of draft.groups.values()) if (group !== all && group.parents.size === 0) draft.joinAll(group)
  for (const host of draft.hosts.values()) {
    const grouped = [...host.groups].some(group => group !== all && group !== ungrouped)
    if (grouped && host.groups.delete(ungrouped)) ungrouped.hosts.delete(host)
    else if (!grouped) {
      host.groups.add(ungrouped)
      ungrouped.hosts.add(host)
    }
  }
}

/** The longest way from `all` to each group. Groups that hold themselves have no depth; each such circle is a fault. */
export function depths(draft: Draft): ReadonlyMap<DraftGroup, number> {
  const waiting = new Map([...draft.groups.values()].map(group => [group, group.parents.size]))
  const found = new Map<DraftGroup, number>()
  const ready = [...waiting].filter(([, parents]) => parents === 0).map(([group]) => group)
  for (const group of ready) found.set(group, 0)
  for (const group of ready) {
    const depth = (found.get(group) ?? 0) + 1
    for (const child of group.children.keys()) {
      found.set(child, Math.max(found.get(child) ?? 0, depth))
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) ready.push(child)
    }
  }
  const circling = new Set([...waiting].filter(([, parents]) => parents > 0).map(([group]) => group))
  for (const circle of circles(circling)) {
    // The line that closed the circle is the one to look at.
    const last = circle.reduce((newest, link) => (link.order > newest.order ? link : newest))
    draft.fault(
      `the group '${last.parent}' holds itself: ${[last.parent, ...circleFrom(circle, last)].join(' > ')}`,
      last.at(),
      'take one of these groups out of the other',
    )
  }
  return found
}

// Whatever is left has a parent that is left, too: going up must come round.
const circles = (left: ReadonlySet<DraftGroup>): readonly (readonly Link[])[] => {
  const done = new Set<DraftGroup>()
  const found: (readonly Link[])[] = []
  for (const start of left) {
    const way: DraftGroup[] = []
    const on = new Set<DraftGroup>()
    let here: DraftGroup | undefined = start
    while (here !== undefined && !done.has(here) && !on.has(here)) {
      way.push(here)
      on.add(here)
      here = [...here.parents].find(parent => left.has(parent))
    }
    if (here !== undefined && on.has(here)) {
      const circle = way.slice(way.indexOf(here))
      found.push(
        circle.flatMap((child, i) => {
          const link = (circle[i + 1] ?? here)?.children.get(child)
          return link === undefined ? [] : [link]
        }),
      )
    }
    for (const group of way) done.add(group)
  }
  return found
}

const circleFrom = (circle: readonly Link[], first: Link): readonly string[] => {
  const below = new Map(circle.map(link => [link.parent, link.child]))
  const names = [first.child]
  while (names.at(-1) !== first.parent && names.length <= circle.length)
    names.push(below.get(names.at(-1) ?? '') ?? first.parent)
  return names
}

/** A group and all below it, nearest first. */
export function descendants(group: DraftGroup): ReadonlySet<DraftGroup> {
  const found = new Set([group])
  for (const one of found) for (const child of one.children.keys()) found.add(child)
  return found
}
