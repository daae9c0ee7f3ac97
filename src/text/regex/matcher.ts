import { fold } from './classes.ts'
import type { Program } from './program.ts'

/** Called with the number of steps since the last call. Throws to stop the search. */
export type OnSteps = (steps: number) => void

const EVERY = 10_000
const MOST_WAYS_BACK = 2_000_000
const NONE = -1

/**
 * Runs a compiled program at positions of one text. It backtracks as Python's `re` does, so that both find the same matches.
 * Unlike JavaScript's RegExp it can be interrupted, and keeps groups of earlier iterations of a loop.
 */
export class Matcher {
  /** Start and end of the groups, by slot. */
  readonly slots: number[]
  private readonly steps: Program['steps']
  private readonly codes: ArrayLike<number>
  private readonly spend: OnSteps
  private spent = 0
  // Alternatives to try later: position in the program, in the text, length of the trail, lowest position of a run (or NONE).
  private readonly alternatives: number[] = []
  // Earlier values of slots, to restore when backtracking: slot, value.
  private readonly trail: number[] = []

  constructor(program: Program, codes: ArrayLike<number>, spend: OnSteps) {
    this.steps = program.steps
    this.slots = new Array<number>(program.slots).fill(NONE)
    this.codes = codes
    this.spend = spend
  }

  /** True when there is a match here; its end is `slots[1]`. `filled`: the match must not be empty. */
  at(place: number, how: { readonly filled: boolean }): boolean {
    this.undo(0)
    this.alternatives.length = 0
    const ended = this.run(0, place, how.filled ? place : NONE)
    if (ended === NONE) return false
    this.slots[0] = place
    this.slots[1] = ended
    return true
  }

  /** Reports the steps since the last report. */
  reportSteps(): void {
    this.spend(this.spent)
    this.spent = 0
  }

  private set(slot: number, value: number): void {
    this.trail.push(slot, this.slots[slot] as number)
    this.slots[slot] = value
  }

  private undo(length: number): void {
    while (this.trail.length > length) {
      const value = this.trail.pop() as number
      this.slots[this.trail.pop() as number] = value
    }
  }

  private way(step: number, place: number, least: number): void {
    if (this.alternatives.length > 4 * MOST_WAYS_BACK)
      throw new RangeError('the regular expression needs too much memory here')
    this.alternatives.push(step, place, this.trail.length, least)
  }

  /** The end of the match, or NONE. Alternatives of outer runs are kept. */
  private run(first: number, place: number, notAt: number): number {
    const { codes, steps } = this
    const length = codes.length
    const floor = this.alternatives.length
    let pc = first
    let at = place
    for (;;) {
      if (++this.spent >= EVERY) this.reportSteps()
      const step = steps[pc]
      let fine = true
      switch (step?.op) {
        case 'code':
          fine = at < length && codes[at] === step.code
          at++
          pc++
          break
        case 'one':
          fine = at < length && step.holds(codes[at] as number)
          at++
          pc++
          break
        case 'run': {
          const least = at + step.min
          const most = Math.min(length, at + step.max)
          let to = at
          while (to < most && step.holds(codes[to] as number)) to++
          this.spent += (to - at) >> 3
          fine = to >= least
          pc++
          if (fine && !step.keep && to > least) this.way(pc, to - 1, least)
          at = to
          break
        }
        case 'jump':
          pc = step.to
          break
        case 'either':
          this.way(step.second, at, NONE)
          pc = step.first
          break
        case 'save':
          this.set(step.slot, at)
          pc++
          break
        case 'at':
          fine = step.where(codes, at)
          pc++
          break
        case 'again': {
          const from = this.slots[2 * step.group] as number
          const to = this.slots[2 * step.group + 1] as number
          fine = from !== NONE && to !== NONE && this.same(from, to, at, step.fold)
          at += to - from
          this.spent += Math.max(0, to - from)
          pc++
          break
        }
        case 'look': {
          const mark = this.trail.length
          const found = at >= step.back && this.run(pc + 1, at - step.back, NONE) !== NONE
          if (step.negative) this.undo(mark)
          fine = found !== step.negative
          pc = step.after
          break
        }
        case 'atomic': {
          const to = this.run(pc + 1, at, NONE)
          fine = to !== NONE
          at = to
          pc = step.after
          break
        }
        case 'if':
          pc = this.slots[2 * step.group + 1] === NONE ? step.no : pc + 1
          break
        case 'begin':
          this.set(step.slot, 0)
          this.set(step.slot + 1, NONE)
          pc++
          break
        case 'loop': {
          const count = this.slots[step.slot] as number
          if (count < step.min) pc++
          // An iteration that matched nothing ends the loop.
          else if (count >= step.max || this.slots[step.slot + 1] === at) pc = step.after
          else if (step.lazy) {
            this.way(pc + 1, at, NONE)
            pc = step.after
          } else {
            this.way(step.after, at, NONE)
            pc++
          }
          break
        }
        case 'enter':
          this.set(step.slot, (this.slots[step.slot] as number) + 1)
          this.set(step.slot + 1, at)
          pc++
          break
        default:
          fine = at !== notAt
          if (fine) {
            this.alternatives.length = floor
            return at
          }
      }
      if (fine) continue
      if (this.alternatives.length === floor) return NONE
      const least = this.alternatives.pop() as number
      this.undo(this.alternatives.pop() as number)
      at = this.alternatives.pop() as number
      pc = this.alternatives.pop() as number
      if (least === NONE) continue
      // Backtrack only to positions where the next step can match.
      const next = steps[pc]
      if (next?.op === 'code') {
        const from = at
        while (at > least && codes[at] !== next.code) at--
        this.spent += (from - at) >> 3
      }
      if (at > least) this.way(pc, at - 1, least)
    }
  }

  private same(from: number, to: number, at: number, folds: boolean): boolean {
    if (at + to - from > this.codes.length) return false
    for (let i = 0; i < to - from; i++) {
      const [one, other] = [this.codes[from + i] as number, this.codes[at + i] as number]
      if (one !== other && !(folds && fold(one) === fold(other))) return false
    }
    return true
  }
}
