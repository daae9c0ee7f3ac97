import type { ListrTaskObject, ListrTaskWrapper } from 'listr2'
import { paintWith } from '../text/colour.ts'
import type { Board, Row } from './live-view.ts'
import type { ReportOptions } from './report.ts'
import type { Screen, Size } from './screen.ts'
import { cut } from './text-width.ts'

type Listr2 = typeof import('listr2')
type Wrapper = Pick<ListrTaskWrapper<unknown, never, never>, 'title' | 'output'>
interface Place {
  readonly screen: Screen
  readonly options: ReportOptions
}

/** The board's rows as listr2's tasks. They do nothing but wait for the row's end: listr2 shows the run, it does not run it. */
export async function showBoard(board: Board, place: Place): Promise<void> {
  const listr2 = await import('listr2')
  const { Listr } = listr2
  const followed: (readonly [Row, Wrapper])[] = []
  // Told ten times a second, not with each event.
  const refresh = (size: Size) => {
    for (const [row, task] of followed) {
      task.title = row.title()
      task.output = row.output(size).join('\n')
    }
  }
  const tasks = board.rows.map(row => ({
    title: row.title(),
    task: async (_context: unknown, task: Wrapper) => {
      followed.push([row, task])
      if (!(await row.ended)) throw new Error(row.title())
    },
  }))
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    // Who stops a run is the command line's matter.
    registerSignalListeners: false,
    renderer: rendererFor(listr2, place, refresh),
  })
  await list.run()
}

/** listr2's own renderer draws every row at every event and keeps the loop busy; this one draws when the screen asks. */
function rendererFor(listr2: Listr2, { screen, options }: Place, refresh: (size: Size) => void) {
  const spinner = new listr2.Spinner()
  const paint = paintWith(options.colour)
  return class {
    static readonly nonTTY = true
    static readonly rendererOptions: Record<PropertyKey, never> = {}
    static readonly rendererTaskOptions: Record<PropertyKey, never> = {}
    readonly #tasks: readonly ListrTaskObject<unknown>[]

    constructor(tasks: readonly ListrTaskObject<unknown>[]) {
      this.#tasks = tasks
    }

    readonly render = () =>
      screen.show(size => {
        refresh(size)
        spinner.spin()
        return this.#tasks.flatMap(task => taskRows(task, size, iconOf(task)))
      })

    readonly end = () => screen.hide()
  }

  function iconOf(task: ListrTaskObject<unknown>): string {
    if (task.hasFailed()) return paint('red', listr2.figures.cross)
    return task.isCompleted() ? paint('green', listr2.figures.tick) : paint('cyan', spinner.fetch())
  }

  function taskRows({ title = '', output = '' }: ListrTaskObject<unknown>, { columns }: Size, icon: string) {
    const below = output === '' ? [] : output.split('\n').map(line => paint('dim', cut(`    ${line}`, columns - 1)))
    return [`${icon} ${cut(title, columns - 3)}`, ...below]
  }
}
