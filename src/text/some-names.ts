/** The first of many names, and how many more there are: `a, b, c and 17 more`. */
export function someNames(names: readonly string[], limit = 5): string {
  // "and 1 more" is no shorter than the name itself.
  if (names.length <= limit + 1) return names.join(', ')
  return `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`
}
