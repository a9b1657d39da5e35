import { type Job, told } from './told.ts'

/** What of a worker's world is needed here; the compiler knows Node's only. */
declare const self: {
  addEventListener(type: 'message', listener: (event: { data: Job }) => void): void
  postMessage(text: string): void
}

self.addEventListener('message', ({ data }) => self.postMessage(told(data)))
