import { type RecentRequests, mergeRequests, type RequestFilter } from '../http/recent.ts'
import type { RequestStory, RequestSummary } from '../http/kept-request.ts'
import type { Member } from './member.ts'

/** How long a thread may take to say what it remembers, in milliseconds; then it is done without. */
const PATIENCE = 500

/** What is asked about requests: all of a kind, or one. */
export type Recall =
  | { readonly filter: RequestFilter; readonly id?: undefined }
  | { readonly id: string; readonly filter?: undefined }

/** What a thread remembers. */
export interface Recalled {
  readonly requests: readonly RequestSummary[]
  readonly story: RequestStory | undefined
}

interface Question {
  readonly waiting: Set<Member>
  readonly answers: Recalled[]
  readonly over: () => void
}

/** Asks all threads what they remember of requests: whose connection had which is nobody else's business. */
export class RecentOfAll implements RecentRequests {
  private readonly members: () => readonly Member[]
  private readonly questions = new Map<number, Question>()
  private count = 0

  /** `members`: those who can answer. */
  constructor(members: () => readonly Member[]) {
    this.members = members
  }

  async list(filter: RequestFilter): Promise<RequestSummary[]> {
    const answers = await this.ask({ filter })
    return mergeRequests(
      answers.map(({ requests }) => requests),
      filter.limit,
    )
  }

  async find(id: string): Promise<RequestStory | undefined> {
    const stories = (await this.ask({ id })).flatMap(({ story }) => story ?? [])
    return stories.sort((a, b) => (a.time < b.time ? 1 : -1)).at(0)
  }

  receive(member: Member, round: number, answer: Recalled): void {
    this.questions.get(round)?.answers.push(answer)
    this.answered(member, round)
  }

  /** Nobody waits for one that is gone. */
  forget(member: Member): void {
    for (const round of this.questions.keys()) this.answered(member, round)
  }

  private async ask(recall: Recall): Promise<readonly Recalled[]> {
    const members = this.members()
    if (members.length === 0) return []
    const round = ++this.count
    const { promise, resolve } = Promise.withResolvers<void>()
    const question = { waiting: new Set(members), answers: [], over: resolve }
    this.questions.set(round, question)
    for (const member of members) member.post({ type: 'recall', round, recall })
    const timer = setTimeout(resolve, PATIENCE)
    await promise
    clearTimeout(timer)
    this.questions.delete(round)
    return question.answers
  }

  private answered(member: Member, round: number): void {
    const question = this.questions.get(round)
    if (question === undefined) return
    question.waiting.delete(member)
    if (question.waiting.size === 0) question.over()
  }
}

/** What this thread remembers of it. */
export async function recalled(recent: RecentRequests, { filter, id }: Recall): Promise<Recalled> {
  return {
    requests: filter === undefined ? [] : await recent.list(filter),
    story: id === undefined ? undefined : await recent.find(id),
  }
}
