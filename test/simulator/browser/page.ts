import type { Job } from './told.ts'

/** Of a message the data, of an error the message. */
interface Told {
  readonly data: string
  readonly message: string
}

interface PageWorker {
  addEventListener(type: 'message' | 'error', listener: (event: Told) => void): void
  postMessage(job: Job): void
}

declare const Worker: new (url: URL, options: { type: 'module' }) => PageWorker
declare const window: { tell?: (jobs: readonly Job[]) => Promise<string[]> }

/** Has a worker tell one run after the other. */
window.tell = (jobs) =>
  new Promise((resolve, reject) => {
    // The bundler looks for exactly this form.
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    const texts: string[] = []
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.addEventListener('message', ({ data }) => {
      if (texts.push(data) === jobs.length) resolve(texts)
      else worker.postMessage(jobs[texts.length])
    })
    worker.postMessage(jobs[0])
  })
