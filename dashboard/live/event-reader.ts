/** One piece of news. */
export type Heard = (event: string, data: string) => void

/**
 * Reads Server-Sent Events (WHATWG HTML, section 9.2) from a `fetch`, since an `EventSource` cannot show a token. Resolves when the stream
 * ends; rejects if it breaks off, or with a `Refused` if there is none.
 */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  heard: Heard,
): Promise<void> {
  const answer = await fetch(url, { headers, cache: 'no-store' })
  if (!answer.ok || answer.body === null) {
    await answer.body?.cancel()
    throw new Refused(answer.status)
  }
  const parts = new EventParts(heard)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    parts.add(value)
  }
}

export class Refused extends Error {
  readonly status: number

  constructor(status: number) {
    super(`answered ${status}`)
    this.status = status
  }
}

/** Puts events together from pieces that end anywhere. Of lines it knows what the proxy sends: `event` and one `data`. */
export class EventParts {
  private rest = ''
  private readonly heard: Heard

  constructor(heard: Heard) {
    this.heard = heard
  }

  add(piece: string): void {
    const blocks = (this.rest + piece).split('\n\n')
    this.rest = blocks.pop()!
    for (const block of blocks) {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
      if (event !== undefined) this.heard(event, data)
    }
  }
}
