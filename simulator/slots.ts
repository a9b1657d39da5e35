import type { Scenario } from './scenario.ts'

/** Room for all servers that there can be at a time, counting those that left with requests in flight. */
export function slotsOf({ duration, events = [], servers }: Scenario): number {
  let slots = 0
  for (const { count = 1 } of servers) slots += count
  for (const each of events) {
    if (!('add' in each)) continue
    const times = each.every === undefined ? 1 : Math.ceil((duration - each.at) / each.every)
    slots += times * (each.add.count ?? 1)
  }
  return slots
}
