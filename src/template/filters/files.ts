import { text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'

export const fileFilters: Routines = {
  fileglob: routine({ pathname: text }, ({ pathname }, { options }) => {
    if (options.controller === undefined)
      throw new TypeError('fileglob cannot be used here: it looks at the controller')
    return options.controller.glob(pathname)
  }),
}
