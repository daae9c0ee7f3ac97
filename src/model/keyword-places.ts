/** What a keyword may stand on. `import`: import_tasks, include_tasks and their kin for roles. */
export const places = [
  'play',
  'block',
  'task',
  'handler',
  'import',
  'meta',
  'role',
  'import_playbook',
  'handler import',
  'handler block',
] as const
export type Place = (typeof places)[number]
