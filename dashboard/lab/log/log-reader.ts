import type { FromLog, ToLog } from './replayed-log.ts'

type Read = Extract<FromLog, { kind: 'read' }>

/** Has a file read in a worker of its own. Rejects with why it is no log. */
export function readLog(file: File, onProgress: (share: number) => void): Promise<Read> {
  const worker = new Worker(new URL('./log-worker.ts', import.meta.url), { type: 'module' })
  const asked: ToLog = { file }
  return new Promise<Read>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FromLog>) => {
      if (data.kind === 'progress') onProgress(data.share)
      else if (data.kind === 'read') resolve(data)
      else reject(new Error(data.message))
    })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage(asked)
  }).finally(() => worker.terminate())
}
