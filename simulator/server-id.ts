import type { ServerSpec } from './scenario.ts'

/** What a server is called; `index`: how many there were before it. */
export function serverId({ count = 1, id }: ServerSpec, index: number): string {
  if (id === undefined) return `s${index + 1}`
  return count > 1 ? `${id}${index + 1}` : id
}
