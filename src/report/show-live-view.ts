import type { ListrTaskObject, ListrTaskWrapper } from 'listr2'
import { paintWith } from '../text/colour.ts'
import type { LiveRow, LiveView } from './live-view.ts'
import type { ReportOptions } from './report.ts'
import type { Screen, Size } from './screen.ts'
import { cut } from './text-width.ts'

type Listr2 = typeof import('listr2')
type Wrapper = Pick<ListrTaskWrapper<unknown, never, never>, 'title' | 'output'>
interface ViewTarget {
  readonly screen: Screen
  readonly options: ReportOptions
}

/** Shows the rows as listr2 tasks that only wait for their row: listr2 displays the run, it executes nothing. */
export async function showLiveView(view: LiveView, place: ViewTarget): Promise<void> {
  const listr2 = await import('listr2')
  const { Listr } = listr2
  const followed: (readonly [LiveRow, Wrapper])[] = []
  // Called at each redraw, not at each event.
  const refresh = (size: Size) => {
    for (const [row, task] of followed) {
      task.title = row.title()
      task.output = row.output(size).join('\n')
    }
  }
  const tasks = view.rows.map(row => ({
    title: row.title(),
    task: async (_context: unknown, task: Wrapper) => {
      followed.push([row, task])
      if (!(await row.settled)) throw new Error(row.title())
    },
  }))
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    // Signals are handled by the command line.
    registerSignalListeners: false,
    renderer: rendererFor(listr2, place, refresh),
  })
  await list.run()
}

/** listr2's own renderer redraws every row at every event, which is slow with many hosts; this one draws when the screen asks. */
function rendererFor(listr2: Listr2, { screen, options }: ViewTarget, refresh: (size: Size) => void) {
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
