/** The first names of a list and the number of the others: `a, b, c and 17 more`. */
export function someNames(names: readonly string[], limit = 5): string {
  // "and 1 more" would not be shorter than the name.
  if (names.length <= limit + 1) return names.join(', ')
  return `${names.slice(0, limit).join(', ')} and ${names.length - limit} more`
}
