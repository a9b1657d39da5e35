import { computed, signal } from '@preact/signals'
import type { Steering } from '../../../proxy/admin/steering.ts'
import type { ServerView } from '../../../proxy/control/shown-server.ts'
import { feed } from '../state.ts'

/** Where the token is kept: this tab alone, until it is closed. Nothing puts it anywhere else. */
const KEPT = 'evenkeel token'

/** Whether this page may act, and how it shows that it may. Undefined until it is known. */
export const steering = signal<Steering | undefined>(undefined)
export const token = signal(sessionStorage.getItem(KEPT) ?? '')

export const mayAct = computed(() => {
  const found = steering.value
  return found?.here === true && (!found.token || token.value !== '') && feed.news.value === 'live'
})

/** What operators want of servers, as it was last heard. */
export const wanted = signal<ReadonlyMap<string, ServerView>>(new Map())

/** Asks what this page may do, and begins to listen. */
export async function open(): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch('./steering', { cache: 'no-store' })
      if (answer.ok) steering.value = (await answer.json()) as Steering
      break
    } catch {
      // The proxy is away. Whether to show a token has to be known before anything else is asked.
      await new Promise((resolve) => setTimeout(resolve, 2000))
    }
  }
  void feed.connect(fields())
}

export function show(given: string): void {
  token.value = given
  sessionStorage.setItem(KEPT, given)
  feed.news.value = 'waiting'
  void feed.connect(fields())
}

export function forget(): void {
  token.value = ''
  sessionStorage.removeItem(KEPT)
}

function fields(): Record<string, string> {
  const found = steering.value
  const shown = found?.here === true && found.token && token.value !== ''
  return shown ? { authorization: `Bearer ${token.value}` } : {}
}

export interface Reply<T> {
  readonly status: number
  readonly body: T
  readonly tag: string | undefined
}

/** Why something was not done, in words for whoever asked. `conflict`: somebody else was faster. */
export class NotDone extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  get conflict(): boolean {
    return this.status === 412
  }
}

/** Asks the admin API, which is at the root of where this page is. Throws a `NotDone`. */
export async function ask<T>(
  method: string,
  path: string,
  { body, tag }: { readonly body?: unknown; readonly tag?: string | undefined } = {},
): Promise<Reply<T>> {
  // On the main port the same path would be a request to a server.
  if (steering.value?.here !== true) throw new NotDone(0, 'This page can only show.')
  const headers: Record<string, string> = { ...fields() }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (tag !== undefined) headers['if-match'] = tag
  let answer: Response
  try {
    const text = body === undefined ? null : JSON.stringify(body)
    answer = await fetch(path, { method, headers, body: text, cache: 'no-store' })
  } catch {
    throw new NotDone(
      0,
      'The proxy does not answer, so nothing is known of what became of this. What it served before, it may serve still.',
    )
  }
  const text = await answer.text()
  if (!answer.ok) throw new NotDone(answer.status, wordsOf(answer.status, text))
  const parsed = (text === '' ? undefined : JSON.parse(text)) as T
  return { status: answer.status, body: parsed, tag: answer.headers.get('etag') ?? undefined }
}

function wordsOf(status: number, text: string): string {
  let problems: readonly string[] = []
  try {
    problems = (JSON.parse(text) as { problems: readonly string[] }).problems
  } catch {
    // Somebody on the way has answered.
  }
  const why = problems.join('; ')
  if (status === 401)
    return 'The token is not the right one. Nothing was changed; the figures go on.'
  if (status === 412) return 'Somebody else has changed this meanwhile. Nothing was changed by you.'
  if (status === 404) return 'It is not there any more. Nothing was changed.'
  return `Not done${why === '' ? ` (${status})` : `: ${why}`}. Everything is as it was.`
}

/** What operators want, anew: after each change, and now and then. */
export async function look(): Promise<void> {
  if (!mayAct.value || document.hidden) return
  try {
    const { body } = await ask<{ servers: ServerView[] }>('GET', '/servers')
    wanted.value = new Map(body.servers.map((server) => [server.id, server]))
  } catch {
    // Only what is shown of it is older.
  }
}
