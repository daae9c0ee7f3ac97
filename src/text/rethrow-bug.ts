/** In a `catch` for values that cannot be read: what is no such value but a bug goes on up. Node's own errors have a code. */
export function rethrowBug(error: unknown): void {
  if ((error instanceof TypeError || error instanceof ReferenceError) && !('code' in error)) throw error
}
