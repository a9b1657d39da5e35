import type { Errand } from './errand.ts'

/**
 * The errands under way, in order of sending, as a list through the errands themselves: joining and leaving cost no search, and who
 * has waited longest is the first. All of them have the same patience, so whose ends first is the first, too.
 */
export class Flight {
  first: Errand | undefined
  private last: Errand | undefined

  join(errand: Errand): void {
    errand.before = this.last
    if (this.last === undefined) this.first = errand
    else this.last.after = errand
    this.last = errand
  }

  leave(errand: Errand): void {
    const { after, before } = errand
    if (before === undefined) this.first = after
    else before.after = after
    if (after === undefined) this.last = before
    else after.before = before
    errand.before = undefined
    errand.after = undefined
  }
}
