/** The admin API cannot be where it should; the message says why, and what would change that. */
export class ControlError extends Error {
  readonly code: string

  constructor(error: NodeJS.ErrnoException, place: string) {
    const advice = 'choose where with ADMIN_HOST and ADMIN_PORT or admin, or none with --no-admin'
    super(`the admin API cannot listen on ${place} (${error.code ?? error.message}): ${advice}`)
    this.code = error.code ?? 'failed'
  }
}
