/** The machine's monotonic clock in milliseconds: the same in all its processes, so that they can agree about a moment. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
